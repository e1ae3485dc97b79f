// Merges lines of a core that say the same of several groups of releases, as long as what they say together
// still refutes the problem: fifteen lines become the two bounds that matter.

import { type Dependency, type Facts, has, type ReleaseSet, Solver, union } from "@thoth/solver";
import type { Statement } from "./statement.ts";
import type { Universe } from "./universe.ts";

export function mergeLines(universe: Universe, statements: readonly Statement[]): readonly Statement[] {
  const groups = Map.groupBy(statements, ({ from, to, optional }) => `${from ?? "root"} ${to} ${optional}`);
  let merged = statements;
  for (const group of groups.values()) {
    if (group.length < 2 || group[0]?.from === undefined) continue;
    const tried = [...merged.filter((statement) => !group.includes(statement)), join(group)];
    if (refutes(universe, tried)) merged = tried;
  }
  return merged;
}

function join(group: readonly Statement[]): Statement {
  const [first] = group as readonly [Statement, ...Statement[]];
  const texts = new Set(group.map(({ specifiers }) => specifiers));
  return {
    ...first,
    releases: unite(group.map(({ releases }) => releases as ReleaseSet)),
    admitted: unite(group.map(({ admitted }) => admitted)),
    specifiers: texts.size === 1 ? first.specifiers : undefined,
  };
}

function unite(sets: readonly ReleaseSet[]): ReleaseSet {
  return sets.reduce(union);
}

/** Whether the statements alone admit no stack. */
export function refutes(universe: Universe, statements: readonly Statement[]): boolean {
  const facts = new StatementFacts(universe, statements);
  return new Solver({ facts, roots: facts.roots, levels: 0 }).step().kind === "unsatisfiable";
}

class StatementFacts implements Facts {
  readonly #universe: Universe;
  readonly #statements: readonly Statement[];
  readonly roots: readonly Dependency[];

  constructor(universe: Universe, statements: readonly Statement[]) {
    this.#universe = universe;
    this.#statements = statements;
    this.roots = this.#select(({ from }) => from === undefined);
  }

  #select(wanted: (statement: Statement) => boolean): Dependency[] {
    const found: Dependency[] = [];
    for (const [range, statement] of this.#statements.entries()) {
      if (wanted(statement)) found.push({ package: statement.to, range, optional: statement.optional });
    }
    return found;
  }

  package(id: number) {
    const facts = this.#universe.package(id);
    return facts === undefined ? { releases: 0, costs: [] } : { ...facts, costs: [] };
  }

  admitted(range: number): ReleaseSet {
    return (this.#statements[range] as Statement).admitted;
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" {
    if (this.#universe.dependencies(id, release) === "unusable") return "unusable";
    return this.#select(
      ({ from, releases }) => from === id && releases !== undefined && has(releases, release),
    );
  }
}
