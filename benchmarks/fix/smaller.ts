// Looks for a smaller change with another resolver. Whatever is known against a package of its own can go only where that
// package changes; so what can be saved are the others that moved. `uv` is asked for every set of fewer of them: everything
// else is pinned to the lock, and releases that keep what was cleared are cut off until none is left or uv gives up.

import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { type PackageName, tryParseVersion } from "@thoth/pep";
import { installPeers } from "@thoth/testkit";
import { folder, makeEmpty, pipInstall, use } from "../installing/environment.ts";
import { flawsOf, type Pins } from "./pins.ts";

export interface Fixing {
  readonly requirements: string;
  readonly direct: readonly PackageName[];
  readonly asOf: string;
  readonly python: string;
  readonly before: Pins;
  readonly after: Pins;
}

export interface Search {
  /** Packages that changed though nothing of their own was cleared. */
  readonly others: readonly PackageName[];
  readonly asked: number;
  /** Smaller changes that uv resolved and that work. */
  readonly smaller: readonly string[];
  /** Smaller ones that uv resolved and whose modules cannot be imported. */
  readonly broken: readonly string[];
  /** Asked, and neither refused nor smaller. */
  readonly undecided: number;
}

type Answer = ReadonlyMap<PackageName, string>;

const MOST_CUTS = 80;

export function searchSmaller(fixing: Fixing): Search {
  const { before, after } = fixing;
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name)?.version !== after.get(name)?.version,
  );
  const needed = new Set(changed.filter((name) => clears(fixing, name)));
  const others = changed.filter((name) => !needed.has(name));
  const found: Found = { asked: 0, undecided: 0, smaller: new Set(), broken: new Set() };
  const probe: Probe = { fixing, needed, most: changed.length - 1, cuts: new Set(), found };
  if (others.length > 0) ask(probe, []);
  if (others.length === 2)
    askHalves(
      probe,
      [...before.keys()].filter((name) => !needed.has(name)),
    );
  if (others.length > 2)
    for (const name of others)
      ask(
        probe,
        others.filter((other) => other !== name),
      );
  const { asked, undecided } = found;
  return { others, asked, undecided, smaller: [...found.smaller], broken: [...found.broken] };
}

interface Found {
  asked: number;
  undecided: number;
  readonly smaller: Set<string>;
  readonly broken: Set<string>;
}

interface Probe {
  readonly fixing: Fixing;
  readonly needed: ReadonlySet<PackageName>;
  /** Changes that a smaller one may have. */
  readonly most: number;
  /** Releases that keep what was cleared. */
  readonly cuts: Set<string>;
  readonly found: Found;
}

/** Any one of many may move: where uv refuses them all free, it refuses each. */
function askHalves(probe: Probe, names: readonly PackageName[]): void {
  const middle = names.length >> 1;
  for (const half of [names.slice(0, middle), names.slice(middle)]) {
    if (half.length > 1 && ask(probe, half, false) === "larger") askHalves(probe, half);
    else if (half.length === 1) ask(probe, half);
  }
}

function ask({ fixing, needed, most, cuts, found }: Probe, free: readonly PackageName[], last = true) {
  found.asked += 1;
  const answer = askClean(fixing, new Set([...needed, ...free]), cuts);
  if (answer === "none") return "refused";
  if (answer === "too many" || countChanges(fixing.before, answer) > most) {
    if (last) found.undecided += 1;
    return "larger";
  }
  const change = tellChange(fixing.before, answer, needed);
  (works(fixing, answer) ? found.smaller : found.broken).add(change);
  return "smaller";
}

function clears({ before, after }: Fixing, name: PackageName): boolean {
  const [old, now] = [before.get(name), after.get(name)];
  if (old === undefined) return false;
  const kept = new Set(now === undefined ? [] : flawsOf(name, now.version).map(({ id }) => id));
  return flawsOf(name, old.version).some(({ id }) => !kept.has(id));
}

