// The front of two levels of whole projects, against all of their stacks: an exhaustive learned search lists them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "@thoth/solver";
import { type LevelPair, type Project, paretoFront, parseObjective } from "../src/index.ts";
import { Latest, LearnedResolution } from "../src/predictors/index.ts";
import { type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";
import { randomIndex } from "./random-index.ts";

type Pair = readonly [number, number];

function walk(project: Project, index: Index, levels: LevelPair) {
  const questions = paretoFront(project, levels, 100);
  let step = questions.next();
  while (step.done !== true) {
    const found = resolve(new MemoryKnowledge(index, false), step.value, { some: () => 1 });
    step = questions.next(found.kind === "solved" ? found.product : undefined);
  }
  return step.value;
}

/** Pairs of values of all stacks that no other betters. */
function expected(project: Project, index: Index, levels: LevelPair): Pair[] {
  const asked = { ...project, policy: { ...project.policy, objective: levels } };
  const search = new LearnedResolution(asked, new MemoryKnowledge(index, true));
  const { products, exhausted } = search.run(new Latest(), { stacks: 10_000, seed: 1, count: 10_000 });
  assert.ok(exhausted);
  const pairs = products.map(({ objective }) => objective.map(({ value }) => value) as unknown as Pair);
  const front = pairs.filter(([a, b]) => !pairs.some(([c, d]) => c <= a && d <= b && (c < a || d < b)));
  return [...new Map(front.map((pair) => [pair.join(" "), pair])).values()].sort(([a], [b]) => a - b);
}

describe("the front of two levels of an objective", () => {
  for (const text of ["lag(direct), surface", "rank(rest), rank(direct)", "lag(direct), lag(rest)"])
    it(`has the stacks that nothing betters: ${text}`, () => {
      const levels = parseObjective(text) as unknown as LevelPair;
      let several = 0;
      for (let seed = 1; seed <= 60; seed++) {
        const index = randomIndex(new Random(seed));
        const project = projectOf(["alpha", "gamma"]);
        const { points, complete } = walk(project, index, levels);
        const front = expected(project, index, levels);
        assert.deepEqual(
          points.map(({ values }) => values),
          front,
          `seed ${seed}`,
        );
        assert.equal(complete, front.length > 0);
        for (const { product } of points) {
          const names = product.objective.map(({ level }) => level);
          assert.deepEqual(
            names.slice(0, 2),
            levels.map((level) => level.text),
          );
          assert.equal(new Set(names).size, names.length);
        }
        if (front.length > 1) several++;
      }
      assert.ok(several > 3, `${several} fronts with several points`);
    });
});
