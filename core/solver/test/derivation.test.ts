// A derivation is believed only as far as it goes: whatever is done to it, the checker never accepts a wrong
// answer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkDerivation } from "../src/certificate/index.ts";
import type { Competitor, Derivation, DerivationStep, Problem } from "../src/index.ts";
import { crowd, pigeons, threeSat } from "./hard.ts";
import { Random } from "./random.ts";
import { problemOf, randomUniverse, type Shape, solve, type Universe } from "./universe.ts";

const MEDIUM: Shape = { packages: [3, 10], releases: [1, 8], levels: [0, 3] };

function verdict(problem: Problem, derivation: Derivation): string {
  return checkDerivation(problem, derivation).kind;
}

type Count = Extract<DerivationStep, { kind: "counting" }>;

function mutateCount(step: Count, random: Random): Count {
  const competitors = step.competitors.map((competitor) => ({
    ...competitor,
    demands: competitor.demands.map((need) => ({ ...need, releases: need.releases.slice() })),
  }));
  const resources = step.resources.map((resource) => ({ ...resource }));
  const competitor = random.pick(competitors);
  switch (random.between(0, 6)) {
    case 0:
      competitors.push(competitor);
      break;
    case 1:
      competitors.splice(competitors.indexOf(competitor), 1);
      break;
    case 2: {
      const { releases } = random.pick(competitor.demands);
      releases[0] = releases[0]! ^ (1 << random.between(0, 8));
      break;
    }
    case 3:
      competitor.demands.splice(random.between(0, competitor.demands.length - 1), 1);
      break;
    case 4:
      competitor.package = random.between(0, 12);
      break;
    case 5:
      resources.splice(random.between(0, resources.length - 1), 1);
      break;
    default:
      random.pick(resources).capacity += random.between(-2, 2);
  }
  return { ...step, competitors, resources };
}

function mutateStep(step: DerivationStep, random: Random): DerivationStep {
  switch (step.kind) {
    case "limit":
      return { ...step, limit: step.limit + random.between(-3, 3) };
    case "clause": {
      const literals = step.literals.map((literal) => ({ ...literal, values: literal.values.slice() }));
      if (literals.length > 0 && random.chance(0.7)) {
        const { values } = random.pick(literals);
        values[0] = values[0]! ^ (1 << random.between(0, 8));
      } else literals.splice(random.between(0, literals.length), 1);
      return { ...step, literals };
    }
    case "counting":
      return mutateCount(step, random);
    default:
      return { ...step, depth: random.between(0, 4) };
  }
}

function mutate(steps: readonly DerivationStep[], random: Random): DerivationStep[] {
  const mutated = [...steps];
  for (let times = random.between(0, 4); times > 0 && mutated.length > 0; times--) {
    const at = random.between(0, mutated.length - 1);
    if (random.chance(0.4)) mutated.splice(at, 1);
    else if (random.chance(0.2)) mutated.splice(at, 0, { kind: "refuted", depth: random.between(0, 3) });
    else mutated[at] = mutateStep(mutated[at]!, random);
  }
  return mutated;
}

/** A result that is not the answer to the universe. */
function wrongResult(
  universe: Universe,
  right: Derivation["result"],
  random: Random,
): Derivation["result"] | undefined {
  if (right.kind === "unsatisfiable") {
    const assignment = new Map(
      universe.packages.map(({ releases }, id) => [id, random.between(0, Math.max(0, releases - 1))]),
    );
    return {
      kind: "solved",
      assignment,
      levels: Array.from({ length: universe.levels }, () => ({ value: 0, bound: 0 })),
    };
  }
  if (random.chance(0.3)) return { kind: "unsatisfiable" };
  const others = [...right.assignment.keys()].filter((id) => universe.packages[id]!.releases > 1);
  if (others.length === 0) return undefined;
  const id = random.pick(others);
  const size = universe.packages[id]!.releases;
  const assignment = new Map(right.assignment).set(
    id,
    (right.assignment.get(id)! + random.between(1, size - 1)) % size,
  );
  const levels = right.levels.map((_, level) => {
    let value = 0;
    for (const [other, release] of assignment)
      value += universe.packages[other]!.costs[level]?.[release] ?? 0;
    return { value, bound: value };
  });
  return { kind: "solved", assignment, levels };
}

