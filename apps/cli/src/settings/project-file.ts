// `.thoth.yaml`: what a project says of the service it asks and of where it is to run, in the words of the original's client. It may be
// a stranger's: it is read within bounds, runs nothing, and names nothing that is asked without the user's word.

import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { JsonObject, JsonValue } from "@thoth/notebook";
import { quote, systemPlatform, ThothError } from "@thoth/pep";
import { readGivenText } from "../files/read-file.ts";
import { isObject } from "../notebook/metadata-keys.ts";

export const PROJECT_FILE = ".thoth.yaml";
export const RECOMMENDATION_TYPES = ["latest", "stable", "testing", "security", "performance"];

export interface ProjectFile {
  readonly path: string;
  /** As it stands there; nobody has trusted it yet. */
  readonly service: string | undefined;
  readonly recommendationType: string | undefined;
  readonly pythonVersion: string | undefined;
  /** A platform tag. */
  readonly platform: string | undefined;
  /** What rules are told of where the stack runs. */
  readonly facts: JsonObject;
  /** Names of its environments, that which counts the first. */
  readonly environments: readonly string[];
  /** Keys that are there, and change nothing. */
  readonly unused: readonly string[];
}

const MOST_BYTES = 256 * 1024;

/** Facts of an environment that rules may ask for, and which of their parts. */
const FACTS: Readonly<Record<string, readonly string[] | undefined>> = {
  operating_system: ["name", "version"],
  hardware: ["cpu_family", "cpu_model", "gpu_model", "cpu_flags"],
  cuda_version: undefined,
  cudnn_version: undefined,
  openblas_version: undefined,
  openmpi_version: undefined,
  mkl_version: undefined,
  base_image: undefined,
  labels: undefined,
};

/** In this folder, or the nearest above it up to the root of its repository. */
export function findProjectFile(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const folders = [folder];
  for (let at = folder; !existsSync(join(at, ".git")); ) {
    const above = dirname(at);
    // Outside of a repository nobody says where the project ends.
    if (above === at) return fileIn(folder, folder);
    folders.push(above);
    at = above;
  }
  return folders.map((each) => fileIn(each, folder)).find((path) => path !== undefined);
}

function fileIn(folder: string, from: string): string | undefined {
  const path = join(folder, PROJECT_FILE);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return relative(from, path);
}

/** With the environment of that name, else the first. Throws as `parseProjectFile`, limit-exceeded. */
export async function readProjectFile(path: string, name?: string): Promise<ProjectFile> {
  return await parseProjectFile(await readGivenText(path, MOST_BYTES), path, name);
}

/** Throws invalid-project, and usage where it has no environment of that name. */
export async function parseProjectFile(text: string, path: string, name?: string): Promise<ProjectFile> {
  const { readConfigYaml } = await import("../locks/yaml-form.ts");
  const { host, runtime_environments: given, ...others } = readConfigYaml(text, path);
  const environments = environmentsOf(given ?? [], path);
  const at = name === undefined ? 0 : environments.findIndex((one) => one["name"] === name);
  if (at === -1)
    throw new ThothError("usage", `${quote(path)} has no environment of the name ${quote(name ?? "")}`);
  const chosen = new Reading(environments[at] ?? {}, path);
  const whole = new Reading(others, path);
  const usual = whole.type();
  const platform = chosen.platform();
  const read = {
    path,
    service: typeof host === "string" && host.trim() !== "" ? host.trim() : undefined,
    recommendationType: chosen.type() ?? usual,
    pythonVersion: chosen.python(),
    platform,
    facts: chosen.facts(),
    environments: namesOf([...environments.slice(at, at + 1), ...environments.toSpliced(at, 1)]),
  };
  const isHostUnused = host !== undefined && host !== null && read.service === undefined;
  return { ...read, unused: [...(isHostUnused ? ["host"] : []), ...whole.unused(), ...chosen.unused()] };
}

function environmentsOf(value: JsonValue, path: string): readonly JsonObject[] {
  if (Array.isArray(value) && value.every(isObject)) return value as readonly JsonObject[];
  throw new ThothError(
    "invalid-project",
    `\`runtime_environments\` of ${quote(path)} is no list of mappings`,
    {
      hint: "Write each environment as `- name: …`.",
      details: { path },
    },
  );
}

function namesOf(environments: readonly JsonObject[]): string[] {
  return environments.map(({ name }) => name).filter((name) => typeof name === "string");
}

/** Takes what is known out of a mapping. */
class Reading {
  readonly #values: JsonObject;
  readonly #path: string;
  readonly #used = new Set<string>(["name"]);

  constructor(values: JsonObject, path: string) {
    this.#values = values;
    this.#path = path;
  }

  type(): string | undefined {
    const type = this.#text("recommendation_type", "security");
    if (type === undefined || RECOMMENDATION_TYPES.includes(type)) return type;
    throw this.#wrong(
      `${quote(type)} is no type of recommendation`,
      `Write one of ${RECOMMENDATION_TYPES.join(", ")}.`,
    );
  }

  python(): string | undefined {
    const version = this.#text("python_version", "3.12");
    if (version === undefined || /^\d{1,2}\.\d{1,3}(\.\d{1,3})?$/.test(version)) return version;
    throw this.#wrong(`${quote(version)} is no version of Python`, 'Write it as python_version: "3.12".');
  }

  platform(): string | undefined {
    const platform = this.#text("platform", "linux-x86_64");
    const { operating_system: system } = this.#values;
    const { name, version } = isObject(system) ? system : {};
    const named = typeof name === "string" && typeof version === "string" ? { name, version } : undefined;
    if (platform === undefined && named === undefined) return undefined;
    try {
      return systemPlatform(platform ?? "linux-x86_64", named);
    } catch (error) {
      throw this.#wrong((error as Error).message, "Write it as platform: linux-x86_64, or leave it out.");
    }
  }

  facts(): JsonObject {
    const told = Object.entries(FACTS).flatMap(([key, parts]) => {
      const value = this.#take(key);
      if (value === undefined) return [];
      const known = parts === undefined || !isObject(value) ? value : partsOf(value, parts);
      return [[key, known] as const];
    });
    return Object.fromEntries(told);
  }

  unused(): readonly string[] {
    return Object.keys(this.#values).filter((key) => !this.#used.has(key));
  }

  #text(key: string, example: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrong(`\`${key}\` is not a text`, `Write it in quotes: ${key}: "${example}".`);
  }

  #take(key: string): JsonValue | undefined {
    this.#used.add(key);
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined;
  }

  #wrong(what: string, hint: string): ThothError {
    return new ThothError("invalid-project", `${quote(this.#path)}: ${what}`, {
      hint,
      details: { path: this.#path },
    });
  }
}

function partsOf(value: JsonObject, parts: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => parts.includes(key)));
}
