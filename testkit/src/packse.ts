// Resolver scenarios as packse writes them (https://github.com/astral-sh/packse), each a small package index in a
// TOML file with what is expected of it, and the oracle beside them that says which versions are right.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { type IndexOptions, type IndexServer, startIndex } from "./index-server.ts";
import type { Offer } from "./offer.ts";
import { buildSdist } from "./sdist.ts";
import { buildWheel } from "./wheel.ts";

export interface PackseRelease {
  readonly requires: readonly string[];
  readonly extras: Readonly<Record<string, readonly string[]>>;
  readonly requiresPython: string;
  readonly wheelTags: readonly string[];
  readonly sdist: boolean;
  readonly yanked: boolean;
}

export interface PackseScenario {
  /** Path below the folder of scenarios. */
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly root: { readonly requires: readonly string[] };
  /** By name, then by version. */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, PackseRelease>>;
  /** The Python that is installed. */
  readonly environment: { readonly python: string };
  readonly options: PackseOptions;
  readonly oracle: PackseOracle;
}

export interface PackseOptions {
  /** The Python to resolve for where it is another one. */
  readonly python?: string;
  readonly prereleases: boolean;
  readonly noBuild: readonly string[];
  readonly noBinary: readonly string[];
  readonly platform?: string;
  readonly resolution?: string;
}

export interface PackseOracle {
  /** Asks for one answer for all platforms. */
  readonly universal: boolean;
  readonly satisfiable: boolean;
  /** The right pins; undefined where the oracle has none. */
  readonly pins: ReadonlyMap<string, string> | undefined;
}

/** What packse says of a release that says nothing. */
const DEFAULT_PYTHON = "3.12";
const DEFAULT_REQUIRES_PYTHON = ">=3.12";

/** Every scenario below `folder`, in the order of its `oracle.json`. */
export function loadPackse(folder: string): PackseScenario[] {
  const oracle: unknown = JSON.parse(readFileSync(join(folder, "oracle.json"), "utf8"));
  return tables(oracle).map((entry) => {
    const file = text(entry["file"]) ?? "";
    return readScenario(file, parse(readFileSync(join(folder, "scenarios", file), "utf8")), entry);
  });
}

function readScenario(file: string, scenario: Table, oracle: Table): PackseScenario {
  const packages = Object.entries(table(scenario["packages"])).map(([name, value]) => {
    const versions = Object.entries(table(table(value)["versions"]));
    return [
      name,
      new Map(versions.map(([version, release]) => [version, readRelease(table(release))])),
    ] as const;
  });
  const options = table(scenario["resolver_options"]);
  const expected = table(oracle["expected"]);
  return {
    file,
    name: text(scenario["name"]) ?? file,
    description: text(scenario["description"]) ?? "",
    root: { requires: texts(table(scenario["root"])["requires"]) },
    packages: new Map(packages),
    environment: { python: text(table(scenario["environment"])["python"]) ?? DEFAULT_PYTHON },
    options: readOptions(options),
    oracle: {
      universal: oracle["universal"] === true || options["universal"] === true,
      satisfiable: expected["satisfiable"] === true,
      pins: readPins(oracle, expected),
    },
  };
}

/** The pins of a real run, else those that the scenario expects; a scenario may expect none by name. */
function readPins(oracle: Table, expected: Table): PackseOracle["pins"] {
  for (const pins of [table(oracle["uvPins"]), table(expected["packages"])]) {
    const entries = Object.entries(pins).flatMap(([name, pin]) =>
      typeof pin === "string" ? [[name, pin] as const] : [],
    );
    if (entries.length > 0) return new Map(entries);
  }
  return undefined;
}

function readOptions(options: Table): PackseOptions {
  const python = text(options["python"]);
  const platform = text(options["python_platform"]);
  const resolution = text(options["resolution"]);
  return {
    prereleases: options["prereleases"] === true,
    noBuild: texts(options["no_build"]),
    noBinary: texts(options["no_binary"]),
    ...(python === undefined ? {} : { python }),
    ...(platform === undefined ? {} : { platform }),
    ...(resolution === undefined ? {} : { resolution }),
  };
}

function readRelease(release: Table): PackseRelease {
  const extras = Object.entries(table(release["extras"])).map(
    ([extra, requires]) => [extra, texts(requires)] as const,
  );
  const tags = texts(release["wheel_tags"]);
  return {
    requires: texts(release["requires"]),
    extras: Object.fromEntries(extras),
    requiresPython: text(release["requires_python"]) ?? DEFAULT_REQUIRES_PYTHON,
    wheelTags: release["wheel"] === false ? [] : tags.length === 0 ? ["py3-none-any"] : tags,
    sdist: release["sdist"] !== false,
    yanked: release["yanked"] === true,
  };
}

/** The files of a scenario's index: wheels with real METADATA, source distributions whose metadata is static. */
export function offersOf(scenario: PackseScenario): Record<string, readonly Offer[]> {
  const projects = [...scenario.packages].map(([name, versions]) => {
    const offers = [...versions].flatMap(([version, release]) => releaseOffers(name, version, release));
    return [name, offers] as const;
  });
  return Object.fromEntries(projects);
}

function releaseOffers(name: string, version: string, release: PackseRelease): readonly Offer[] {
  const { requires, extras, requiresPython, yanked } = release;
  const declared = { name, version, requires, extras, requiresPython, metadataVersion: "2.3" };
  const artifacts = release.wheelTags.map((tag) => buildWheel({ ...declared, tag }));
  if (release.sdist) artifacts.push(buildSdist(declared));
  return artifacts.map((artifact) => ({ artifact, yanked }));
}

/** An index on loopback that offers what the scenario says. */
export function serveScenario(scenario: PackseScenario, options: IndexOptions = {}): Promise<IndexServer> {
  return startIndex({ ...options, projects: offersOf(scenario) });
}

type Table = Readonly<Record<string, unknown>>;

function table(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function tables(value: unknown): readonly Table[] {
  return Array.isArray(value) ? value.map(table) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
