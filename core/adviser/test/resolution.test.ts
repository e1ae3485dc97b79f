import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answer, type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";

const day = (n: number) => new Date(Date.UTC(2025, 0, 1) + n * 86_400_000).toISOString();

describe("latest", () => {
  it("takes the newest of everything where that agrees", () => {
    const index: Index = { a: { "1": {}, "2": { requires: ["b"] } }, b: { "1": {}, "1.5": {}, "2rc1": {} } };
    assert.equal(answer(index, ["a"]), "a==2 b==1.5");
  });

  it("would rather lag a few days than years", () => {
    const index: Index = {
      boto: { "10": { uploaded: day(300) }, "11": { uploaded: day(301) }, "12": { uploaded: day(310) } },
      aio: {
        "1": { uploaded: day(1) },
        "2": { uploaded: day(305), requires: ["boto<12"] },
      },
    };
    assert.equal(answer(index, ["boto", "aio"]), "aio==2 boto==11");
    assert.equal(answer(index, ["aio", "boto"]), "aio==2 boto==11");
  });

  it("ranks where one candidate has no upload time", () => {
    const index: Index = {
      boto: { "10": { uploaded: day(300) }, "11": { uploaded: day(301) }, "12": {} },
      aio: { "1": { uploaded: day(1) }, "2": { uploaded: day(305), requires: ["boto<11"] } },
    };
    assert.equal(answer(index, ["boto", "aio"]), "aio==1 boto==12");
  });

  it("chooses a pre-release only where no stable release does", () => {
    const index: Index = { a: { "1": {}, "2a1": {} }, b: { "1": { requires: ["a>=2a1"] } } };
    assert.equal(answer(index, ["a"]), "a==1");
    assert.equal(answer(index, ["a", "b"]), "a==2a1 b==1");
    assert.equal(answer(index, ["a"], { prerelease: "allow" }), "a==2a1");
    assert.equal(answer(index, ["a", "b"], { prerelease: "disallow" }), "unsatisfiable");
    assert.equal(answer(index, ["a"], { recommendationType: "testing" }), "a==2a1");
  });

  it("takes a yanked release only under a pin of the user's", () => {
    const index: Index = { a: { "1": {}, "2": { yanked: true } }, b: { "1": { requires: ["a==2"] } } };
    assert.equal(answer(index, ["a"]), "a==1");
    assert.equal(answer(index, ["a==2"]), "a==2");
    assert.equal(answer(index, ["b"]), "unsatisfiable");
  });

  it("tells of a release that it would have taken, and of no other", () => {
    const index: Index = {
      a: { "1": {}, "2": { broken: true }, "3": { broken: true } },
      b: { "1": { requires: ["a<3"] }, "2": { broken: true } },
    };
    const step = resolve(new MemoryKnowledge(index, true), projectOf(["a", "b<2"]));
    assert.deepEqual(step.kind === "solved" && step.product.warnings, ["a 2 was passed over: it is broken"]);
  });

  it("tells of one release, and how many more there are, where several of a package cannot be used", () => {
    const packages: Index = {
      a: { "1": {}, "2": { broken: true }, "3": { broken: true }, "4": { broken: true } },
    };
    const step = resolve(new MemoryKnowledge(packages, true), projectOf(["a"]));
    assert.deepEqual(step.kind === "solved" && step.product.warnings, [
      "a 4 was passed over: it is broken; so were 2 more releases",
    ]);
  });

  it("follows extras, markers and constraints", () => {
    const index: Index = {
      a: {
        "1": {
          requires: ["b; extra == 'x'", "c; python_version < '3'", "a[y]; extra == 'all'", "d; extra == 'y'"],
          extras: ["x", "y", "all"],
        },
      },
      b: { "1": {}, "2": {} },
      c: { "1": {} },
      d: { "1": {} },
    };
    assert.equal(answer(index, ["a"]), "a==1");
    assert.equal(answer(index, ["a[x]"], {}, ["b<2"]), "a==1 b==1");
    assert.equal(answer(index, ["a[all]"], {}, ["b<2"]), "a==1 d==1");
    assert.equal(answer(index, ["a[unknown]"]), "a==1");
  });

  it("respects dates, Python bounds and platforms", () => {
    const index: Index = {
      a: {
        "1": { uploaded: day(1) },
        "2": { uploaded: day(20), requiresPython: ">=3.13" },
        "3": { uploaded: day(30), wheels: ["cp312-cp312-win_amd64"] },
        "4": { uploaded: day(40) },
      },
    };
    assert.equal(answer(index, ["a"]), "a==4");
    assert.equal(answer(index, ["a"], { asOf: Date.parse(day(35)) / 1000 }), "a==1");
  });

  it("passes over a wheel whose tags mean nothing", () => {
    const index: Index = { a: { "1": {}, "2": { wheels: ["py36+-none-any"] } } };
    assert.equal(answer(index, ["a"]), "a==1");
  });

  it("resolves to the lowest when asked", () => {
    const index: Index = {
      a: { "1": { requires: ["b>=2"] }, "2": { requires: ["b"] } },
      b: { "1": {}, "2": {}, "3": {} },
    };
    assert.equal(answer(index, ["a"], { resolution: "lowest" }), "a==1 b==2");
    assert.equal(answer(index, ["a"], { resolution: "lowest-direct" }), "a==1 b==3");
  });

  it("gives the same answer in whatever order facts arrive", () => {
    const index: Index = {
      a: { "1": {}, "2": { requires: ["c<2", "d"] }, "3": { requires: ["c<1"] } },
      b: { "1": { requires: ["c"] }, "2": { requires: ["c>=1.5", "d"] } },
      c: { "1": {}, "1.5": {}, "2": {} },
      d: { "1": {}, "2": { requires: ["c<1.5"] } },
    };
    const answers = [1, 2, 100].map((some) => {
      const step = resolve(new MemoryKnowledge(index, false), projectOf(["a", "b"]), { some: () => some });
      assert.equal(step.kind, "solved");
      return step.kind === "solved"
        ? JSON.stringify(step.product.packages.map(({ name, version }) => [name, version]))
        : "";
    });
    assert.equal(new Set(answers).size, 1);
  });
});

