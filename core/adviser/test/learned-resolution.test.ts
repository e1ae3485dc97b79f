// The learned search on whole problems, with facts that arrive bit by bit: what it finds is never better than the proof, and
// a predictor that goes through everything finds as much.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "@thoth/solver";
import { createPredictor, LearnedResolution, type Predictor } from "../src/predictors/index.ts";
import { type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";
import { randomIndex } from "./random-index.ts";

function learn(index: Index, predictor: Predictor) {
  const knowledge = new MemoryKnowledge(index, false);
  const project = projectOf(["alpha", "gamma"]);
  const exact = resolve(new MemoryKnowledge(index, true), project);
  const resolution = new LearnedResolution(project, knowledge);
  for (let needs = resolution.needs(); needs !== undefined; needs = resolution.needs())
    knowledge.reveal(needs, () => 1);
  const proved = exact.kind === "solved" ? exact.product : undefined;
  const answer = resolution.run(predictor, { stacks: 500, seed: 1, count: 3 }, proved?.objective);
  return { proved, answer };
}

const values = (objective: readonly { readonly value: number }[]) => objective.map(({ value }) => value);

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, level) => value !== b[level]);
  return at >= 0 && (a[at] as number) < (b[at] as number);
}

describe("a learned search on a project", () => {
  it("that goes through everything finds the proven optimum, and nothing where there is nothing", () => {
    let solved = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { proved, answer } = learn(randomIndex(new Random(seed)), createPredictor("Latest"));
      assert.ok(answer.exhausted);
      assert.equal(answer.products.length > 0, proved !== undefined);
      if (proved === undefined) continue;
      solved++;
      const [best] = answer.products;
      assert.deepEqual(values(best?.objective ?? []), values(proved.objective));
      assert.equal(best?.proof, "optimal");
    }
    assert.ok(solved > 20);
  });

  it("is never better than the proof, whichever predictor runs", () => {
    for (const name of ["TemporalDifference", "HillClimbing", "MCTS", "RandomWalk", "PackageCombinations"])
      for (let seed = 1; seed <= 12; seed++) {
        const { proved, answer } = learn(
          randomIndex(new Random(seed)),
          createPredictor(name, { combined: [0] }),
        );
        for (const { objective, proof } of answer.products) {
          assert.ok(proved !== undefined);
          assert.equal(isLess(values(objective), values(proved.objective)), false);
          assert.equal(proof === "optimal", !isLess(values(proved.objective), values(objective)));
        }
      }
  });

  it("asks for no more releases than it may", () => {
    const index = randomIndex(new Random(1));
    const knowledge = new MemoryKnowledge(index, false);
    const resolution = new LearnedResolution(projectOf(["alpha"]), knowledge, { most: 2 });
    const asked = new Set<number>();
    for (let needs = resolution.needs(); needs !== undefined; needs = resolution.needs()) {
      for (const { file } of needs.metadata) asked.add(file);
      knowledge.reveal(needs);
    }
    assert.equal(asked.size, 2);
  });

  it("keeps what it learned under the names of packages", () => {
    const index = randomIndex(new Random(3));
    const resolution = new LearnedResolution(projectOf(["alpha"]), new MemoryKnowledge(index, true));
    const { names, direct } = resolution.surroundings;
    assert.deepEqual(
      direct.map((id) => names.package(id)),
      ["alpha"],
    );
    resolution.needs();
    assert.equal(names.version(direct[0] as number, 0), "2.0");
  });
});
