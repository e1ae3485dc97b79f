// Frozen crawls of the Python Package Index: every package as a root, and mixes of roots, get an answer whose
// derivation holds and which does not depend on the order in which facts arrive.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingData } from "@thoth/testkit";
import { checkDerivation } from "../src/certificate/index.ts";
import { Random } from "./random.ts";
import { SNAPSHOTS, Snapshot } from "./snapshot.ts";
import { type Answer, solve, solveGradually } from "./universe.ts";

const skip = missingData("pypi-snapshots");

function answerOf(snapshot: Snapshot, names: readonly string[], random: Random): Answer {
  const universe = snapshot.universe(names);
  const { solver, answer, problem } = solve(universe);
  assert.deepEqual(checkDerivation(problem, solver.derivation()), { kind: "valid" });
  const other = solveGradually(universe, random);
  assert.equal(other.answer.kind, answer.kind);
  if (answer.kind !== "solved" || other.answer.kind !== "solved") return answer;
  assert.deepEqual(other.answer.levels, answer.levels);
  assert.deepEqual(other.answer.assignment, answer.assignment);
  return answer;
}

describe("frozen crawls", { skip }, () => {
  for (const name of SNAPSHOTS) {
    it(`${name}: every package as a root`, () => {
      const snapshot = new Snapshot(name);
      const random = new Random(1);
      for (const root of snapshot.names) answerOf(snapshot, [root], random);
    });

    it(`${name}: mixes of roots`, () => {
      const snapshot = new Snapshot(name);
      const random = new Random(2);
      const alone = snapshot.names.filter(
        (root) => solve(snapshot.universe([root])).answer.kind === "solved",
      );
      for (let i = 0; i < 40; i++)
        answerOf(snapshot, random.shuffle(alone).slice(0, random.between(2, 25)), random);
    });
  }

  it("what the crawls were made for resolves", () => {
    for (const [name, root] of [
      ["pypi-2020-02-13-chalice", "chalice"],
      ["pypi-2020-02-19-virtualenv-six", "virtualenv"],
    ] as const) {
      assert.equal(solve(new Snapshot(name).universe([root])).answer.kind, "solved");
    }
  });
});
