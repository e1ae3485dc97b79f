// Classifies the imports of a notebook: which count, under which condition, and what each of them stands for.

import type { ImportUse } from "@thoth/python";
import type { CellFacts } from "./cell-facts.ts";
import { topOf } from "./distribution.ts";
import { conditionVerdict, type Verdict } from "./guard.ts";
import { type EvidenceContext, type Origin, originOf } from "./import-evidence.ts";
import { MOVED, ONLY_WITH_HARDWARE } from "./known-names.ts";

export type ImportKind =
  | "required"
  | "guarded"
  | "dynamic"
  | "magic"
  | "written"
  | "local"
  | "platform"
  | "unknown"
  | "runtime";

export interface DiscoveredImport {
  readonly module: string;
  readonly distribution?: string;
  readonly kind: ImportKind;
  /** What tells the distribution, or the place of the module: `table`, `installed`, `pip`, `local`, … */
  readonly evidence: string;
  /** Cell in which it was first seen. */
  readonly cell: number;
  /** Why the distribution is not among the requirements although it is known. */
  readonly leftOut?: string;
}

/** One dotted path that the code imports. */
export interface UsedPath {
  readonly path: string;
  readonly cell: number;
  readonly use: ImportUse;
  readonly origin: Origin;
  /** In a file that nothing in the notebook runs. */
  readonly idle: boolean;
}

/** Paths of all cells: `from a import b, c` gives `a.b` and `a.c`. */
export function usedPaths(
  cells: readonly CellFacts[],
  context: EvidenceContext,
  live: (path: string) => boolean,
): UsedPath[] {
  const origins = new Map<string, Origin>();
  const paths: UsedPath[] = [];
  for (const { cell, plain, python } of cells) {
    if (plain.body === "python2-process") continue;
    const idle = plain.body === "written" && !live(plain.path ?? "");
    for (const use of python.imports) {
      if (use.level > 0 || use.module === "") continue;
      for (const path of pathsOf(use)) {
        let origin = origins.get(path);
        if (origin === undefined) {
          origin = originOf(path, context);
          origins.set(path, origin);
        }
        paths.push({ path, cell, use, origin, idle });
      }
    }
  }
  return paths;
}

function pathsOf({ module, names }: ImportUse): string[] {
  const inner = names.filter((name) => /^\w+$/.test(name)).slice(0, 200);
  return inner.length === 0 ? [module] : inner.map((name) => `${module}.${name}`);
}

/** Imports of the branches of one `try`. */
interface Branches {
  /** There is an import that is tried, and all of them are there. */
  tried?: boolean;
  /** Python itself stands in. */
  spared: boolean;
}

export function branchesOf(paths: readonly UsedPath[]): ReadonlyMap<string, Branches> {
  const groups = new Map<string, Branches>();
  for (const used of paths) {
    for (const { kind, group } of used.use.guards) {
      if (kind !== "try" && kind !== "handler") continue;
      const key = `${used.cell}:${group}`;
      const branches = groups.get(key) ?? { spared: false };
      groups.set(key, branches);
      if (kind === "try") branches.tried = (branches.tried ?? true) && isThere(used.path, used.origin);
      else branches.spared ||= used.origin.kind === "standard" && !NO_STAND_IN.has(topOf(used.path));
    }
  }
  return groups;
}

/** Modules that a handler imports to tell or to repair, not to stand in for what failed. */
const NO_STAND_IN = new Set(
  "sys os subprocess warnings traceback pip importlib site logging platform IPython time shutil".split(" "),
);

export function verdictOf(
  used: UsedPath,
  groups: ReadonlyMap<string, Branches>,
  pythonVersion: string,
): Verdict {
  let verdict = conditionVerdict(used.use.guards, pythonVersion);
  for (const { kind, group } of used.use.guards) {
    if (verdict === "never") return verdict;
    if (kind !== "try" && kind !== "handler") continue;
    const branches = groups.get(`${used.cell}:${group}`)!;
    const out = kind === "try" ? isSpared(used, branches) : branches.tried === true;
    verdict = out ? "never" : "perhaps";
  }
  return verdict;
}

/** The notebook does as well without it: Python itself stands in, or it serves special hardware only. */
function isSpared(used: UsedPath, { spared }: Branches): boolean {
  return spared || ONLY_WITH_HARDWARE.has(topOf(used.path));
}

function isThere(path: string, origin: Origin): boolean {
  if (MOVED.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))) return false;
  if (origin.kind === "found") return !ONLY_WITH_HARDWARE.has(topOf(path));
  return origin.kind === "standard" || origin.kind === "local";
}

const RANK: Readonly<Record<ImportKind, number>> = {
  required: 0,
  dynamic: 1,
  magic: 2,
  local: 3,
  platform: 4,
  unknown: 5,
  guarded: 6,
  written: 7,
  runtime: 8,
};

/** Imports by module and distribution; of several uses the strongest is told. */
export class ImportList {
  readonly #byKey = new Map<string, DiscoveredImport>();

  add(entry: DiscoveredImport): void {
    const key = `${entry.module} ${entry.distribution ?? ""}`;
    const known = this.#byKey.get(key);
    if (known === undefined || weight(entry) < weight(known))
      this.#byKey.set(key, { ...entry, cell: known?.cell ?? entry.cell });
  }

  list(): DiscoveredImport[] {
    return [...this.#byKey.values()].toSorted((one, other) =>
      one.module < other.module ? -1 : one.module > other.module ? 1 : 0,
    );
  }
}

function weight({ kind, leftOut }: DiscoveredImport): number {
  return RANK[kind] + (leftOut === undefined ? 0 : 10);
}

/** How a used path is told. Nothing for Python's own modules. */
export function describe(used: UsedPath, verdict: Verdict): DiscoveredImport[] {
  const { origin, cell, use, idle } = used;
  if (origin.kind !== "found") return describeUnfound(origin, cell);
  const kind = kindOf(use, { verdict, idle });
  const leftOut = idle
    ? "only a file that the notebook does not run needs it"
    : verdict === "never"
      ? "the notebook does without it"
      : undefined;
  return origin.providers.map((found) => ({
    ...found,
    kind,
    cell,
    ...(leftOut === undefined ? {} : { leftOut }),
  }));
}

/** How a path is told that no distribution provides. */
export function describeUnfound(
  origin: Exclude<Origin, { readonly kind: "found" }>,
  cell: number,
): DiscoveredImport[] {
  switch (origin.kind) {
    case "standard":
    case "gone":
      return [];
    case "local": {
      const evidence = origin.written ? "written by the notebook" : "local";
      return [{ module: origin.module, kind: "local", evidence, cell }];
    }
    case "platform":
      return [{ module: origin.module, kind: "platform", evidence: origin.platform, cell }];
    case "unknown":
      return [{ module: origin.module, kind: "unknown", evidence: "none", cell }];
    default:
      return origin satisfies never;
  }
}

function kindOf(use: ImportUse, { verdict, idle }: { verdict: Verdict; idle: boolean }): ImportKind {
  if (idle) return "written";
  if (verdict !== "always") return "guarded";
  return use.form === "dynamic" ? "dynamic" : "required";
}
