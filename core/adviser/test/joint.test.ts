// Several environments resolved together, against brute force: every stack of every environment, written anew here, and
// all ways to take one of each.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  compareVersions,
  evaluateMarker,
  formatMarker,
  normalizeName,
  parseRequirement,
  parseVersion,
  parseWheelFilename,
  type Requirement,
  selectPylock,
  specifiersContain,
  type TargetEnvironment,
  targetEnvironment,
} from "@thoth/pep";
import fc from "fast-check";
import {
  type JointProduct,
  JointResolution,
  type JointStep,
  jointLockOf,
  keptVersions,
  requirementsText,
} from "../src/index.ts";
import { DEFAULTS, type Index, MemoryKnowledge, projectOf, type Release } from "./memory.ts";

const NAMES = ["alpha", "beta", "gamma", "delta"];
const VERSIONS = ["1.0", "1.1", "2.0"];
const ENVIRONMENTS = [
  { pythonVersion: "3.12.0", platform: "linux-x86_64" },
  { pythonVersion: "3.12.0", platform: "windows-x86_64" },
  { pythonVersion: "3.11.0", platform: "macos-arm64" },
].map((description) => targetEnvironment(description));
const BOUNDS = ["", "", "<2", ">=1.1", "==1.0", "!=2.0"];
const MARKERS = [
  "",
  "",
  " ; sys_platform == 'win32'",
  " ; sys_platform != 'win32'",
  " ; python_version < '3.12'",
];
const WHEELS: readonly (readonly string[])[] = [
  ["py3-none-any"],
  ["py3-none-any"],
  ["cp312-cp312-win_amd64", "cp312-cp312-manylinux_2_17_x86_64"],
  ["cp312-cp312-manylinux_2_17_x86_64", "cp311-cp311-macosx_11_0_arm64"],
  ["py3-none-win_amd64"],
  // A source distribution alone.
  [],
];

interface Question {
  readonly index: Index;
  readonly roots: readonly string[];
  readonly environments: readonly TargetEnvironment[];
  /** What each environment has already: it is preferred. */
  readonly kept?: readonly Stack[];
}

const need = (at: number) =>
  fc
    .tuple(fc.constantFrom(...NAMES.slice(at)), fc.constantFrom(...BOUNDS), fc.constantFrom(...MARKERS))
    .map((parts) => parts.join(""));

const release = (at: number): fc.Arbitrary<Release> =>
  fc.record({
    requires: at + 1 < NAMES.length ? fc.array(need(at + 1), { maxLength: 2 }) : fc.constant([]),
    uploaded: fc.integer({ min: 1, max: 9 }).map((month) => `2025-0${month}-01T00:00:00Z`),
    wheels: fc.constantFrom(...WHEELS),
  });

const question: fc.Arbitrary<Question> = fc.record({
  index: fc
    .tuple(...NAMES.map((_, at) => fc.tuple(...VERSIONS.map(() => release(at)))))
    .map((projects) =>
      Object.fromEntries(
        NAMES.map((name, at) => [
          name,
          Object.fromEntries(VERSIONS.map((version, place) => [version, projects[at]?.[place] as Release])),
        ]),
      ),
    ),
  roots: fc.array(need(0), { minLength: 1, maxLength: 2 }),
  environments: fc.subarray(ENVIRONMENTS, { minLength: 2 }),
});

type Stack = ReadonlyMap<string, string>;

const applies = ({ marker }: Requirement, { markers }: TargetEnvironment) =>
  marker === undefined || evaluateMarker(marker, markers);

const admits = ({ specifiers }: Requirement, version: string) =>
  specifiersContain(specifiers, parseVersion(version));

/** `wheel`, `sdist`, or undefined where a release does not install. */
function installs(name: string, version: string, { wheels = [] }: Release, { tags }: TargetEnvironment) {
  if (wheels.length === 0) return "sdist";
  const fits = wheels.some((tag) =>
    parseWheelFilename(`${name}-${version}-${tag}.whl`).tags.some((one) => tags.has(one)),
  );
  return fits ? "wheel" : undefined;
}

/** All stacks of an environment: what is chosen is needed, and what is needed is chosen as it should be. */
function stacksOf({ index, roots }: Question, environment: TargetEnvironment): Stack[] {
  const stacks: Stack[] = [];
  const wanted = roots.map((text) => parseRequirement(text)).filter((one) => applies(one, environment));
  const go = (chosen: Stack): void => {
    const needs = [
      ...wanted,
      ...[...chosen].flatMap(([name, version]) =>
        (index[name]?.[version]?.requires ?? [])
          .map((text) => parseRequirement(text))
          .filter((one) => applies(one, environment)),
      ),
    ];
    if (needs.some((one) => chosen.has(one.name) && !admits(one, chosen.get(one.name) as string))) return;
    const open = needs.find(({ name }) => !chosen.has(name));
    if (open === undefined) {
      stacks.push(chosen);
      return;
    }
    for (const [version, one] of Object.entries(index[open.name] ?? {}))
      if (installs(open.name, version, one, environment) !== undefined)
        go(new Map([...chosen, [open.name, version]]));
  };
  go(new Map());
  return stacks;
}

