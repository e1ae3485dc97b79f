// A resolution that reads an excerpt answers as one that reads the knowledge: for the question that the excerpt was taken
// from, and for any other.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AdvisoryReader } from "@thoth/knowledge";
import { compareVersions, normalizeName, parseSpecifiers, parseVersion } from "@thoth/pep";
import fc from "fast-check";
import { writeExcerpt } from "../src/excerpt-writer.ts";
import {
  Excerpt,
  type Loosening,
  lockDocument,
  lockOf,
  looseningsOf,
  type Policy,
  type Project,
  type RecommendationType,
  Resolution,
  type ResolutionStep,
  type RuleBook,
  type RuleTerm,
  type Universe,
  Wishes,
} from "../src/index.ts";
import { type Index, MemoryKnowledge, projectOf, type Release } from "./memory.ts";
import { randomAdvisories } from "./random-advisories.ts";

const NAMES = ["a", "b", "c", "d", "e"];
const VERSIONS = ["1.0", "1.1", "2.0", "2.1rc1", "3.0"];
const day = (n: number) => new Date(Date.UTC(2025, 0, 1) + n * 86_400_000).toISOString();

const specifier = fc.constantFrom("", ">=1.1", "<2", "!=2.0", "==1.0", "==3.*", ">=2.1rc1", "~=1.0");
const requirement = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom("", "", "[x]"),
    specifier,
    fc.constantFrom("", "", "; extra == 'x'", "; sys_platform == 'win32'", "; python_version >= '3.8'"),
  )
  .map((parts) => parts.join(""));
const release: fc.Arbitrary<Release> = fc.record({
  requires: fc.array(requirement, { maxLength: 3 }),
  uploaded: fc.nat(40).map((n) => day(n * 10)),
  yanked: fc.nat(9).map((n) => n === 0),
  broken: fc.nat(5).map((n) => n === 0),
  wheels: fc.constantFrom(
    ["py3-none-any"],
    ["cp312-cp312-manylinux_2_17_x86_64", "cp311-cp311-win_amd64"],
    [],
  ),
  requiresPython: fc.constantFrom(">=3.8", ">=3.8", ">=3.13"),
});
const index: fc.Arbitrary<Index> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(fc.constantFrom(...VERSIONS), release, { minKeys: 1, maxKeys: 5 }),
  { minKeys: 2, maxKeys: 5 },
);
const question = fc.record({
  requirements: fc.array(requirement, { minLength: 1, maxLength: 3 }),
  asOf: fc.nat(45).map((n) => Date.parse(day(n * 10)) / 1000),
});

/** What developers and advisories know of the packages: the same for all questions of a type. */
interface Circumstances {
  readonly recommendationType: RecommendationType;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
}

const NOTHING: Circumstances = { recommendationType: "latest", advisories: undefined, rules: undefined };

const advisories = randomAdvisories(NAMES);
const condition = fc.record({
  name: fc.constantFrom(...NAMES).map((name) => normalizeName(name)),
  specifiers: fc.constantFrom("<2", ">=2", "==1.0").map((text) => parseSpecifiers(text)),
});
const rules = fc
  .array(
    fc.record({
      score: fc.constantFrom(-1, -0.25, 0.5),
      forbids: fc.constantFrom(undefined, undefined, "it breaks"),
      when: fc.uniqueArray(condition, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    }),
    { maxLength: 4 },
  )
  .map((terms): RuleBook => {
    const all = terms.map((term, at) => ({
      ...term,
      unit: `unit-${at}`,
      when: term.when as unknown as RuleTerm["when"],
      justification: [],
    }));
    return {
      identity: "",
      termsOf: (name) => all.filter(({ when: [first] }) => first.name === name),
      notesOf: () => [],
      skippersOf: () => [],
    };
  });
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  recommendationType: fc.constantFrom<RecommendationType>(
    "latest",
    "testing",
    "stable",
    "security",
    "performance",
  ),
  advisories: fc.option(advisories, { nil: undefined }),
  rules: fc.option(rules, { nil: undefined }),
});

