// What a notebook asks for: what its metadata states, else what its code is found to need.

import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { type Discovery, discover, type JsonObject, metadataRequirements } from "@thoth/notebook";
import { parseRequirement, quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { readFileInput } from "../project/file-input.ts";
import { loadNested } from "../project/nested-file.ts";
import { EMPTY_INPUT, joinInputs, type ProjectInput } from "../project/project-input.ts";
import { installedModules } from "./installed-modules.ts";
import { KEYS, objectAt } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";

export interface NotebookRequirements {
  readonly origin: "metadata" | "code";
  readonly input: ProjectInput;
  /** The Python that the metadata asks for, such as `3.11`. */
  readonly python?: string | undefined;
  /** The object of the key `requirements`, when there is one. */
  readonly pipfile?: JsonObject | undefined;
  /** Entries of the metadata that are no requirements, one sentence each. */
  readonly unreadable?: readonly string[];
}

/** A lock that left out what the notebook asks for would be wrong. Throws invalid-requirement. */
export function mustBeReadable({ unreadable = [] }: NotebookRequirements): void {
  const [first] = unreadable;
  if (first === undefined) return;
  throw new ThothError("invalid-requirement", first, {
    hint: "Mend it with `horus requirements --remove` and `--add`.",
    ...(unreadable.length > 1 ? { details: { unreadable: unreadable.slice(0, 20) } } : {}),
  });
}

/** Throws invalid-notebook, limit-exceeded. */
export function statedRequirements({ notebook }: NotebookFile): NotebookRequirements | undefined {
  const read = metadataRequirements(notebook.metadata);
  const pipfile = objectAt(notebook.metadata, KEYS.requirements);
  if (read === undefined || pipfile === undefined) return undefined;
  const { remote, refused } = remotePlaces(read.sources.map(({ url }) => url));
  const [first, ...others] = remote;
  const input: ProjectInput = {
    ...EMPTY_INPUT,
    requirements: read.requirements.map(({ requirement, dev }) => ({
      requirement,
      group: "default",
      source: dev ? "the notebook's dev-packages" : "the notebook's metadata",
    })),
    places: {
      ...EMPTY_INPUT.places,
      ...(first === undefined ? {} : { indexUrl: first }),
      extraIndexUrls: others,
    },
    prerelease: allowsPrereleases(pipfile),
    warnings: [...read.warnings, ...refused],
  };
  return { origin: "metadata", input, python: read.pythonVersion, pipfile, unreadable: read.warnings };
}

/** A stranger's notebook sends nobody to files of this machine: those places the user must name. */
function remotePlaces(places: readonly string[]): {
  readonly remote: readonly string[];
  readonly refused: readonly string[];
} {
  const remote = places.filter((place) => /^https?:\/\//i.test(place));
  const refused = places.filter((place) => !remote.includes(place));
  return {
    remote,
    refused: refused.map(
      (place) =>
        `the notebook names the index ${quote(place)} of its own machine: left out unless you name it`,
    ),
  };
}

function allowsPrereleases(pipfile: JsonObject): boolean {
  const pipenv = objectAt(pipfile, "pipenv");
  return pipenv !== undefined && pipenv["allow_prereleases"] === true;
}

/** The Python that code is judged by where nothing names one. */
export const USUAL_PYTHON = "3.12";

/** What the code is found to need, judged as of a Python. */
export function discoverRequirements(
  file: NotebookFile,
  python: string,
  variables: Invocation["environment"],
): Discovery {
  return discover(file.notebook, {
    pythonVersion: python,
    isLocalModule: localModules(file.path),
    installed: installedModules(variables),
  });
}

/** The discovery as input, with the requirements files beside the notebook that its cells name. */
export function discoveredInput(
  path: string,
  discovery: Discovery,
  { environment }: Pick<Invocation, "environment">,
): ProjectInput {
  const { requirements, indexOptions, files, warnings } = discovery;
  const { noIndex, onlyBinary, noBinary, prereleases } = indexOptions;
  const index = remotePlaces(indexOptions.indexUrl === undefined ? [] : [indexOptions.indexUrl]);
  const extra = remotePlaces(indexOptions.extraIndexUrls);
  const links = remotePlaces(indexOptions.findLinks);
  const [indexUrl] = index.remote;
  const found: ProjectInput = {
    ...EMPTY_INPUT,
    requirements: requirements.map((text) => ({
      requirement: parseRequirement(text),
      group: "default",
      source: "the notebook's code",
    })),
    places: {
      ...(indexUrl === undefined ? {} : { indexUrl }),
      extraIndexUrls: extra.remote,
      findLinks: links.remote,
      noIndex,
      // Whom to trust without a certificate is not for a notebook to say.
      trustedHosts: [],
    },
    onlyBinary,
    noBinary,
    prerelease: prereleases,
    warnings: [...warnings, ...index.refused, ...extra.refused, ...links.refused],
  };
  const folder = dirname(resolve(path));
  const inputs = files.flatMap(({ path: named, constraints }) => {
    const place = resolve(folder, named);
    if (!existsSync(place) || !isBeside(folder, place)) return [];
    const input = readFileInput({ text: loadNested(place), name: named, environment });
    if (!constraints) return [input];
    return [
      { ...input, requirements: [], constraints: input.requirements.map(({ requirement }) => requirement) },
    ];
  });
  return joinInputs([found, ...inputs]);
}

/**
 * What a notebook asks for as far as it can be read, for whoever locks nothing: its code is looked at where its metadata
 * states nothing. Throws invalid-notebook, limit-exceeded.
 */
export function readableRequirements(
  invocation: Pick<Invocation, "environment">,
  file: NotebookFile,
  python = USUAL_PYTHON,
): NotebookRequirements {
  const stated = statedRequirements(file);
  if (stated !== undefined) return stated;
  const discovery = discoverRequirements(file, python, invocation.environment);
  return { origin: "code", input: discoveredInput(file.path, discovery, invocation) };
}

/** A stranger's notebook reads nothing of this machine but what lies in its own folder. */
function isBeside(folder: string, place: string): boolean {
  const way = relative(realpathSync(folder), realpathSync(place));
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

/** Whether a module lies beside the notebook: `name.py`, a folder with Python in it, or an extension module. */
export function localModules(path: string): (name: string) => boolean {
  const folder = dirname(resolve(path));
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const entry of entriesOf(folder)) {
    if (entry.isDirectory() || entry.isSymbolicLink()) folders.add(entry.name);
    const module = /^([^.]+)(?:\.[\w-]+)?\.(?:py|pyx|pyd|so)$/.exec(entry.name)?.[1];
    if (module !== undefined && !entry.isDirectory()) files.add(module);
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
