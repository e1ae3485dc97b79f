import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AdvisoryReader, Flaw, Severity } from "@thoth/knowledge";
import { compareVersions, parseVersion } from "@thoth/pep";
import { parseObjective } from "../src/index.ts";
import { answer, DEFAULTS, type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";

const day = (n: number) => new Date(DEFAULTS.asOf * 1000 - n * 86_400_000).toISOString();

/** A flaw of the releases before `fixed`. */
function flaw(id: string, severity: Severity, fixed: string, more: Partial<Flaw> = {}): Flaw {
  return {
    id,
    aliases: [id],
    severity,
    score: undefined,
    exploited: false,
    malware: false,
    published: 0,
    summary: "",
    link: `https://advisories.test/${id}`,
    fixedIn: [fixed],
    affects: (version) => compareVersions(version, parseVersion(fixed)) < 0,
    ...more,
  };
}

function advisories(flaws: Readonly<Record<string, readonly Flaw[]>>): AdvisoryReader {
  return { flaws: (name) => flaws[name] ?? [], newest: 0, count: 1, identity: "" };
}

function objectiveOf(index: Index, requirements: readonly string[], policy = {}, known = advisories({})) {
  const step = resolve(new MemoryKnowledge(index, true), projectOf(requirements, policy), {
    advisories: known,
  });
  assert.ok(step.kind === "solved");
  return {
    pins: step.product.packages.map(({ name, version }) => `${name}==${version}`).join(" "),
    levels: Object.fromEntries(
      step.product.objective.filter(({ value }) => value !== 0).map(({ level, value }) => [level, value]),
    ),
  };
}

describe("security", () => {
  const index: Index = {
    app: { "1": { uploaded: day(400), requires: ["lib"] }, "2": { uploaded: day(100), requires: ["lib<2"] } },
    lib: { "1.5": { uploaded: day(300) }, "2.1": { uploaded: day(200) } },
  };

  it("leaves the newest where that is what it takes", () => {
    const known = advisories({ lib: [flaw("CVE-1", "high", "2")] });
    assert.deepEqual(objectiveOf(index, ["app"], { recommendationType: "security" }, known), {
      pins: "app==1 lib==2.1",
      levels: { surface: 2, "lag(direct)": 100 },
    });
    assert.equal(
      objectiveOf(index, ["app"], { recommendationType: "latest" }, known).pins,
      "app==2 lib==1.5",
    );
  });

  it("returns the least bad stack where nothing is clean", () => {
    const known = advisories({
      lib: [flaw("CVE-1", "critical", "2"), flaw("CVE-2", "low", "9")],
    });
    const found = objectiveOf(index, ["app==2"], { recommendationType: "security" }, known);
    assert.equal(found.pins, "app==2 lib==1.5");
    assert.equal(found.levels["vulnerability(≥ high)"], 1000);
    assert.equal(found.levels["vulnerability(all)"], 1030);
  });

  it("prefers a release with an attestation where the project is used to make them", () => {
    const policy = { recommendationType: "security" } as const;
    const signed: Index = {
      a: {
        "1": { uploaded: day(90) },
        "2": { uploaded: day(80), attested: true },
        "3": { uploaded: day(70) },
      },
      b: { "1": { uploaded: day(90) }, "2": { uploaded: day(80) } },
    };
    assert.equal(objectiveOf(signed, ["a", "b"], policy).pins, "a==2 b==2");
    assert.equal(objectiveOf(signed, ["a>2"], policy).levels["unproven"], 1);
  });

  it("counts a flaw that attackers use twice, and one that was not known yet not at all", () => {
    const exploited = advisories({ lib: [flaw("CVE-1", "high", "9", { exploited: true })] });
    const later = advisories({ lib: [flaw("CVE-1", "high", "9", { published: DEFAULTS.asOf + 1 })] });
    const policy = { recommendationType: "security" } as const;
    assert.equal(objectiveOf(index, ["app"], policy, exploited).levels["vulnerability(≥ high)"], 600);
    assert.equal(objectiveOf(index, ["app"], policy, later).levels["vulnerability(≥ high)"], undefined);
  });
});

describe("stable", () => {
  const policy = { recommendationType: "stable" } as const;

  it("waits a week, and for the first patch", () => {
    const index: Index = {
      a: { "1.0.1": { uploaded: day(90) }, "1.1.0": { uploaded: day(60) }, "1.2": { uploaded: day(3) } },
      b: { "1.1.0": { uploaded: day(90) }, "1.1.1": { uploaded: day(80) }, "1.2.0": { uploaded: day(30) } },
    };
    // 1.1.0 of `a` has no patch yet; 1.2 is too young.
    assert.deepEqual(objectiveOf(index, ["a", "b"], policy), {
      pins: "a==1.1.0 b==1.2.0",
      levels: { "lag(direct)": 3 },
    });
    const patched: Index = {
      a: { "1.0.1": { uploaded: day(60) }, "1.1.0": { uploaded: day(59) }, "1.1.1": { uploaded: day(2) } },
    };
    assert.equal(objectiveOf(patched, ["a"], policy).pins, "a==1.0.1");
  });

  it("forbids pre-releases and yanked releases, pinned ones too", () => {
    const index: Index = { a: { "1": {}, "2rc1": {} }, b: { "1": { yanked: true } } };
    assert.equal(answer(index, ["a"], policy), "a==1");
    assert.equal(answer(index, ["a>1"], policy), "unsatisfiable");
    assert.equal(answer(index, ["a>1"], { ...policy, prerelease: "allow" }), "a==2rc1");
    assert.equal(
      answer({ a: { "1": { requires: ["c"] } }, c: { "0.5b1": {}, "0.6b2": {} } }, ["a"], policy),
      "a==1 c==0.6b2",
    );
    assert.equal(answer(index, ["b==1"], policy), "unsatisfiable");
    assert.equal(answer(index, ["b==1"]), "b==1");
  });

  it("prefers wheels, and what is not stale", () => {
    const index: Index = {
      a: { "1": { uploaded: day(90) }, "2": { uploaded: day(80), wheels: [] } },
      b: { "1": { uploaded: day(3000), requires: ["c"] }, "2": { uploaded: day(500), requires: ["c<2"] } },
      c: { "1": { uploaded: day(900) }, "2": { uploaded: day(800) } },
    };
    assert.equal(objectiveOf(index, ["a"], { ...policy, allowBuild: true }).pins, "a==1");
    assert.deepEqual(objectiveOf(index, ["b"], policy), {
      pins: "b==1 c==2",
      levels: { "lag(direct)": 500 },
    });
    assert.equal(objectiveOf(index, ["b", "c<2"], policy).pins, "b==2 c==1");
    assert.equal(objectiveOf(index, ["b==2"], policy).levels["stale"], 1);
  });
});

describe("malware", () => {
  it("is never chosen, pinned or not, by any type", () => {
    const index: Index = { a: { "1": {}, "2": {} } };
    const known = advisories({
      a: [flaw("MAL-1", "unknown", "0", { malware: true, affects: ({ text }) => text === "2" })],
    });
    for (const recommendationType of ["latest", "testing", "stable", "security", "performance"] as const) {
      assert.equal(objectiveOf(index, ["a"], { recommendationType }, known).pins, "a==1");
      const pinned = resolve(new MemoryKnowledge(index, true), projectOf(["a==2"], { recommendationType }), {
        advisories: known,
      });
      assert.equal(pinned.kind, "unsatisfiable");
    }
  });
});

describe("an objective of the user's own", () => {
  const index: Index = {
    a: { "1": { uploaded: day(900) }, "2": { uploaded: day(10) } },
    b: { "1": { uploaded: day(900) }, "2": { uploaded: day(20) } },
  };
  const known = advisories({ a: [flaw("CVE-1", "low", "2")] });

  it("reorders, drops and weighs levels", () => {
    const objective = parseObjective("10*vulnerability(>=low) + surface, lag(direct)");
    assert.deepEqual(objectiveOf(index, ["a==1", "b"], { objective }, known).levels, {
      "10*vulnerability(≥ low) + surface": 302,
    });
  });

  it("is refused where it says nothing", () => {
    for (const text of ["", "speed", "lag(high)", "0*lag", "vulnerability(severe)", "lag,,rank", "__proto__"])
      assert.throws(() => parseObjective(text), { code: "usage" }, text);
    assert.throws(() => parseObjective("lag,".repeat(20)), { code: "usage" });
  });
});