const LEVELS = ["build", "lag(direct)", "rank(direct)", "lag(rest)", "rank(rest)"] as const;

/** What a stack costs: builds, then days and ranks. */
function costsOf({ index, roots }: Question, environment: TargetEnvironment, stack: Stack): number[] {
  const costs = LEVELS.map(() => 0);
  const wanted = roots.map((text) => parseRequirement(text)).filter((one) => applies(one, environment));
  for (const [name, version] of stack) {
    const releases = index[name] ?? {};
    const bounds = wanted.filter((one) => one.name === name);
    const better = Object.entries(releases).filter(
      ([other, one]) =>
        compareVersions(parseVersion(other), parseVersion(version)) > 0 &&
        installs(name, other, one, environment) !== undefined &&
        bounds.every((bound) => admits(bound, other)),
    );
    const since = Math.min(...better.map(([, { uploaded = "" }]) => Date.parse(uploaded) / 1000));
    const place = bounds.length > 0 ? 1 : 3;
    const add = (level: number, cost: number) => {
      costs[level] = (costs[level] as number) + cost;
    };
    add(0, installs(name, version, releases[version] as Release, environment) === "sdist" ? 1 : 0);
    add(place, better.length === 0 ? 0 : Math.floor((DEFAULTS.asOf - since) / 86_400));
    add(place + 1, better.length);
  }
  return costs;
}

function differencesOf(stacks: readonly Stack[]): number {
  return NAMES.filter((name) => {
    const versions = stacks.flatMap((stack) => (stack.has(name) ? [stack.get(name)] : []));
    return new Set(versions).size > 1;
  }).length;
}

function vectorOf(asked: Question, stacks: readonly Stack[]): number[] {
  const costs = stacks.map((stack, at) => costsOf(asked, asked.environments[at] as TargetEnvironment, stack));
  const sums = LEVELS.map((_, level) => costs.reduce((sum, one) => sum + (one[level] as number), 0));
  const changes = asked.kept === undefined ? [] : [changesOf(asked.kept, stacks)];
  return [sums[0] as number, ...changes, differencesOf(stacks), ...sums.slice(1)];
}

function changesOf(kept: readonly Stack[], stacks: readonly Stack[]): number {
  return stacks.reduce(
    (sum, stack, at) => sum + [...stack].filter(([name, version]) => kept[at]?.get(name) !== version).length,
    0,
  );
}

function leastOf(asked: Question): number[] | undefined {
  let best: number[] | undefined;
  const go = (taken: readonly Stack[]): void => {
    const next = asked.environments[taken.length];
    if (next !== undefined) {
      for (const stack of stacksOf(asked, next)) go([...taken, stack]);
      return;
    }
    const vector = vectorOf(asked, taken);
    const at = vector.findIndex((value, level) => value !== best?.[level]);
    if (best === undefined || (at >= 0 && (vector[at] as number) < (best[at] as number))) best = vector;
  };
  go([]);
  return best;
}

const versionsOf = (stack: Stack) =>
  new Map([...stack].map(([name, version]) => [normalizeName(name), parseVersion(version)]));

function resolve({ index, roots, environments, kept }: Question): Exclude<JointStep, { kind: "needs" }> {
  const knowledge = new MemoryKnowledge(index, false);
  const projects = environments.map((target, at) => {
    const current = kept && versionsOf(kept[at] ?? new Map());
    return { project: { ...projectOf(roots, { allowBuild: true, current }), target } };
  });
  const resolution = new JointResolution(projects, knowledge);
  for (;;) {
    const step = resolution.step();
    if (step.kind !== "needs") return step;
    knowledge.reveal(step.needs);
  }
}

const stacksIn = ({ products }: JointProduct): Stack[] =>
  products.map(({ packages }) => new Map(packages.map(({ name, version }) => [name, version])));

/** What each environment would install of the lock. */
function selectedIn(joint: JointProduct, environments: readonly TargetEnvironment[]): Stack[] {
  const lock = jointLockOf(joint);
  return environments.map(
    (target) =>
      new Map(
        selectPylock(lock, target).map(({ package: { name, version } }) => [name, version?.text ?? ""]),
      ),
  );
}

const sorted = (stacks: readonly Stack[]) => stacks.map((stack) => [...stack].sort());

