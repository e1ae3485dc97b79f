// What a resolution showed, with the names that people know: a claim that can be checked without us.

import { type Claim, type Labels, writeClaim } from "@thoth/solver/certificate";
import type { Evidence } from "./resolution.ts";

/** Searches once more, to write down how the answer follows. */
export function claimOf({ universe, problem, solver }: Evidence): Claim {
  const derivation = solver.derivation();
  const label = (id: number): string => {
    if (id < 0) return `cost of several choices ${-id}`;
    const { name, extra } = universe.packageOf(id);
    return extra === undefined ? name : `${name}[${extra}]`;
  };
  const labels: Labels = {
    levels: universe.levels,
    package: label,
    release: (id, release) => {
      if (id >= 0) return universe.versionOf(id, release);
      const last = (problem.facts.package(id)?.releases ?? 0) - 1;
      return release === last ? "all of them" : `all but condition ${release + 2}`;
    },
    range: (range) => (range < 0 ? undefined : universe.rangeOf(range).specifiers?.text),
  };
  return writeClaim(problem, derivation, labels);
}
