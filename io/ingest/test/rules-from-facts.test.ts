// Rules that facts make.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, type TestContext, test } from "node:test";
import type { ReleaseNoteFact } from "@thoth/knowledge";
import { type PackageName, parsePackageName } from "@thoth/pep";
import { openPrescriptions } from "@thoth/prescriptions";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import fc from "fast-check";
import { type ProjectKnowledge, readPrescriptions, refreshRules } from "../src/index.ts";
import { rulesOf } from "../src/rules-from-facts/families.ts";
import { formatRules, unitName } from "../src/rules-from-facts/rule-text.ts";

const root = mkdtempSync(join(tmpdir(), "thoth-facts-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const NOW = Date.parse("2024-06-01T00:00:00Z") / 1000;
const DAY = 24 * 3600;
const named = (name: string) => parsePackageName(name);

function note(tag: string): ReleaseNoteFact {
  return { tag, url: `https://github.com/org/sample/releases/tag/${tag}`, title: "", text: "" };
}

const HEALTH = {
  status: "active",
  releases: 10,
  yanked: 0,
  maintainers: [],
  classifiers: [],
} as const;
const REPOSITORY = {
  url: "https://github.com/org/sample",
  archived: false,
  fork: false,
  stars: 500,
  forks: 20,
  contributors: 30,
} as const;

const SICK: ProjectKnowledge = {
  name: named("sample-tool"),
  health: {
    ...HEALTH,
    status: "deprecated",
    reason: "use\nanother\u202e",
    yanked: 4,
    lastUpload: NOW - 400 * DAY,
    newest: "2.0",
    largestFile: 5 * 1024 * 1024,
    repository: "https://github.com/org/sample",
  },
  repository: {
    ...REPOSITORY,
    archived: true,
    fork: true,
    stars: 1,
    forks: 0,
    contributors: 1,
    lastCommit: NOW - 500 * DAY,
  },
  scorecard: {
    repository: "github.com/org/sample",
    date: NOW,
    score: 3.2,
    checks: [
      { name: "Fuzzing", score: 0, reason: "project is not fuzzed" },
      { name: "License", score: 10, reason: "license file detected" },
      { name: "Packaging", score: -1, reason: "" },
      { name: "SAST", score: 7, reason: "" },
    ],
  },
  downloads: { days: 30, total: 1000, rank: 7 },
  notes: new Map([
    ["1.0", note("v1.0")],
    ["2.0", note("v2.0")],
  ]),
  flaws: 3,
};

const familiesOf = (project: ProjectKnowledge) => rulesOf(project, { now: NOW }).map(({ family }) => family);

async function worldOf(t: TestContext, projects: readonly ProjectKnowledge[] = [SICK]) {
  const folder = join(root, String(folders++));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const refresh = (now = projects, options = {}) => refreshRules(folder, now, { now: NOW, ...options });
  return { folder, refresh };
}

suite("rules from facts", () => {
  test("tell what is known of a project, and nothing of one of which nothing is remarkable", () => {
    assert.deepEqual(familiesOf(SICK), [
      "Source",
      "Status",
      "Archived",
      "Fork",
      "Popularity",
      "Contributors",
      "LastCommit",
      "LastRelease",
      "Yanks",
      "Vulnerabilities",
      "ArtifactSize",
      "Downloads",
      "Scorecards",
      "ReleaseNotes",
    ]);
    const well = { name: named("well"), health: { ...HEALTH, lastUpload: NOW }, notes: new Map(), flaws: 2 };
    assert.deepEqual(familiesOf(well), []);
    assert.equal(formatRules(well.name, []), undefined);
  });

  test("hold for the releases that they speak of", () => {
    const text = formatRules(SICK.name, rulesOf(SICK, { now: NOW })) ?? "";
    const compiled = compilePrescriptions([{ path: "facts.yaml", text }]);
    assert.deepEqual([compiled.errors, compiled.warnings], [[], []]);
    assert.equal(
      Object.values(compiled.counts).reduce((sum, count) => sum + count),
      14,
    );
    openPrescriptions(compiled.bytes);
    assert.ok(text.includes("version: ==2.0"), text);
    assert.ok(text.includes("tag_version_prefix: v"), text);
    assert.ok(!text.includes("\u202e"));
  });

  test("are worse for worse facts", () => {
    const says = (project: ProjectKnowledge, family: string) =>
      rulesOf(project, { now: NOW })
        .find((rule) => rule.family === family)
        ?.says?.map(({ type }) => type);
    assert.deepEqual(says(SICK, "Popularity"), ["WARNING"]);
    assert.deepEqual(says({ ...SICK, repository: REPOSITORY }, "Popularity"), ["INFO"]);
    assert.deepEqual(says(SICK, "Yanks"), ["WARNING"]);
    assert.deepEqual(says({ ...SICK, health: { ...HEALTH, yanked: 1 } }, "Yanks"), ["INFO"]);
    assert.deepEqual(says(SICK, "Scorecards"), ["INFO", "WARNING", "INFO"]);
  });

  test("link notes where most tags have one form", () => {
    const place = (...tags: [string, string][]) =>
      rulesOf(
        { ...SICK, notes: new Map(tags.map(([version, tag]) => [version, note(tag)])) },
        { now: NOW },
      ).find(({ family }) => family === "ReleaseNotes")?.notes?.prefix;
    assert.equal(place(["1.0", "1.0"]), "");
    assert.equal(place(["1.0", "sample-1.0"], ["2.0", "sample-2.0"]), "sample-");
    assert.equal(place(["1.0", "v1.0"], ["2.0", "2.0"]), undefined);
    assert.equal(place(["1.0", "rel_1_0"]), undefined);
    assert.equal(place(), undefined);
  });

  test("have names that no two projects share", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,3}$/);
    const name = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("-") as PackageName);
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.match(unitName(a, "Fork"), /^[\w-]+$/);
        assert.equal(unitName(a, "Fork") === unitName(b, "Fork"), a === b);
      }),
    );
  });

  test("can be compiled whatever others have written", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, text, (reason, url, tag) => {
        const project: ProjectKnowledge = {
          ...SICK,
          health: { ...HEALTH, status: "archived", reason },
          repository: { ...REPOSITORY, url, stars: 0 },
          scorecard: { repository: url, date: 0, score: 1, checks: [{ name: tag, score: 1, reason }] },
          notes: new Map([
            ["1.0", { ...note(`${tag}1.0`), url: `https://github.com/a/b/releases/tag/${tag}` }],
          ]),
        };
        const made = formatRules(project.name, rulesOf(project, { now: NOW })) ?? "";
        assert.deepEqual(compilePrescriptions([{ path: "facts.yaml", text: made }]).errors, []);
      }),
    );
  });
});

