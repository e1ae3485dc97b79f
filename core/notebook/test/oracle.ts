// The corpus of real notebooks: what its oracle says of each, and what we find.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Discovery, discover, type Notebook, parseNotebook } from "@thoth/notebook";
import { normalizeName, parseRequirement } from "@thoth/pep";

export interface OraclePip {
  readonly cell?: number;
  readonly via?: string;
  readonly requirements: readonly string[];
  readonly flags?: readonly string[];
  readonly conditional: boolean;
}

export interface OracleEntry {
  readonly file: string;
  readonly verdict: string;
  readonly companions: readonly string[];
  readonly imports: {
    readonly required: readonly string[];
    readonly guarded: readonly string[];
    readonly dynamic: readonly string[];
    readonly in_written_files: readonly string[];
    readonly local: readonly string[];
    readonly local_written_by_notebook: readonly string[];
    readonly local_missing: readonly string[];
    readonly platform: Readonly<Record<string, string>>;
    readonly unresolvable: readonly string[];
  };
  readonly distributions: Readonly<
    Record<string, readonly string[] | Readonly<Record<string, readonly string[]>>>
  >;
  readonly alternatives?: Readonly<Record<string, readonly string[]>>;
  readonly pip: readonly OraclePip[];
  readonly conda: readonly { readonly cell?: number; readonly packages?: readonly string[] }[];
  readonly pep723: { readonly "requires-python"?: string; readonly dependencies?: readonly string[] } | null;
  readonly thoth?: { readonly requirements?: unknown } | null;
}

/** The Python that the oracle was made for. */
const PYTHON = "3.11";

export function readOracle(folder: string): OracleEntry[] {
  const document = JSON.parse(readFileSync(join(folder, "oracle.json"), "utf8")) as {
    notebooks: OracleEntry[];
  };
  return document.notebooks;
}

export function readEntry(folder: string, entry: OracleEntry): Notebook {
  return parseNotebook(readFileSync(join(folder, entry.file)));
}

export function discoverEntry(folder: string, entry: OracleEntry, notebook: Notebook): Discovery {
  const beside = dirname(join(folder, entry.file));
  return discover(notebook, {
    pythonVersion: PYTHON,
    isLocalModule: (name) =>
      existsSync(join(beside, `${name}.py`)) || existsSync(join(beside, name, "__init__.py")),
  });
}

/** Names of distributions that a tool should give, each with names that are as right, and what it may give besides. */
export interface Wanted {
  readonly required: readonly (readonly string[])[];
  readonly allowed: ReadonlySet<string>;
}

export function wantedOf(entry: OracleEntry): Wanted {
  const lists = entry.distributions;
  const names = (key: string): string[] => {
    const value = lists[key];
    return Array.isArray(value) ? value.map(normalizeName) : [];
  };
  const alternatives = new Map<string, string[]>();
  for (const source of [entry.alternatives, lists["alternatives"]]) {
    if (source === undefined || Array.isArray(source)) continue;
    for (const [name, others] of Object.entries(source as Record<string, readonly string[]>)) {
      alternatives.set(normalizeName(name), others.map(normalizeName));
    }
  }
  const required = [...new Set<string>([...names("required"), ...names("by_magic")])];
  const asked = entry.pip.flatMap(({ requirements }) => requirements.map(nameOf));
  const script = (entry.pep723?.dependencies ?? []).map(nameOf);
  const metadata = Object.keys(packagesOf(entry)).map(normalizeName);
  const others = ["guarded", "by_metadata", "at_run_time"].flatMap(names);
  const allowed = new Set<string>([...required, ...others, ...asked, ...script, ...metadata]);
  for (const name of [...allowed]) for (const other of alternatives.get(name) ?? []) allowed.add(other);
  return {
    required: required.map((name) => [name, ...(alternatives.get(name) ?? [])] as readonly string[]),
    allowed,
  };
}

export function nameOf(requirement: string): string {
  return parseRequirement(requirement).name;
}

/** Packages that the notebook's own metadata ask for. */
export function packagesOf(entry: OracleEntry): Record<string, unknown> {
  const requirements = entry.thoth?.requirements as { packages?: Record<string, unknown> } | null | undefined;
  return requirements?.packages ?? {};
}

export interface Score {
  readonly right: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

export function scoreOf(found: readonly string[], { required, allowed }: Wanted): Score {
  const names = new Set<string>(found.map(normalizeName));
  const missing = required.filter((equals) => !equals.some((name) => names.has(name))).map(([name]) => name!);
  const extra = [...names].filter(
    (name) => !allowed.has(name) && !required.some((equals) => equals.includes(name)),
  );
  return { right: required.length - missing.length, missing, extra };
}
