// What fits, against what a resolution of that one package takes.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { normalizeName } from "@thoth/pep";
import fc from "fast-check";
import { describeExclusion, type Fitting, fittingReleases } from "../src/index.ts";
import { MemoryKnowledge, projectOf, type Release, resolve } from "./memory.ts";

const name = normalizeName("demo");
const VERSIONS = ["1.0", "1.1", "1.2rc1", "2.0", "2.1.dev1", "2.1"];

const release = fc.record({
  requiresPython: fc.constantFrom(">=3.8", ">=3.13", "<3.10"),
  uploaded: fc.constantFrom("2020-02-02T00:00:00Z", "2027-05-05T00:00:00Z"),
  yanked: fc.boolean(),
  wheels: fc.constantFrom(["py3-none-any"], ["cp312-cp312-win_amd64"], ["cp311-cp311-manylinux_2_17_x86_64"]),
});

function fittingOf(releases: Readonly<Record<string, Release>>, ...project: Parameters<typeof projectOf>) {
  const knowledge = new MemoryKnowledge({ demo: releases }, true);
  const asked = projectOf(...project);
  return {
    fitting: fittingReleases(name, { project: asked, knowledge, advisories: undefined }) as Fitting,
    project: asked,
    knowledge,
  };
}

suite("fitting releases", () => {
  test("the newest that fits and is asked for is what a resolution takes", () => {
    const some = fc.dictionary(fc.constantFrom(...VERSIONS), release, { minKeys: 1 });
    const bounds = fc.constantFrom(
      "",
      "<2",
      ">=1.1",
      ">=1.2rc1",
      "==1.1",
      "==2.1.dev1",
      ">2.0,<2.1",
      "!=2.1",
    );
    const policy = fc.record({
      prerelease: fc.constantFrom("if-necessary" as const, "allow" as const, "disallow" as const),
      recommendationType: fc.constantFrom("latest" as const, "testing" as const),
    });
    fc.assert(
      fc.property(some, bounds, policy, (releases, bound, wish) => {
        const { fitting, project, knowledge } = fittingOf(releases, [`demo${bound}`], wish);
        const { record, excluded, admitted } = fitting;
        const taken = excluded.findIndex((reason, at) => reason === undefined && admitted[at] === true);
        const step = resolve(knowledge, project);
        assert.equal(
          step.kind === "solved" ? step.product.packages[0]?.version : undefined,
          taken < 0 ? undefined : record.versionText(taken),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("reasons are told in words", () => {
    const { fitting, project } = fittingOf(
      {
        "3.0": { wheels: ["cp38-cp38-manylinux_2_17_x86_64"] },
        "2.0": { requiresPython: ">=3.13" },
        "1.0": { yanked: true },
        "0.9": {},
        "0.8": { wheels: [] },
      },
      [],
    );
    const { record, excluded, built, newest } = fitting;
    const words = excluded.map(
      (reason, at) => reason && describeExclusion(reason, { record, release: at, target: project.target }),
    );
    assert.deepEqual(words, [
      "wheels for Python 3.8 only",
      "needs Python >=3.13",
      "yanked",
      undefined,
      undefined,
    ]);
    assert.deepEqual(built, [false, false, false, false, true]);
    assert.equal(newest, 3);
  });

  test("a project that no index has is none, and one that is not known is unknown", () => {
    const project = projectOf(["demo"]);
    const ask = (knowledge: MemoryKnowledge) =>
      fittingReleases(name, { project, knowledge, advisories: undefined });
    assert.equal(ask(new MemoryKnowledge({}, true)), null);
    assert.equal(ask(new MemoryKnowledge({}, false)), undefined);
  });
});
