// `horus save`: files that extract or another tool wrote, embedded in a notebook.

import { access } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@thoth/notebook";
import { parsePipfile, parsePylock, pylockToJson, quote, ThothError } from "@thoth/pep";
import { readGivenText } from "../../files/read-file.ts";
import { flagOption, type Handler, type OptionValues, textOption } from "../../frame/command.ts";
import { readConfigYaml } from "../../locks/yaml-form.ts";
import { chooseKernelName } from "../../notebook/kernel-name.ts";
import { isObject, KEYS, objectIn, valueAt } from "../../notebook/metadata-keys.ts";
import {
  changeNotebook,
  type NotebookFile,
  notebookArgumentOf,
  writeMetadata,
} from "../../notebook/notebook-file.ts";
import { pipfileDigest } from "../../notebook/pipfile-metadata.ts";
import { setKernelEdit } from "../../notebook/set-kernel.ts";

type Content = "pipfile" | "pipfile-lock" | "thoth-config" | "pylock";

interface Given {
  readonly content: Content;
  readonly path: string;
  readonly key: string;
  readonly value: JsonValue;
}

export const saveCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const path = notebookArgumentOf(invocation);
  const folder = textOption(options, "saveFilesPath") ?? ".";
  return changeNotebook(invocation, path, async (file) => {
    const given = await readFiles(file, folder, options);
    if (!flagOption(options, "force")) mustBeFree(file, given);
    warnOfMismatch(given, (message) => terminal.warn(message));
    const name = chooseKernelName(file.notebook, path, textOption(options, "kernelName"));
    const edits = new Map<string, JsonValue | undefined>([
      [KEYS.engine, textOption(options, "resolutionEngine") ?? "thoth"],
      ...given.map(({ key, value }): [string, JsonValue] => [key, value]),
      ...setKernelEdit(file.notebook, name),
    ]);
    const { changed } = await writeMetadata(file, edits);
    terminal.document({
      notebook: path,
      changed,
      files: given.map(({ content, path: place }) => ({ content, path: place })),
    });
    terminal.result(`embedded ${given.map(({ path: place }) => place).join(", ")}`);
    return 0;
  });
};

async function readFiles(file: NotebookFile, folder: string, options: OptionValues): Promise<Given[]> {
  const wanted = ["pipfile", "pipfileLock", "thothConfig"].filter((name) => flagOption(options, name));
  const reads: [Content, string, string, (path: string) => Promise<Pick<Given, "key" | "value">>][] = [
    ["pipfile", "pipfile", "Pipfile", readPipfile],
    ["pipfile-lock", "pipfileLock", "Pipfile.lock", readPipfileLock],
    ["thoth-config", "thothConfig", ".thoth.yaml", readConfig],
    ["pylock", "pylock", "pylock.toml", (path) => readPylock(file, path)],
  ];
  const given: Given[] = [];
  for (const [content, option, name, read] of reads) {
    const path = join(folder, name);
    if (wanted.length > 0 ? !wanted.includes(option) : !(await exists(path))) continue;
    given.push({ content, path, ...(await read(path)) });
  }
  if (given.length > 0) return given;
  throw new ThothError("usage", `${quote(folder)} has no Pipfile, Pipfile.lock, pylock.toml or .thoth.yaml`, {
    hint: "Name their folder with --save-files-path.",
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The Pipfile's own values, so that its digest stays what pipenv computes. */
async function readPipfile(path: string): Promise<Pick<Given, "key" | "value">> {
  const { hashText } = parsePipfile(await readGivenText(path), path);
  const hashed = JSON.parse(hashText) as {
    _meta: { sources: JsonValue; requires: JsonValue };
    default: JsonValue;
    develop: JsonValue;
  };
  const pipfile: JsonObject = {
    packages: hashed.default,
    "dev-packages": hashed.develop,
    source: hashed._meta.sources,
    requires: hashed._meta.requires,
  };
  return { key: KEYS.requirements, value: JSON.stringify(pipfile) };
}

async function readPipfileLock(path: string): Promise<Pick<Given, "key" | "value">> {
  const text = await readGivenText(path);
  const { parsePipfileLock } = await import("@thoth/pep");
  parsePipfileLock(text, path);
  return { key: KEYS.lock, value: JSON.stringify(JSON.parse(text)) };
}

async function readConfig(path: string): Promise<Pick<Given, "key" | "value">> {
  return { key: KEYS.config, value: JSON.stringify(readConfigYaml(await readGivenText(path), path)) };
}

/** Beside the lock the advice of another one would be a lie. */
async function readPylock({ notebook }: NotebookFile, path: string): Promise<Pick<Given, "key" | "value">> {
  const lock = pylockToJson(parsePylock(await readGivenText(path))) as JsonObject;
  const before = objectIn(notebook.metadata, KEYS.thoth);
  const same = before !== undefined && JSON.stringify(valueAt(before, "lock")) === JSON.stringify(lock);
  return { key: KEYS.thoth, value: same ? before : { version: 1, lock } };
}

function mustBeFree({ notebook }: NotebookFile, given: readonly Given[]): void {
  for (const { key, path, value } of given) {
    const before = valueAt(notebook.metadata, key);
    if (before === undefined || before === "" || JSON.stringify(before) === JSON.stringify(value)) continue;
    throw new ThothError("usage", `the notebook carries another ${quote(key)} already`, {
      hint: `Replace it by ${path} with --force.`,
      details: { key },
    });
  }
}

function warnOfMismatch(given: readonly Given[], warn: (message: string) => void): void {
  const pipfile = parsed(given.find(({ content }) => content === "pipfile"));
  const lock = parsed(given.find(({ content }) => content === "pipfile-lock"));
  if (pipfile === undefined || lock === undefined) return;
  const hash = objectIn(objectIn(lock, "_meta"), "hash");
  if (hash?.["sha256"] !== pipfileDigest(pipfile))
    warn("the Pipfile.lock was not made from this Pipfile: its hash is another");
}

function parsed(given: Given | undefined): JsonObject | undefined {
  if (given === undefined || typeof given.value !== "string") return undefined;
  const value: unknown = JSON.parse(given.value);
  return isObject(value) ? value : undefined;
}
