// `horus discover`: what a notebook's code needs, and from which evidence.

import { join } from "node:path";
import type { Discovery } from "@thoth/notebook";
import { parseRequirement, quote, ThothError } from "@thoth/pep";
import { replaceFile } from "../../files/replace-file.ts";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { pipfileText } from "../../locks/pipfile-form.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { discoverRequirements } from "../../notebook/notebook-requirements.ts";
import { pipfileObject } from "../../notebook/pipfile-metadata.ts";
import { questionText } from "../../notebook/tell-notebook.ts";
import { minorOf } from "../../project/target.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

/** Assumed where no Python was named and none is on this machine. */
const USUAL_PYTHON = "3.12";

export const discoverCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const file = await openNotebook(invocation, notebookArgumentOf(invocation));
  const python = await pythonOf(invocation);
  const discovery = discoverRequirements(file, python, invocation.environment);
  tellDiscovery(invocation, file.path, discovery);
  for (const text of [...file.notebook.repaired, ...discovery.warnings]) terminal.warn(text);
  if (!flagOption(options, "showOnly")) await writeFound(invocation, discovery, python);
  terminal.document(discovery);
  return 0;
};

async function writeFound(invocation: Invocation, discovery: Discovery, python: string): Promise<void> {
  const { options, environment } = invocation;
  const folder = textOption(options, "storeFilesPath") ?? ".";
  const settings = readIndexSettings(options, environment);
  await writePipfile(invocation, join(folder, "Pipfile"), {
    discovery,
    python,
    indexes: settings.indexUrl === undefined ? [] : [settings.indexUrl],
  });
}

async function pythonOf({ options, environment }: Invocation): Promise<string> {
  const asked = textOption(options, "pythonVersion");
  if (asked !== undefined && /^\d+\.\d+(\.\d+)?$/.test(asked.trim())) return minorOf(asked.trim());
  const { selectInterpreter } = await import("@thoth/environment");
  const { cacheDirectory } = readIndexSettings(options, environment);
  try {
    const interpreter = await selectInterpreter({ pythonVersion: asked }, { cacheDirectory });
    return minorOf(interpreter.version);
  } catch (error) {
    // Discovery needs no interpreter, only the year of the standard library.
    if (asked === undefined && error instanceof ThothError && error.code === "interpreter-not-found")
      return USUAL_PYTHON;
    throw error;
  }
}

function tellDiscovery({ terminal }: Invocation, path: string, discovery: Discovery): void {
  const { requirements, questions, imports, skipped } = discovery;
  if (requirements.length === 0) terminal.note("the code needs no package beyond Python itself");
  else terminal.result(requirements.map(printable).join("\n"));
  const aside = imports.filter(({ kind }) => ["local", "written", "platform"].includes(kind));
  for (const { module, kind } of aside) terminal.trace(`${module} is ${kind}`);
  for (const { module, candidates } of questions) terminal.warn(questionText(path, module, candidates));
  for (const { cell, reason } of skipped) terminal.warn(`cell ${cell + 1}: ${reason}`);
}

interface Writing {
  readonly discovery: Discovery;
  readonly python: string;
  readonly indexes: readonly string[];
}

async function writePipfile(
  { terminal, options }: Invocation,
  path: string,
  writing: Writing,
): Promise<void> {
  const packages = writing.discovery.requirements.map((text) => parseRequirement(text));
  const text = pipfileText(pipfileObject({ packages, indexes: writing.indexes, python: writing.python }));
  const { access } = await import("node:fs/promises");
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !flagOption(options, "force")) {
    throw new ThothError("usage", `${quote(path)} exists already`, {
      hint: "Overwrite it with --force, or look only with --show-only.",
      details: { path },
    });
  }
  await replaceFile(path, text, { makeFolders: true });
  terminal.note(`written to ${path}`);
}