interface Answer {
  readonly text: string;
  readonly weight: string;
  readonly excerpt: Uint8Array | undefined;
  /** With the choices of the excerpt that was read. */
  readonly followed: Uint8Array | undefined;
  readonly universe: Universe | undefined;
}

/** Of a wish: what follows from another question. */
interface Following {
  readonly loosening: Loosening;
  readonly wishes: Wishes;
  readonly kin?: Universe | undefined;
}

/** The whole answer as text; what is unknown is revealed when it is asked for. */
function answerOf(
  index: Index | MemoryKnowledge,
  asked: Project,
  excerpt?: Excerpt,
  { recommendationType, advisories, rules }: Circumstances = NOTHING,
  following?: Following,
): Answer {
  const knowledge = index instanceof MemoryKnowledge ? index : new MemoryKnowledge(index, true);
  const { policy } = asked;
  const isTyped = policy.recommendationType === recommendationType;
  const project = isTyped ? asked : { ...asked, policy: { ...policy, recommendationType } };
  const { wishes, kin, loosening } = following ?? {};
  const resolution = new Resolution(project, knowledge, { excerpt, advisories, rules, wishes, kin });
  if (loosening !== undefined) resolution.turnTo(loosening);
  for (;;) {
    const step = resolution.step();
    if (step.kind === "needs") {
      knowledge.reveal(step.needs);
      continue;
    }
    const weight = weightOf(step);
    const text = following === undefined ? textOf(step) : weight;
    const universe = step.kind === "solved" ? resolution.evidence.universe : undefined;
    return { text, weight, excerpt: resolution.excerpt(), followed: resolution.excerpt("before"), universe };
  }
}

function weightOf(step: ResolutionStep): string {
  if (step.kind !== "solved") return "none";
  const { objective, flawCount } = step.product;
  return JSON.stringify([objective.filter(({ level }) => level !== "outside"), flawCount()]);
}

function textOf(step: ResolutionStep): string {
  if (step.kind === "unsatisfiable") return JSON.stringify(step.failure);
  if (step.kind !== "solved") return step.kind;
  const { product } = step;
  const flaws = product.advice().reduce((sum, { flaws: known }) => sum + known.length, 0);
  assert.equal(product.flawCount(), flaws);
  return JSON.stringify([lockDocument(product), lockOf(product), product.consulted, product.advice()]);
}

const isSolved = ({ text }: Answer) => text.startsWith("[");
/** Nothing was read, and there is no excerpt, where no requirement applies. */
const read = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Excerpt.read(bytes));
/** As it lies in memory: what reads the same bytes reads the same excerpt. */
const lying = new WeakMap<Uint8Array, Excerpt>();
const readAgain = (bytes: Uint8Array | undefined) => {
  const excerpt = bytes && (lying.get(bytes) ?? Excerpt.read(bytes));
  if (bytes !== undefined && excerpt !== undefined) lying.set(bytes, excerpt);
  return excerpt;
};
const project = (requirements: readonly string[], policy: Partial<Policy> = {}) =>
  projectOf(requirements, policy);

