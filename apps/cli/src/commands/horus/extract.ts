// `horus extract`: what a notebook carries, as files. All of them or none.

import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { formatPylock, quote, ThothError } from "@thoth/pep";
import { replaceFile } from "../../files/replace-file.ts";
import { flagOption, type Handler, type OptionValues, textOption } from "../../frame/command.ts";
import { shellWord } from "../../frame/printable.ts";
import { pipfileText } from "../../locks/pipfile-form.ts";
import { yamlText } from "../../locks/yaml-form.ts";
import { embeddedLock } from "../../notebook/embedded-lock.ts";
import { chooseKernelName } from "../../notebook/kernel-name.ts";
import { KEYS, objectAt } from "../../notebook/metadata-keys.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";

interface ExtractedFile {
  readonly content: "pipfile" | "pipfile-lock" | "thoth-config" | "pylock";
  readonly path: string;
  readonly text: string;
}

export const extractCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const path = notebookArgumentOf(invocation);
  const file = await openNotebook(invocation, path);
  const folder = textOption(options, "storeFilesPath") ?? ".";
  const inner = flagOption(options, "useOverlay")
    ? join(folder, "overlays", chooseKernelName(file.notebook, path, undefined))
    : folder;
  const files = filesOf(file, { options, folder, inner });
  if (files.length === 0) {
    throw new ThothError("lock-out-of-date", `${quote(path)} carries no requirements and no lock`, {
      hint: `Embed them with \`horus lock ${shellWord(path)}\`.`,
    });
  }
  if (!flagOption(options, "force")) await mustNotExist(files);
  await mkdir(inner, { recursive: true });
  for (const { path: place, text } of files) await replaceFile(place, text, { makeFolders: true });
  terminal.document({
    notebook: path,
    files: files.map(({ content, path: place }) => ({ content, path: place })),
  });
  terminal.result(files.map(({ path: place }) => place).join("\n"));
  return 0;
};

interface Places {
  readonly options: OptionValues;
  readonly folder: string;
  readonly inner: string;
}

function filesOf(file: NotebookFile, { options, folder, inner }: Places): ExtractedFile[] {
  const { metadata } = file.notebook;
  const wanted = ["pipfile", "pipfileLock", "thothConfig"].filter((name) => flagOption(options, name));
  const asPylock = options["format"] === "pylock";
  const wants = (name: string) => (wanted.length === 0 ? !asPylock : wanted.includes(name));
  const files: ExtractedFile[] = [];
  if (asPylock) files.push(pylockFile(file, inner));
  const pipfile = objectAt(metadata, KEYS.requirements);
  if (wants("pipfile") && pipfile !== undefined) {
    files.push({ content: "pipfile", path: join(inner, "Pipfile"), text: pipfileText(pipfile) });
  }
  const lock = objectAt(metadata, KEYS.lock);
  if (wants("pipfileLock") && lock !== undefined) {
    files.push({
      content: "pipfile-lock",
      path: join(inner, "Pipfile.lock"),
      text: `${JSON.stringify(lock, undefined, 4)}\n`,
    });
  }
  const config = objectAt(metadata, KEYS.config);
  if (wants("thothConfig") && config !== undefined) {
    files.push({ content: "thoth-config", path: join(folder, ".thoth.yaml"), text: yamlText(config) });
  }
  return files;
}

function pylockFile(file: NotebookFile, folder: string): ExtractedFile {
  const lock = embeddedLock(file.notebook, ["/"]);
  if (lock === undefined) {
    throw new ThothError("lock-out-of-date", `${quote(file.path)} has no lock`, {
      hint: `Make one with \`horus lock ${shellWord(file.path)}\`.`,
    });
  }
  return { content: "pylock", path: join(folder, "pylock.toml"), text: formatPylock(lock) };
}

async function mustNotExist(files: readonly ExtractedFile[]): Promise<void> {
  for (const { path } of files) {
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    throw new ThothError("usage", `${quote(path)} exists already`, {
      hint: "Overwrite it with --force, or name another folder with --store-files-path.",
      details: { path },
    });
  }
}
