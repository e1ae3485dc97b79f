// What a notebook asks for: what its metadata states, else what its code is found to need.

import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Discovery } from "@thoth/notebook";
import { parseRequirement, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { EMPTY_INPUT, type ProjectInput } from "../project/project-input.ts";
import { readFileInput } from "../project/file-input.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { KEYS, objectAt } from "./metadata-keys.ts";
import { type PipfileMetadata, readPipfileMetadata } from "./pipfile-metadata.ts";

export interface NotebookRequirements {
  readonly origin: "metadata" | "code";
  readonly input: ProjectInput;
  /** The Python that the metadata asks for, such as `3.11`. */
  readonly python?: string | undefined;
  /** The object of the key `requirements`, when there is one. */
  readonly pipfile?: PipfileMetadata | undefined;
}

/** Throws invalid-notebook, invalid-requirement. */
export function statedRequirements({ notebook }: NotebookFile): NotebookRequirements | undefined {
  const object = objectAt(notebook.metadata, KEYS.requirements);
  if (object === undefined) return undefined;
  const pipfile = readPipfileMetadata(object);
  return { origin: "metadata", input: pipfile.input, python: pipfile.python, pipfile };
}

/** What the code is found to need, judged as of a Python. */
export async function discoverRequirements(file: NotebookFile, python: string): Promise<Discovery> {
  const { discover } = await import("@thoth/notebook");
  return discover(file.notebook, { pythonVersion: python, isLocalModule: localModules(file.path) });
}

export function discoveredInput(discovery: Discovery, { environment }: Invocation): ProjectInput {
  const requirements = discovery.requirements.map((text) => ({
    requirement: parseRequirement(text),
    group: "default",
    source: "the notebook's code",
  }));
  const places = discovery.indexOptions === undefined ? EMPTY_INPUT.places : placesOf(discovery, environment);
  return { ...EMPTY_INPUT, requirements, places, warnings: discovery.warnings };
}

/** Options of pip that stand in cells. */
function placesOf({ indexOptions }: Discovery, environment: Invocation["environment"]): ProjectInput["places"] {
  const lines: string[] = [];
  const { indexUrl, extraIndexUrls = [], findLinks = [] } = indexOptions ?? {};
  if (indexUrl !== undefined) lines.push(`--index-url ${indexUrl}`);
  for (const url of extraIndexUrls) lines.push(`--extra-index-url ${url}`);
  for (const place of findLinks) lines.push(`--find-links ${place}`);
  return readFileInput({ text: lines.join("\n"), name: "the notebook's cells", environment }).places;
}

/** Whether a module lies beside the notebook: `name.py`, a folder with Python in it, or an extension module. */
export function localModules(path: string): (name: string) => boolean {
  const folder = dirname(resolve(path));
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const entry of entriesOf(folder)) {
    if (entry.isDirectory() || entry.isSymbolicLink()) folders.add(entry.name);
    if (!entry.isDirectory()) files.add(entry.name.replace(/\.(py|pyx|pyd|so|[\w-]+\.(pyd|so))$/, ""));
  }
  const known = new Map<string, boolean>();
  return (name) => {
    let local = known.get(name);
    if (local === undefined) {
      local = files.has(name) || (folders.has(name) && holdsPython(`${folder}/${name}`));
      known.set(name, local);
    }
    return local;
  };
}

function holdsPython(folder: string): boolean {
  return entriesOf(folder).some(({ name }) => name.endsWith(".py"));
}

const MOST_ENTRIES = 50_000;

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).slice(0, MOST_ENTRIES);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return [];
    throw error;
  }
}

/** Throws unsupported-language for what is no Python notebook. */
export function mustBePython({ notebook }: NotebookFile): void {
  if (notebook.language === "python") return;
  throw new ThothError("unsupported-language", `the notebook is written in \`${notebook.language}\`, not in Python`);
}