describe("failure", () => {
  it("names the two bounds and not the history", () => {
    const pydantic = Object.fromEntries(
      Array.from({ length: 30 }, (_, minor) => [
        `2.${minor}.0`,
        { requires: [`extensions>=${minor < 6 ? "4.0" : minor < 12 ? "4.6.1" : "4.12.2"}`] },
      ]),
    );
    const index: Index = {
      tensorflow: {
        "2.13.0": { requires: ["extensions<4.6.0,>=3.6.6"] },
        "2.14.0": { requires: ["extensions>=3.6.6"] },
      },
      pydantic,
      extensions: { "4.5.0": {}, "4.6.1": {}, "4.7": {}, "4.12.2": {}, "4.15": {} },
    };
    const step = resolve(
      new MemoryKnowledge(index, false),
      projectOf(["tensorflow==2.13.0", "pydantic>=2.6"]),
    );
    assert.equal(step.kind, "unsatisfiable");
    if (step.kind !== "unsatisfiable") return;
    const { sentences } = step.failure;
    assert.ok(sentences.includes("tensorflow 2.13.0 needs extensions <4.6.0,>=3.6.6"), sentences.join("\n"));
    assert.ok(sentences.includes("pydantic 2.6.0 or later needs extensions >=4.6.1"), sentences.join("\n"));
    assert.equal(sentences.length, 4);
  });

  it("tells what is missing from what does not fit", () => {
    const index: Index = { a: { "1": { wheels: ["cp27-cp27m-win32"] } }, requests: { "1": {} } };
    assert.equal(answer(index, ["nothing"]), "package-not-found");
    assert.equal(answer(index, ["a"]), "no-matching-artifact");
    assert.equal(answer(index, ["requests>3"]), "unsatisfiable");
    assert.equal(
      answer({ a: { "1": { wheels: ["cp27-cp27m-win32"] }, "2": {} } }, ["a==1"]),
      "no-matching-artifact",
    );
    assert.equal(answer({ a: { "1": { requiresPython: "<3" } } }, ["a==1"]), "no-matching-artifact");
    assert.equal(answer({ a: { "1": { yanked: true }, "2": {} } }, ["a<2"]), "unsatisfiable");
    const step = resolve(new MemoryKnowledge(index, false), projectOf(["reqeusts"]));
    assert.ok(
      step.kind === "unsatisfiable" && step.failure.hints.some((hint) => hint.includes("`requests`")),
    );
  });
});