describe("environments resolved together", () => {
  it("have the least differences and costs that there are, by brute force", () => {
    const seen = new Set<number | undefined>();
    fc.assert(
      fc.property(question, (asked) => {
        const expected = leastOf(asked);
        seen.add(expected?.[1]);
        const answer = resolve(asked);
        if (expected === undefined) {
          assert.equal(answer.kind, "unsatisfiable");
          const { environment } = answer as Extract<JointStep, { kind: "unsatisfiable" }>;
          assert.equal(
            environment,
            asked.environments.findIndex((one) => stacksOf(asked, one).length === 0),
          );
          return;
        }
        assert.ok(answer.kind === "solved");
        const { joint } = answer;
        const found = joint.objective.filter(({ level }) => level !== "prerelease");
        assert.deepEqual(
          found.map(({ level, value, bound }) => [level, value, bound]),
          [LEVELS[0], "differences", ...LEVELS.slice(1)].map((level, at) => [
            level,
            expected[at],
            expected[at],
          ]),
        );
        const stacks = stacksIn(joint);
        assert.deepEqual(vectorOf(asked, stacks), expected);
        for (const [at, target] of asked.environments.entries())
          assert.ok(
            sorted(stacksOf(asked, target)).some(
              (one) => JSON.stringify(one) === JSON.stringify(sorted(stacks)[at]),
            ),
          );
        assert.deepEqual(sorted(selectedIn(joint, asked.environments)), sorted(stacks));
      }),
      { numRuns: Number(process.env["THOTH_SEEDS"] ?? 600) },
    );
    for (const differences of [undefined, 0, 1]) assert.ok(seen.has(differences), `${differences}`);
  });

  it("that have stacks already, have the least changes of these, and then the least differences, by brute force", () => {
    const seen = new Set<number | undefined>();
    const stack = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VERSIONS));
    const asking = fc
      .tuple(
        question,
        fc.array(
          stack.map((entries) => new Map(Object.entries(entries))),
          { minLength: 3, maxLength: 3 },
        ),
      )
      .map(([asked, kept]): Question => ({ ...asked, kept }));
    fc.assert(
      fc.property(asking, (asked) => {
        const expected = leastOf(asked);
        seen.add(expected?.[1]);
        const answer = resolve(asked);
        assert.equal(answer.kind, expected === undefined ? "unsatisfiable" : "solved");
        if (answer.kind !== "solved" || expected === undefined) return;
        const found = answer.joint.objective.filter(({ level }) => level !== "prerelease");
        assert.deepEqual(
          found.map(({ level, value, bound }) => [level, value, bound]),
          [LEVELS[0], "change", "differences", ...LEVELS.slice(1)].map((level, at) => [
            level,
            expected[at],
            expected[at],
          ]),
        );
        assert.deepEqual(vectorOf(asked, stacksIn(answer.joint)), expected);
      }),
      { numRuns: Number(process.env["THOTH_SEEDS"] ?? 600) },
    );
    for (const changes of [undefined, 0, 1, 2]) assert.ok(seen.has(changes), `${changes}`);
  });

  it("keep what their lock says, and a new one takes what it can of it", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const first = resolve({ ...asked, environments: asked.environments.slice(1) });
        if (first.kind !== "solved") return;
        const lock = jointLockOf(first.joint);
        const kept = asked.environments.map(
          ({ markers }): Stack =>
            new Map([...keptVersions(lock, markers)].map(([name, version]) => [name, version.text])),
        );
        const [, ...old] = kept;
        const again = resolve({ ...asked, environments: asked.environments.slice(1), kept: old });
        assert.ok(again.kind === "solved");
        assert.deepEqual(stacksIn(again.joint), stacksIn(first.joint));
        const wider = resolve({ ...asked, kept });
        const [added] = asked.environments as [TargetEnvironment];
        assert.equal(wider.kind, stacksOf(asked, added).length === 0 ? "unsatisfiable" : "solved");
        if (wider.kind !== "solved") return;
        // What was locked stays as it was: it needs no other build, and no change.
        assert.deepEqual(stacksIn(wider.joint).slice(1), stacksIn(first.joint));
      }),
      { numRuns: 300 },
    );
  });

  it("of which there is one, have the stack that it has alone", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const [only] = asked.environments as [TargetEnvironment];
        const alone = resolve({ ...asked, environments: [only] });
        const twice = resolve({ ...asked, environments: [only, only] });
        assert.equal(alone.kind, twice.kind);
        if (alone.kind !== "solved" || twice.kind !== "solved") return;
        assert.deepEqual(stacksIn(twice.joint), [...stacksIn(alone.joint), ...stacksIn(alone.joint)]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a lock of several environments", () => {
  const wheel = (...wheels: string[]): Release => ({ wheels, uploaded: "2025-01-01T00:00:00Z" });
  const lockedFor = (index: Index, roots: readonly string[]) => {
    const answer = resolve({ index, roots, environments: ENVIRONMENTS });
    assert.ok(answer.kind === "solved");
    return jointLockOf(answer.joint);
  };

  it("has a marker where a package is not needed everywhere, and an entry for each version", () => {
    const lock = lockedFor(
      {
        app: { "1": { ...wheel("py3-none-any"), requires: ["colorama ; sys_platform == 'win32'", "fast"] } },
        colorama: { "1": wheel("py3-none-any") },
        fast: {
          "1": wheel("cp312-cp312-win_amd64", "cp311-cp311-macosx_11_0_arm64"),
          "2": wheel("cp312-cp312-manylinux_2_17_x86_64", "cp311-cp311-macosx_11_0_arm64"),
        },
      },
      ["app"],
    );
    assert.deepEqual(
      lock.packages.map(({ name, version, marker, dependencies = [] }) => [
        `${name} ${version?.text}`,
        marker && formatMarker(marker),
        dependencies,
      ]),
      [
        [
          "app 1",
          undefined,
          [{ name: "colorama" }, { name: "fast", version: "2" }, { name: "fast", version: "1" }],
        ],
        ["colorama 1", 'sys_platform == "win32"', []],
        ["fast 2", 'sys_platform != "win32"', []],
        ["fast 1", 'sys_platform == "win32"', []],
      ],
    );
    assert.equal(lock.requiresPython?.text, "<3.13,>=3.11");
    assert.equal(lock.environments?.length, 3);
    assert.deepEqual(
      lock.packages.find(({ version }) => version?.text === "2")?.wheels?.map(({ name }) => name),
      ["fast-2-cp311-cp311-macosx_11_0_arm64.whl", "fast-2-cp312-cp312-manylinux_2_17_x86_64.whl"],
    );
  });

  it("prefers what installs everywhere from a wheel to what is the same everywhere", () => {
    const lock = lockedFor(
      {
        fast: {
          "1": wheel(),
          "2": wheel("cp312-cp312-win_amd64", "cp312-cp312-manylinux_2_17_x86_64"),
          "1.5": wheel("cp311-cp311-macosx_11_0_arm64"),
        },
      },
      ["fast"],
    );
    assert.deepEqual(
      lock.packages.map(({ version }) => version?.text),
      ["2", "1.5"],
    );
  });

  it("has the groups of each environment in its markers", () => {
    const { requirements, ...rest } = projectOf(["app"]);
    const kernel = { requirement: parseRequirement("tool"), group: "kernel", source: "you" };
    const index = {
      app: { "1": { ...wheel("py3-none-any"), requires: ["tool ; sys_platform == 'win32'"] } },
      tool: { "1": { ...wheel("py3-none-any"), requires: ["more ; sys_platform == 'linux'"] } },
      more: { "1": wheel("py3-none-any") },
    };
    const projects = ENVIRONMENTS.map((target) => ({
      project: { ...rest, requirements: [...requirements, kernel], target },
    }));
    const answer = new JointResolution(projects, new MemoryKnowledge(index, true)).step();
    assert.ok(answer.kind === "solved");
    const lock = jointLockOf(answer.joint);
    assert.deepEqual(
      lock.packages.map(({ name, marker }) => [name, marker && formatMarker(marker)]),
      [
        ["app", undefined],
        ["more", 'sys_platform == "linux" and "kernel" in dependency_groups'],
        ["tool", 'sys_platform != "win32" and "kernel" in dependency_groups or sys_platform == "win32"'],
      ],
    );
    assert.deepEqual(lock.defaultGroups, ["kernel"]);
    // To pip all groups belong together.
    const pins = requirementsText(lock)
      .split("\n")
      .filter((line) => line.includes("=="));
    assert.deepEqual(
      pins.map((line) => line.replace(/ \\$/, "")),
      [
        "app==1",
        'more==1 ; sys_platform == "linux"',
        'tool==1 ; sys_platform != "win32" or sys_platform == "win32"',
      ],
    );
  });

  it("says in the words of one environment why that has none", () => {
    const answer = resolve({
      index: { fast: { "1": wheel("cp312-cp312-win_amd64") } },
      roots: ["fast"],
      environments: ENVIRONMENTS.slice(0, 2),
    });
    assert.ok(answer.kind === "unsatisfiable");
    assert.equal(answer.environment, 0);
    assert.equal(answer.failure.code, "no-matching-artifact");
    assert.equal("fast", answer.failure.core[0]?.requires.name);
  });
});
