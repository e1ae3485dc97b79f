// `horus show`: what a notebook carries.

import type { JsonObject, Notebook } from "@thoth/notebook";
import { flagOption, type Handler, type Invocation } from "../../frame/command.ts";
import { printable, printableLines } from "../../frame/printable.ts";
import { pipfileText } from "../../locks/pipfile-form.ts";
import { yamlText } from "../../locks/yaml-form.ts";
import { adviceOf } from "../../notebook/embedded-lock.ts";
import {
  engineOf,
  isObject,
  KEYS,
  objectAt,
  objectIn,
  textAt,
  textIn,
  textsIn,
} from "../../notebook/metadata-keys.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";

interface Carried {
  readonly kernel: string | undefined;
  readonly engine: string | undefined;
  readonly analysis: string | undefined;
  readonly pipfile: JsonObject | undefined;
  readonly pipfileLock: JsonObject | undefined;
  readonly config: JsonObject | undefined;
  readonly lock: JsonObject | undefined;
  readonly advice: JsonObject | undefined;
}

export const showCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const path = notebookArgumentOf(invocation);
  const { notebook } = await openNotebook(invocation, path);
  const carried = readCarried(notebook);
  terminal.document({
    notebook: path,
    kernel: carried.kernel ?? null,
    engine: carried.engine ?? null,
    analysis: carried.analysis ?? null,
    pipfile: carried.pipfile ?? null,
    "pipfile-lock": carried.pipfileLock ?? null,
    "thoth-config": carried.config ?? null,
    lock: carried.lock ?? null,
    advice: carried.advice ?? null,
  });
  terminal.result(describe(invocation, carried));
  return 0;
};

function readCarried(notebook: Notebook): Carried {
  const { metadata } = notebook;
  return {
    kernel: textIn(objectIn(metadata, KEYS.kernel), "name"),
    engine: engineOf(notebook),
    analysis: textAt(metadata, KEYS.analysis),
    pipfile: objectAt(metadata, KEYS.requirements),
    pipfileLock: objectAt(metadata, KEYS.lock),
    config: objectAt(metadata, KEYS.config),
    lock: objectIn(objectIn(metadata, KEYS.thoth), "lock"),
    advice: adviceOf(notebook),
  };
}

function describe({ options, terminal }: Invocation, carried: Carried): string {
  const wanted = ["pipfile", "pipfileLock", "thothConfig"].filter((name) => flagOption(options, name));
  const all = wanted.length === 0;
  const shows = (name: string) => all || wanted.includes(name);
  const heading = (text: string) => terminal.style("bold", text);
  const parts: string[] = [];
  if (all) parts.push(summary(carried));
  if (shows("pipfile")) {
    parts.push(
      heading("Pipfile"),
      carried.pipfile === undefined
        ? "none in the notebook"
        : printableLines(pipfileText(carried.pipfile)).trimEnd(),
    );
  }
  if (shows("pipfileLock")) {
    const text =
      carried.pipfileLock === undefined
        ? "none in the notebook"
        : printableLines(JSON.stringify(carried.pipfileLock, undefined, 4));
    parts.push(heading("Pipfile.lock"), all ? shortened(carried) : text);
  }
  if (shows("thothConfig")) {
    parts.push(
      heading(".thoth.yaml"),
      carried.config === undefined
        ? "none in the notebook"
        : printableLines(yamlText(carried.config)).trimEnd(),
    );
  }
  return parts.join("\n");
}

function summary({ kernel, engine, analysis, lock, advice }: Carried): string {
  const packages = lock?.["packages"];
  const names = Array.isArray(packages) ? packages.map((item) => (isObject(item) ? item["name"] : item)) : [];
  const count = new Set(names).size;
  const environments = textsIn(advice, "environments");
  const lines = [
    `kernel    ${kernel ?? "none named"}`,
    `engine    ${engine ?? "none named"}`,
    ...(analysis === undefined ? [] : [`analysis  ${analysis}`]),
    ...(environments.length === 0 ? [] : [`for       ${environments.join(", ")}`]),
    `lock      ${lock === undefined ? "none" : `${count} packages, as of ${textIn(advice, "as_of") ?? "an unknown date"}, ${textIn(advice, "proof") ?? "of unknown proof"}`}`,
  ];
  return lines.map(printable).join("\n");
}

/** Hundreds of hashes help nobody: names and versions alone. */
function shortened({ pipfileLock }: Carried): string {
  if (pipfileLock === undefined) return "none in the notebook";
  const lines: string[] = [];
  for (const category of ["default", "develop"]) {
    for (const [name, entry] of Object.entries(objectIn(pipfileLock, category) ?? {})) {
      lines.push(`${name}${isObject(entry) ? (textIn(entry, "version") ?? "") : ""}`);
    }
  }
  return lines.length === 0 ? "no packages" : lines.map(printable).join("\n");
}
