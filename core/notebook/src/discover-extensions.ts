// What magics need: extensions that `%load_ext` names, and the plotting libraries behind `%matplotlib` and `%pylab`.
// https://ipython.readthedocs.io/en/stable/config/extensions/

import type { CellFacts, GuardedCommand } from "./cell-facts.ts";
import { type DiscoveredImport, describeUnfound } from "./discover-imports.ts";
import { topOf } from "./distribution.ts";
import { conditionVerdict } from "./guard.ts";
import { type EvidenceContext, originOf } from "./import-evidence.ts";
import { EXTENSIONS } from "./magics.ts";

export interface Extensions {
  readonly imports: readonly DiscoveredImport[];
  /** Extensions that nobody we can name provides. */
  readonly unknown: readonly string[];
}

export function discoverExtensions(cells: readonly CellFacts[], evidence: EvidenceContext): Extensions {
  const imports: DiscoveredImport[] = [];
  const unknown = new Set<string>();
  for (const { cell, commands } of cells) {
    for (const command of commands) {
      if (command.kind !== "magic" || conditionVerdict(command.guards, evidence.pythonVersion) === "never")
        continue;
      const entries = needsOf(command, cell, evidence);
      imports.push(...entries);
      for (const { module, kind } of entries) if (kind === "unknown") unknown.add(module);
    }
  }
  return { imports, unknown: [...unknown] };
}

function needsOf(
  { name, text }: GuardedCommand,
  cell: number,
  evidence: EvidenceContext,
): DiscoveredImport[] {
  const first = text
    .trim()
    .split(/[\s;#]+/)[0]!
    .replace(/^["']|["']$/g, "");
  const entry = (distribution: string): DiscoveredImport => ({
    module: distribution,
    distribution,
    kind: "magic",
    evidence: `%${name}`,
    cell,
  });
  switch (name) {
    case "matplotlib":
      return first === "widget" || first === "ipympl"
        ? [entry("matplotlib"), entry("ipympl")]
        : [entry("matplotlib")];
    case "pylab":
      return [entry("matplotlib"), entry("numpy")];
    case "load_ext":
    case "reload_ext":
      return /^[A-Za-z_][\w.]*$/.test(first) ? extension(first, cell, evidence) : [];
    default:
      return [];
  }
}

function extension(module: string, cell: number, evidence: EvidenceContext): DiscoveredImport[] {
  const listed = EXTENSIONS.get(module);
  if (listed === "") return [];
  const local = evidence.written.has(topOf(module)) || evidence.isLocalModule(topOf(module));
  if (listed !== undefined && !local)
    return [{ module, distribution: listed, kind: "magic", evidence: "table", cell }];
  const origin = originOf(module, evidence);
  if (origin.kind !== "found") return describeUnfound(origin, cell);
  return origin.providers.map((found) => ({ ...found, kind: "magic", cell }));
}
