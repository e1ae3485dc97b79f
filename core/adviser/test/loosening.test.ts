// What loosening one requirement would gain: what is not tried would gain nothing.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AdvisoryReader } from "@thoth/knowledge";
import fc from "fast-check";
import {
  Excerpt,
  firstGain,
  looseningsOf,
  type Project,
  Resolution,
  Wishes,
  worthTrying,
} from "../src/index.ts";
import { type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";
import { randomAdvisories } from "./random-advisories.ts";

const NAMES = ["a", "b", "c", "d"];
const VERSIONS = ["1.0", "1.1", "2.0", "3.0"];
const day = (n: number) => new Date(Date.UTC(2020, 0, 1) + n * 86_400_000).toISOString();

const bound = fc.constantFrom("", "<2", "<3", ">=1.1", "==1.0", "==1.1", "==2.0");
const pin = fc.constantFrom("==1.0", "==1.1", "==2.0", "==3.0", "==1.*", "<3", "");
const need = fc.tuple(fc.constantFrom(...NAMES), bound).map((parts) => parts.join(""));
const wish = fc.tuple(fc.constantFrom(...NAMES), pin).map((parts) => parts.join(""));
const index: fc.Arbitrary<Index> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(
    fc.constantFrom(...VERSIONS),
    fc.record({
      requires: fc.array(need, { maxLength: 1 }),
      uploaded: fc.nat(40).map((n) => day(n * 40)),
      wheels: fc.constantFrom(["py3-none-any"], ["py3-none-any"], []),
    }),
    { minKeys: 1 },
  ),
  { minKeys: 2 },
);
const question = fc.record({
  requirements: fc.uniqueArray(wish, {
    minLength: 1,
    maxLength: 4,
    selector: (text) => text.replace(/[<>=].*/, ""),
  }),
  recommendationType: fc.constantFrom("stable" as const, "security" as const, "performance" as const),
  allowBuild: fc.constant(true),
});

describe("loosening", () => {
  it("gains nothing where it is not tried", () => {
    let left = 0;
    fc.assert(
      fc.property(index, question, (packages, { requirements, ...policy }) => {
        const productOf = (asked: Project) => {
          const step = resolve(new MemoryKnowledge(packages, true), asked);
          return step.kind === "solved" ? step.product : undefined;
        };
        const project = projectOf(requirements, policy);
        const product = productOf(project);
        if (product === undefined) return;
        const tried = new Set(worthTrying(project, product).map(([first]) => first?.name));
        for (const ways of looseningsOf(project)) {
          if (tried.has(ways[0]?.name)) continue;
          left++;
          for (const { project: looser, to } of ways) {
            const found = productOf(looser);
            assert.ok(found !== undefined, "a looser project has a stack too");
            assert.equal(firstGain(product.objective, found.objective), undefined, to);
          }
        }
      }),
      { numRuns: 4000 },
    );
    assert.ok(left > 200, `${left} were not tried`);
  });

  it("of one requirement after another is answered by one search as by a search for each", () => {
    let asked = 0;
    let vain = 0;
    let flawed = 0;
    const around = fc.record({ isKept: fc.boolean(), advisories: randomAdvisories(NAMES) });
    fc.assert(
      fc.property(
        index,
        question,
        around,
        (packages, { requirements, ...policy }, { isKept, advisories }) => {
          const knowledge = new MemoryKnowledge(packages, true);
          const project = projectOf(requirements, policy);
          const before = resolutionOf(project, knowledge, advisories);
          if (before.product === undefined) return;
          const ways = looseningsOf(project);
          const wishes = new Wishes(ways, undefined);
          const excerpt = isKept ? Excerpt.read(before.resolution.excerpt() as Uint8Array) : undefined;
          const kin = before.resolution.evidence.universe;
          const together = new Resolution(project, knowledge, { excerpt, advisories, wishes, kin });
          const { objective } = before.product;
          const hurried = new Resolution(project, knowledge, {
            ...{ excerpt, advisories },
            wishes: new Wishes(ways, undefined, objective),
            kin,
          });
          // And back again: what was asked before leaves no trace.
          const byWhatIsLeft = new Map<string, unknown>();
          for (const loosening of [...ways.flat(), ...ways.flat().reverse()]) {
            asked++;
            const left = together.leaves(loosening.name, loosening);
            const isAsBefore = left !== undefined && left === together.leaves(loosening.name);
            together.turnTo(loosening);
            const found = answerOf(together);
            const alone = answerOf(new Resolution(loosening.project, knowledge, { advisories }));
            assert.ok(found !== undefined && alone !== undefined, "a looser project has a stack too");
            assert.deepEqual(found.objective.slice(1), alone.objective, loosening.to);
            assert.equal(found.flawCount(), alone.flawCount());
            // The search ends as soon as it is known what is gained, if anything.
            hurried.turnTo(loosening);
            const soon = answerOf(hurried);
            const gain = firstGain(objective, alone.objective);
            assert.deepEqual(soon && firstGain(objective, soon.objective), gain);
            if (alone.flawCount() > 0) flawed++;
            if (gain === undefined) vain++;
            else {
              assert.equal(soon?.flawCount(), alone.flawCount());
            }
            if (isAsBefore) assert.deepEqual(alone.objective, before.product.objective);
            const known = byWhatIsLeft.get(`${loosening.name} ${left}`);
            if (left !== undefined && known !== undefined) assert.deepEqual(alone.objective, known);
            byWhatIsLeft.set(`${loosening.name} ${left}`, alone.objective);
          }
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(asked > 4000, `${asked} were asked`);
    assert.ok(vain > 1000 && asked - vain > 100, `${vain} of ${asked} in vain`);
    assert.ok(flawed > 500 && asked - flawed > 500, `${flawed} of ${asked} had flaws`);
  });
});

function resolutionOf(project: Project, knowledge: MemoryKnowledge, advisories: AdvisoryReader) {
  const resolution = new Resolution(project, knowledge, { advisories });
  return { resolution, product: answerOf(resolution) };
}

function answerOf(resolution: Resolution) {
  const step = resolution.step();
  return step.kind === "solved" ? step.product : undefined;
}