describe("excerpt", () => {
  it("answers as the knowledge does, and soon asks for nothing", () => {
    fc.assert(
      fc.property(index, question, fc.boolean(), (packages, { requirements, asOf }, everything) => {
        const asked = project(requirements, { asOf });
        // What was known when an excerpt was made is known when it is read: it is void otherwise.
        const knowledge = new MemoryKnowledge(packages, everything);
        const first = answerOf(knowledge, asked);
        if (!isSolved(first)) return;
        // What is guessed leads another way than the first search went, so that a few excerpts may follow each other.
        let latest = first;
        for (let round = 0; latest.excerpt !== undefined && round < 5; round++) {
          latest = answerOf(knowledge, asked, read(latest.excerpt));
          assert.equal(latest.text, first.text);
        }
        assert.ok(latest.excerpt === undefined, "something was read");
      }),
      { numRuns: 2000 },
    );
  });

  it("answers other questions as the knowledge does", () => {
    fc.assert(
      fc.property(index, question, question, (packages, one, other) => {
        const { excerpt } = answerOf(packages, project(one.requirements, one));
        const asked = project(other.requirements, other);
        assert.equal(answerOf(packages, asked, read(excerpt)).text, answerOf(packages, asked).text);
      }),
      { numRuns: 3000 },
    );
  });

  it("answers as the knowledge, the advisories and the rules do", () => {
    fc.assert(
      fc.property(index, question, question, circumstances, (packages, one, other, around) => {
        const asked = project(one.requirements, one);
        const first = answerOf(packages, asked, undefined, around);
        const again = answerOf(packages, asked, read(first.excerpt), around);
        assert.equal(again.text, first.text);
        const otherwise = project(other.requirements, other);
        assert.equal(
          answerOf(packages, otherwise, read(again.excerpt ?? first.excerpt), around).text,
          answerOf(packages, otherwise, undefined, around).text,
        );
      }),
      { numRuns: 4000 },
    );
  });

  it("is taken again from a resolution that read one", () => {
    fc.assert(
      fc.property(index, question, question, (packages, one, other) => {
        const { excerpt } = answerOf(packages, project(one.requirements, one));
        const asked = project(other.requirements, other);
        const second = answerOf(packages, asked, read(excerpt));
        assert.equal(answerOf(packages, asked, read(second.excerpt)).text, second.text);
      }),
      { numRuns: 1500 },
    );
  });

  it("holds what was asked after the first question beside it, and soon asks for nothing", () => {
    fc.assert(
      fc.property(index, question, circumstances, (packages, one, around) => {
        const knowledge = new MemoryKnowledge(packages, true);
        const ask = (asked: Project, bytes: Uint8Array | undefined, following?: Following) =>
          answerOf(knowledge, asked, readAgain(bytes), around, following);
        const asked = project(one.requirements, { ...one, recommendationType: around.recommendationType });
        const ways = looseningsOf(asked);
        const loosening = ways[0]?.at(-1);
        if (loosening === undefined) return;
        const wish = (bytes: Uint8Array | undefined, kin?: Universe) =>
          ask(asked, bytes, { loosening, wishes: new Wishes(ways, around.rules), kin });
        const first = ask(asked, undefined);
        if (!isSolved(first)) return;
        const second = wish(undefined);
        // There a pin decides about candidates, and what is looser has none.
        if (around.recommendationType !== "latest")
          assert.equal(second.weight, ask(loosening.project, undefined).weight);
        let kept = first.excerpt;
        let isAsking = true;
        for (let round = 0; isAsking && round < 6; round++) {
          const again = ask(asked, kept);
          kept = again.excerpt ?? kept;
          const beside = wish(kept, again.universe);
          kept = beside.followed ?? kept;
          assert.deepEqual([again.text, beside.text], [first.text, second.text]);
          isAsking = again.excerpt !== undefined || beside.followed !== undefined;
        }
        assert.ok(!isAsking, "something is read again and again");
      }),
      { numRuns: 3000 },
    );
  });

  it("tells the flaws of a release that only a wish chooses, without asking for its record again", () => {
    const packages: Index = { b: { "1.0": {}, "1.5": {}, "2.0": { requires: ["missing"] } } };
    const flaw = { id: "F", aliases: ["F"], severity: "high", exploited: false, malware: false } as const;
    const advisories: AdvisoryReader = {
      flaws: (name) =>
        name === "b"
          ? [
              {
                ...flaw,
                published: 0,
                score: undefined,
                summary: "",
                link: "",
                fixedIn: ["2.0"],
                affects: (version) => compareVersions(version, parseVersion("2.0")) < 0,
              },
            ]
          : [],
      newest: 0,
      count: 1,
      identity: "",
    };
    const around: Circumstances = { recommendationType: "latest", advisories, rules: undefined };
    const knowledge = new MemoryKnowledge(packages, true);
    const asked = project(["b==1.0"]);
    const ways = looseningsOf(asked);
    const loosening = ways[0]?.at(-1);
    assert.ok(loosening);
    const first = answerOf(knowledge, asked, undefined, around);
    const wish = (bytes: Uint8Array | undefined) => {
      const main = answerOf(knowledge, asked, readAgain(bytes), around);
      const wishes = new Wishes(ways, undefined);
      return answerOf(knowledge, asked, readAgain(bytes), around, { loosening, wishes, kin: main.universe });
    };
    const once = wish(first.excerpt);
    assert.ok(once.followed !== undefined, "the release is new to the excerpt");
    const again = wish(once.followed);
    assert.equal(again.weight, once.weight);
    assert.match(again.weight, /,1\]$/);
    assert.equal(again.followed, undefined);
  });

  it("tells of a broken release that was passed over, also where it was looked at with an extra only", () => {
    const packages: Index = {
      a: { "1.0": { requires: ["d"] } },
      d: { "1.0": { requires: ["c<2; extra == 'x'", "c[x]"], extras: ["x"] } },
      c: {
        "1.0": { extras: ["x"] },
        "1.1": { broken: true },
        "2.0": { requires: ["c~=1.0; extra == 'x'", "a==3.*; extra == 'x'"], extras: ["x"] },
      },
    };
    const { excerpt } = answerOf(packages, project(["a"]));
    const asked = project(["d[x]"]);
    const told = answerOf(packages, asked).text;
    assert.match(told, /c 1\.1 was passed over/);
    assert.equal(answerOf(packages, asked, read(excerpt)).text, told);
  });

  it("is given up when the knowledge no longer says what it says", () => {
    const before: Index = { a: { "1.0": {}, "2.0": { requires: ["b"] } }, b: { "1.0": {} } };
    const after: Index = { a: { "1.0": {}, "2.0": {}, "2.5": {} }, b: { "1.0": {}, "2.0": {} } };
    const { excerpt } = answerOf(before, project(["a"]));
    // A bound that the excerpt has not seen makes it read the record, which has other releases by now.
    const asked = project(["a<2.2"]);
    assert.equal(answerOf(after, asked, read(excerpt)).text, answerOf(after, asked).text);
  });

  it("is not read when its bytes are none", () => {
    const { excerpt } = answerOf({ a: { "1.0": {} } }, project(["a"]));
    const bytes = excerpt as Uint8Array;
    assert.equal(Excerpt.read(new Uint8Array(0)), undefined);
    assert.equal(Excerpt.read(bytes.subarray(0, 50)), undefined);
    assert.equal(Excerpt.read(bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))), undefined);
  });

  it("has room for as much as an index cares to list", () => {
    const many = 200_000;
    const name = normalizeName("a");
    const bytes = writeExcerpt({
      projects: [
        {
          name,
          roles: 0,
          candidates: {
            count: many,
            stable: many,
            uploaded: new Uint32Array(many).fill(7),
            yanks: false,
            dates: { from: 0, until: 10 },
            pins: "",
            traits: { flags: {}, points: {} },
          },
        },
      ],
      releases: Array.from({ length: many }, (_, release) => ({
        package: 0,
        release,
        needs:
          release === 0 ? Array.from({ length: many }, (_, range) => ({ package: 0, range })) : "unusable",
        refusal: undefined,
        consulted: -1,
      })),
      ranges: [],
      packageOf: () => ({ name, extra: undefined }),
      rangeOf: (range) => ({ package: 0, text: `>=${range}` }),
      setOf: () => undefined,
    });
    const excerpt = read(bytes) as Excerpt;
    assert.equal(excerpt.needs(0, 0)?.needs.length, many);
    // A look at each must not be a look at all.
    for (let at = 1; at < many; at++) {
      assert.equal(excerpt.needs(0, at)?.needs, "unusable");
      assert.equal(excerpt.rangeNamed(0, `>=${at}`), at);
    }
    assert.equal(excerpt.rangeNamed(0, "<1"), -1);
    assert.equal(excerpt.needs(0, many), undefined);
    const project = excerpt.project("a", { asOf: 5, pins: "" });
    assert.equal(typeof project === "object" && project?.uploaded.length, many);
  });
});
