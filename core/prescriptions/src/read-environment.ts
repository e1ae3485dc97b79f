// What a request tells of where its stack is to run, in the words of the original's configuration (`runtime_environments`
// of `.thoth.yaml`) and of what its images are known to hold.

import { normalizeName, parseVersion, quote, ThothError, type Version } from "@thoth/pep";
import type { Hardware, InstalledPackage, RpmPackage, RuntimeEnvironment } from "./context.ts";

export interface ToldEnvironment {
  /** But for Python, which the request has of its own. */
  readonly environment: Omit<RuntimeEnvironment, "pythonVersion">;
  readonly labels: Readonly<Record<string, string>>;
  /** `3.12`, where it is told. */
  readonly pythonVersion: string | undefined;
}

const SOFTWARE = {
  cuda_version: "cudaVersion",
  cudnn_version: "cudnnVersion",
  openblas_version: "openblasVersion",
  openmpi_version: "openmpiVersion",
  mkl_version: "mklVersion",
} as const;

const RPM_TEXTS = ["arch", "epoch", "identifier", "version", "release"] as const;

/** Of a value of JSON or YAML; null stands for what is left out. Throws usage, with the place. */
export function readRuntimeEnvironment(value: unknown): ToldEnvironment {
  const table = new Table(value, "the environment");
  const versions = Object.entries(SOFTWARE).map(([key, name]) => [name, table.version(key)] as const);
  const system = table.table("operating_system");
  const hardware = table.table("hardware");
  const environment: RuntimeEnvironment = {
    ...Object.fromEntries(versions.filter(([, version]) => version !== undefined)),
    operatingSystem: system && { name: system.text("name"), version: system.text("version") },
    platform: table.text("platform"),
    baseImage: table.text("base_image"),
    hardware: hardware && hardwareOf(hardware),
    abiSymbols: table.texts("abi"),
    rpmPackages: table.tables("rpm_packages")?.map(rpmOf),
    pythonPackages: table.tables("python_packages")?.map(packageOf),
  };
  const labels = table.table("labels");
  const told = {
    environment,
    labels: Object.fromEntries((labels?.keys ?? []).map((key) => [key, labels?.needed(key) ?? ""])),
    pythonVersion: table.version("python_version")?.text,
  };
  // Names of environments, and what the command line says of them.
  for (const key of ["name", "recommendation_type"]) table.text(key);
  for (const one of [table, system, hardware]) one?.mustBeRead();
  return told;
}

function hardwareOf(table: Table): Hardware {
  return {
    cpuFamily: table.number("cpu_family"),
    cpuModel: table.number("cpu_model"),
    gpuModel: table.text("gpu_model"),
    cpuFlags: table.texts("cpu_flags"),
  };
}

function rpmOf(table: Table): RpmPackage {
  const texts = RPM_TEXTS.map((key) => [key, table.text(key)] as const);
  const found = { ...Object.fromEntries(texts), name: table.needed("name"), src: table.flag("src") };
  table.mustBeRead();
  return found;
}

function packageOf(table: Table): InstalledPackage {
  const found = {
    name: normalizeName(table.needed("name")),
    version: table.neededVersion("version"),
    location: table.text("location"),
  };
  table.mustBeRead();
  return found;
}

/** A mapping of which every key must be known. */
class Table {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #read = new Set<string>();

  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new ThothError("usage", `${where} is no mapping`);
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#where = where;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  text(key: string): string | undefined {
    const value = this.#get(key);
    if (value !== undefined && typeof value !== "string") throw this.#wrong(key, "a text");
    return value;
  }

  needed(key: string): string {
    const text = this.text(key);
    if (text === undefined || text === "") throw this.#wrong(key, "a text");
    return text;
  }

  flag(key: string): boolean | undefined {
    const value = this.#get(key);
    if (value !== undefined && typeof value !== "boolean") throw this.#wrong(key, "true or false");
    return value;
  }

  number(key: string): number | undefined {
    const value = this.#get(key);
    if (value !== undefined && !Number.isSafeInteger(value)) throw this.#wrong(key, "a whole number");
    return value as number | undefined;
  }

  version(key: string): Version | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return parseVersion(text);
    } catch (cause) {
      throw this.#wrong(key, "a version", cause);
    }
  }

  neededVersion(key: string): Version {
    this.needed(key);
    return this.version(key) as Version;
  }

  texts(key: string): ReadonlySet<string> | undefined {
    const list = this.#list(key);
    if (list?.every((item) => typeof item === "string") === false) throw this.#wrong(key, "a list of texts");
    return list && new Set(list as string[]);
  }

  table(key: string): Table | undefined {
    const value = this.#get(key);
    return value === undefined ? undefined : new Table(value, quote(key));
  }

  tables(key: string): readonly Table[] | undefined {
    return this.#list(key)?.map((item) => new Table(item, `an entry of ${quote(key)}`));
  }

  mustBeRead(): void {
    const unknown = this.keys.find((key) => !this.#read.has(key));
    if (unknown === undefined) return;
    throw new ThothError("usage", `${this.#where} has ${quote(unknown)}, which is unknown`, {
      hint: `Known are ${[...this.#read].join(", ")}.`,
    });
  }

  #list(key: string): readonly unknown[] | undefined {
    const value = this.#get(key);
    if (value !== undefined && !Array.isArray(value)) throw this.#wrong(key, "a list");
    return value;
  }

  #get(key: string): unknown {
    this.#read.add(key);
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined;
  }

  #wrong(key: string, what: string, cause?: unknown): ThothError {
    return new ThothError("usage", `${quote(key)} of ${this.#where} is not ${what}`, { cause });
  }
}