suite("a folder of rules", () => {
  test("is written once, and the same the second time", async (t) => {
    const { folder, refresh } = await worldOf(t);
    const first = await refresh();
    assert.deepEqual(first.added, ["sample-tool/facts.yaml"]);
    const path = join(folder, "sample-tool", "facts.yaml");
    const before = [readFileSync(path, "utf8"), statSync(path).ino];
    const second = await refresh();
    assert.deepEqual([second.added, second.changed, second.removed, second.unchanged], [[], [], [], 1]);
    assert.deepEqual([readFileSync(path, "utf8"), statSync(path).ino], before);
    const { rules } = await readPrescriptions(folder);
    assert.deepEqual(compilePrescriptions(rules).errors, []);
    // A day later the text is the same.
    assert.equal((await refresh([SICK], { now: NOW + DAY })).unchanged, 1);
  });

  test("loses what nothing is to be said of, unless other projects are meant", async (t) => {
    const { folder, refresh } = await worldOf(t);
    await refresh();
    const other = { ...SICK, name: named("other") };
    assert.deepEqual((await refresh([other], { keepOthers: true })).removed, []);
    const difference = await refresh([other]);
    assert.deepEqual([difference.removed, difference.unchanged], [["sample-tool/facts.yaml"], 1]);
    assert.deepEqual(readdirSync(folder), ["other"]);
    assert.equal((await refresh([{ ...other, flaws: 7 }])).changed.length, 1);
  });

  test("keeps what somebody wrote", async (t) => {
    const { folder, refresh } = await worldOf(t, [
      SICK,
      { ...SICK, name: named("linked") },
      { ...SICK, name: named("file") },
    ]);
    mkdirSync(join(folder, "sample-tool"), { recursive: true });
    const own = join(folder, "sample-tool", "facts.yaml");
    writeFileSync(own, "units: {}\n");
    writeFileSync(join(folder, "sample-tool", "other.yaml"), "units: {}\n");
    const elsewhere = join(root, `elsewhere-${folders}`);
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(folder, "linked"));
    writeFileSync(join(folder, "file"), "");
    const difference = await refresh();
    assert.deepEqual(difference.kept, ["file/facts.yaml", "linked/facts.yaml", "sample-tool/facts.yaml"]);
    assert.equal(readFileSync(own, "utf8"), "units: {}\n");
    assert.deepEqual(readdirSync(elsewhere), []);
    rmSync(own);
    assert.deepEqual((await refresh()).added, ["sample-tool/facts.yaml"]);
    await refresh([]);
    assert.deepEqual(readdirSync(join(folder, "sample-tool")), ["other.yaml"]);
    assert.ok(!existsSync(own));
  });
});