describe("the checker", () => {
  it("accepts no wrong answer, however the steps are changed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (seed) => {
        const random = new Random(seed);
        const universe = random.chance(0.5) ? randomUniverse(random, MEDIUM) : crowd(random);
        const problem = problemOf(universe);
        const derivation = solve(universe, { patience: 0 }).solver.derivation();
        for (let i = 0; i < 5; i++) {
          const result = wrongResult(universe, derivation.result, random);
          if (result === undefined) return;
          assert.equal(
            verdict(problem, { ...derivation, result, steps: mutate(derivation.steps, random) }),
            "invalid",
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("rejects derivations whose steps do not follow", () => {
    const universe = pigeons(5, 4);
    const problem = problemOf(universe);
    const derivation = solve(universe).solver.derivation();
    const clauses = derivation.steps.filter((step) => step.kind === "clause");
    assert.equal(verdict(problem, derivation), "valid");
    assert.ok(clauses.length > 3);
    assert.equal(
      verdict(problem, { ...derivation, steps: derivation.steps.filter((step) => step.kind !== "clause") }),
      "invalid",
    );
    assert.equal(verdict(problem, { ...derivation, steps: clauses }), "invalid");
    assert.equal(verdict(problem, { ...derivation, premises: derivation.premises.slice(1) }), "invalid");
    assert.equal(
      verdict(problem, { ...derivation, steps: [{ kind: "clause", depth: 0, literals: [] }] }),
      "invalid",
    );
  });

  it("rejects counts that do not add up", () => {
    const { solver, problem } = solve(pigeons(10, 9));
    const derivation = solver.derivation();
    const [count] = derivation.steps;
    assert.ok(count?.kind === "counting");
    assert.equal(count.competitors.length, 10);
    assert.deepEqual(
      count.resources.map(({ capacity }) => capacity),
      new Array(9).fill(1),
    );
    const changed = (change: Partial<Count>): string =>
      verdict(problem, { ...derivation, steps: [{ ...count, ...change }, ...derivation.steps.slice(1)] });
    assert.equal(changed({}), "valid");
    const { competitors, resources } = count;
    const [first, ...others] = competitors as [Competitor, ...Competitor[]];
    const resource = resources[0]!;
    assert.equal(changed({ competitors: others }), "invalid");
    assert.equal(changed({ competitors: [...others, others[0]!] }), "invalid");
    assert.equal(changed({ competitors: [...others, { ...first, demands: [] }] }), "invalid");
    assert.equal(changed({ competitors: [...others, { ...first, demands: others[0]!.demands }] }), "invalid");
    assert.equal(
      changed({ competitors: [...others, { ...first, demands: first.demands.slice(1) }] }),
      "invalid",
    );
    assert.equal(changed({ resources: resources.slice(1) }), "invalid");
    assert.equal(changed({ resources: [{ ...resource, capacity: 0 }, ...resources.slice(1)] }), "invalid");
    assert.equal(changed({ resources: [{ ...resource, capacity: 2 }, ...resources.slice(1)] }), "invalid");
    assert.equal(changed({ resources: [...resources, { package: 999, capacity: 0 }] }), "invalid");
    assert.equal(
      verdict(problem, { ...derivation, premises: derivation.premises.slice(1) }),
      "valid",
      "a count reads the needs it rests on itself",
    );
    const room = problemOf(pigeons(10, 10));
    assert.equal(verdict(room, { ...derivation, premises: [] }), "invalid");
  });

  it("rejects bounds that are not proved", () => {
    const universe = threeSat(new Random(1), 20, 70);
    const problem = problemOf(universe);
    const derivation = solve(universe).solver.derivation();
    assert.equal(derivation.result.kind, "solved");
    assert.equal(verdict(problem, derivation), "valid");
    const without = derivation.steps.filter((step) => step.kind !== "refuted");
    assert.equal(verdict(problem, { ...derivation, steps: without }), "invalid");
  });
});