function askClean(
  fixing: Fixing,
  free: ReadonlySet<PackageName>,
  cuts: Set<string>,
): Answer | "none" | "too many" {
  const pinned = [...fixing.before].flatMap(([name, { version }]) =>
    free.has(name) ? [name] : [`${name}==${version}`],
  );
  for (let at = 0; at < MOST_CUTS; at++) {
    const answer = askUv(fixing, pinned, [...cuts]);
    if (answer === undefined) return "none";
    const worse = [...answer].filter(([name, version]) => isWorse(fixing, name, version));
    if (worse.length === 0) return answer;
    for (const [name, version] of worse) {
      for (const each of [version, ...releasesOf(name)])
        if (isWorse(fixing, name, each)) cuts.add(`${name}!=${each}`);
    }
  }
  return "too many";
}

/** What pip finds of a package. */
function releasesOf(name: PackageName): string[] {
  const words = ["-m", "pip", "--disable-pip-version-check", "index", "versions", name];
  const done = spawnSync("python3", words, { encoding: "utf8" });
  const listed = /^Available versions: (.*)$/m.exec(done.stdout)?.[1];
  return listed?.split(", ").filter((text) => tryParseVersion(text) !== undefined) ?? [];
}

/** Keeps a flaw that is gone, or that the fix did not keep. */
function isWorse({ after }: Fixing, name: PackageName, version: string): boolean {
  const now = after.get(name);
  const kept = new Set(now === undefined ? [] : flawsOf(name, now.version).map(({ id }) => id));
  return flawsOf(name, version).some(({ id }) => !kept.has(id));
}

/** What uv chooses; undefined where it finds nothing. */
function askUv(
  fixing: Fixing,
  requirements: readonly string[],
  constraints: readonly string[],
): Answer | undefined {
  const [names, bounds] = [`${folder}/asked.in`, `${folder}/cuts.txt`];
  writeFileSync(names, [...requirements, ""].join("\n"));
  writeFileSync(bounds, [...constraints, ""].join("\n"));
  const words = [
    "pip",
    "compile",
    "-q",
    "--no-header",
    "--no-annotate",
    "--no-config",
    "--only-binary",
    ":all:",
  ];
  const place = ["--python-version", fixing.python, "--python-platform", "x86_64-manylinux_2_28"];
  const done = spawnSync(
    `${installPeers("resolve-peers", ["uv"])}/uv`,
    [...words, ...place, "--exclude-newer", fixing.asOf, "-c", bounds, names, fixing.requirements],
    { encoding: "utf8" },
  );
  if (done.status !== 0) {
    if (/No solution found/.test(done.stderr)) return undefined;
    throw new Error(`uv failed: ${done.stderr}`);
  }
  const pins = done.stdout.split("\n").flatMap((line) => {
    const [name = "", version = ""] = line.split("==");
    return version === "" ? [] : [[name.replace(/\[.*/, "") as PackageName, version] as const];
  });
  return new Map(pins);
}

function countChanges(before: Pins, answer: Answer): number {
  const names = new Set([...before.keys(), ...answer.keys()]);
  return [...names].filter((name) => before.get(name)?.version !== answer.get(name)).length;
}

function works({ direct }: Fixing, answer: Answer): boolean {
  const made = makeEmpty("smaller");
  const pins = [...answer].map(([name, version]) => `${name}==${version}`);
  try {
    const failure = pipInstall(made, ["--only-binary", ":all:", "--no-deps", ...pins]);
    if (failure !== undefined) throw new Error(`what uv chose cannot be installed: ${failure}`);
    return use(made, direct).broken.length === 0;
  } finally {
    rmSync(made.path, { recursive: true, force: true });
  }
}

function tellChange(before: Pins, answer: Answer, needed: ReadonlySet<PackageName>): string {
  const moved = [...answer].filter(([name, version]) => before.get(name)?.version !== version);
  return moved.map(([name, version]) => `${name} ${version}${needed.has(name) ? "" : " (other)"}`).join(", ");
}
