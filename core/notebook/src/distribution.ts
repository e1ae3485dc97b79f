// Which distribution provides a module, by the shipped table of well-known names. A name that is not in the table
// has no answer here: that an index has a project of that name says nothing.

import { normalizeName } from "@thoth/pep";
import { OTHER_NAME } from "./distributions-other-name.ts";
import { SAME_NAME } from "./distributions-same-name.ts";
import { NAMESPACES, PLATFORM_MODULES, UNRESOLVABLE } from "./known-names.ts";

export interface Provider {
  /** The module as it is to be shown: one name, or several within a namespace shared by distributions. */
  readonly module: string;
  readonly distribution: string;
  /** Other distributions that provide the same module. */
  readonly alternatives: readonly string[];
}

interface Row {
  readonly distribution: string;
  readonly alternatives: readonly string[];
}

let rows: ReadonlyMap<string, Row> | undefined;
let distributions: ReadonlySet<string> | undefined;

function table(): ReadonlyMap<string, Row> {
  if (rows !== undefined) return rows;
  const read = new Map<string, Row>();
  for (const module of SAME_NAME.trim().split(/\s+/)) {
    read.set(module, { distribution: normalizeName(module), alternatives: [] });
  }
  for (const pair of OTHER_NAME.split(",")) {
    const [module, names] = pair.trim().split(" ");
    const [first, ...others] = names!.split("|").map(normalizeName);
    read.set(module!, { distribution: first!, alternatives: others });
  }
  rows = read;
  return read;
}

/** The normalised names of all distributions that provide some module of the table. */
export function knownDistributions(): ReadonlySet<string> {
  distributions ??= new Set([...table().values()].flatMap((row) => [row.distribution, ...row.alternatives]));
  return distributions;
}

/**
 * The modules of the table that a distribution (its normalised name) provides, alone or as one of several; sorted, without
 * those that lie in another of them.
 */
export function tableModules(distribution: string): readonly string[] {
  const modules = [...table()]
    .filter(([, row]) => row.distribution === distribution || row.alternatives.includes(distribution))
    .map(([module]) => module);
  return modules.filter((module) => !modules.some((other) => module.startsWith(`${other}.`))).sort();
}

export function isKnownDistribution(name: string): boolean {
  return knownDistributions().has(name);
}

/** Number of modules in the table. */
export function knownModules(): number {
  return table().size;
}

/** `a.b.c` → `a.b.c`, `a.b`, `a`. */
export function prefixes(module: string): string[] {
  const parts = module.split(".").slice(0, 8);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("."));
}

export function topOf(module: string): string {
  const dot = module.indexOf(".");
  return dot < 0 ? module : module.slice(0, dot);
}

/**
 * Distributions that the table names for one dotted path. Within a namespace it is the longest prefix alone; else
 * the package itself, and beside it a part of the package that is a distribution of its own (`dask.distributed`).
 */
export function tableProviders(path: string): Provider[] {
  const top = topOf(path);
  const longest = prefixes(path).find((prefix) => table().has(prefix));
  if (longest === undefined) return [];
  if (NAMESPACES.has(top) || longest === top) return [provider(longest, longest)];
  const own = table().get(top);
  const part = provider(longest, longest);
  return own === undefined || own.distribution === part.distribution ? [part] : [provider(top, top), part];
}

function provider(module: string, key: string): Provider {
  return { module, ...table().get(key)! };
}

/** The platform that alone has the module, such as Colab; undefined for others. */
export function platformOf(path: string): { readonly module: string; readonly platform: string } | undefined {
  for (const prefix of prefixes(path)) {
    const platform = PLATFORM_MODULES.get(prefix);
    if (platform !== undefined) return { module: prefix, platform };
  }
  return undefined;
}

export function isUnresolvable(path: string): boolean {
  return prefixes(path).some((prefix) => UNRESOLVABLE.has(prefix));
}

/** The part of a dotted path that tells distributions apart: its first name, or one more than its namespace has. */
export function reportedModule(path: string): string {
  const parts = path.split(".");
  let length = 1;
  while (length < parts.length && NAMESPACES.has(parts.slice(0, length).join("."))) length++;
  return parts.slice(0, length).join(".");
}
