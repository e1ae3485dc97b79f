// Advice, warm and as a one-shot command, beside the lock of the same project; and how many stacks of the flask problem a
// learned search scores in a second of CPU (every release that Python 3.6 on Linux could install in October 2020,
// `advise/flask-2020-10.json`; pseudo-random penalties on 30 % of the releases, then ranks).
//
// Usage: npm run bench -- advise [--json] [--quick] [PROJECT…]

import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  AdaptiveSimulatedAnnealing,
  HillClimbing,
  MonteCarloTreeSearch,
  type Predictor,
  RandomWalk,
  Sampling,
  searchByLearning,
  TemporalDifference,
} from "@thoth/adviser/predictors";
import { Episodes, Random } from "@thoth/solver";
import { type Crawl, Snapshot } from "../core/solver/test/snapshot.ts";
import { problemOf } from "../core/solver/test/universe.ts";
import { writeMarked } from "./marked.ts";
import { measure, median, root, workshop } from "./measure.ts";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

const TYPES = ["latest", "stable", "testing", "security", "performance"] as const;

interface WarmRow {
  readonly project: string;
  /** Milliseconds, medians. */
  readonly lock: number;
  readonly advise: Readonly<Record<(typeof TYPES)[number], number>>;
}

interface SpeedRow {
  readonly predictor: string;
  readonly stacksPerSecond: number;
  /** What the original's predictor scored on this problem, as its documents tell. */
  readonly original: number | undefined;
}

export async function run(options: Options): Promise<void> {
  const quick = options.arguments.includes("--quick");
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const all = readdirSync(`${root}benchmarks/projects`).map((file) => basename(file, ".in"));
  const names = (wanted.length > 0 ? wanted : all).toSorted();
  const speeds = measureSpeeds();
  const warm = names.map((name) => measureWarm(name, quick ? 5 : 31));
  if (options.json) console.log(JSON.stringify({ benchmark: "advise", speeds, warm }));
  else {
    const text = `${warmTable(warm)}\n\n${speedTable(speeds)}`;
    console.log(text);
    if (wanted.length === 0) writeMarked("advise", text, "docs/measured.md");
  }
}

function measureWarm(name: string, runs: number): WarmRow {
  const file = `${root}benchmarks/projects/${name}.in`;
  const command = (verb: string, ...words: string[]) => [
    `${root}node_modules/.bin/thoth`,
    verb,
    file,
    "--as-of",
    "2026-11-01",
    "--python-version",
    "3.11",
    "--platform",
    "manylinux_2_28_x86_64",
    "--cache-dir",
    `${workshop}/thoth-${name}`,
    ...words,
  ];
  const commands = [
    command("lock", "--format", "json"),
    ...TYPES.map((type) => command("advise", "--recommendation-type", type)),
  ];
  // What is needed is fetched, and kept in the form in which the next run finds it.
  for (const words of commands) {
    measure(words, 1);
    measure([...words, "--offline"], 3);
  }
  const times = commands.map((): number[] => []);
  // Side by side, so that a busy moment of the machine is everybody's.
  for (let at = 0; at < runs; at++) {
    for (const [i, words] of commands.entries()) {
      const [done] = measure([...words, "--offline"], 1).runs;
      if (done?.status !== 0) throw new Error(`${words.join(" ")} failed`);
      times[i]?.push(done.wall * 1000);
    }
  }
  const [lock = 0, ...advise] = times.map(median);
  const row = Object.fromEntries(TYPES.map((type, i) => [type, advise[i]])) as WarmRow["advise"];
  return { project: name, lock, advise: row };
}

const PREDICTORS: readonly (readonly [() => Predictor, original?: number])[] = [
  [() => new RandomWalk(), 4673],
  [() => new Sampling()],
  [() => new HillClimbing()],
  [() => new AdaptiveSimulatedAnnealing()],
  [() => new TemporalDifference(), 166],
  [() => new MonteCarloTreeSearch(), 850],
];
const STACKS = 200_000;

function measureSpeeds(): SpeedRow[] {
  const file = `${root}benchmarks/advise/flask-2020-10.json`;
  const snapshot = new Snapshot(JSON.parse(readFileSync(file, "utf8")) as Crawl);
  const universe = snapshot.universe(["flask"]);
  const random = new Random(7);
  const packages = universe.packages.map((facts) => {
    const penalties = Array.from({ length: facts.releases }, () =>
      random.next() < 0.3 ? random.below(1000) : 0,
    );
    return { ...facts, costs: [penalties, ...facts.costs] };
  });
  const problem = problemOf({ ...universe, packages, levels: 3 });
  return PREDICTORS.map(([create, original]) => {
    const { predictor, stacks } = searchByLearning(new Episodes(problem), create(), {
      stacks: STACKS / 10,
      seed: 1,
    });
    if (stacks === 0) throw new Error(`${predictor} found no stack`);
    const before = process.cpuUsage();
    const learned = searchByLearning(new Episodes(problem), create(), { stacks: STACKS, seed: 2 });
    const { user, system } = process.cpuUsage(before);
    return { predictor, stacksPerSecond: learned.stacks / ((user + system) / 1e6), original };
  });
}

function warmTable(rows: readonly WarmRow[]): string {
  const lines = [
    `| project | lock, ms | ${TYPES.map((type) => `advise ${type}`).join(" | ")} |`,
    `|---|---|${TYPES.map(() => "---|").join("")}`,
  ];
  for (const { project, lock, advise } of rows) {
    const cells = TYPES.map((type) => `${advise[type].toFixed(0)} (${(advise[type] / lock).toFixed(2)})`);
    lines.push(`| ${project} | ${lock.toFixed(0)} | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

function speedTable(rows: readonly SpeedRow[]): string {
  const lines = ["| predictor | stacks scored per second | the original |", "|---|---:|---:|"];
  for (const { predictor, stacksPerSecond, original } of rows) {
    const speed = Math.round(stacksPerSecond).toLocaleString("en");
    lines.push(`| ${predictor} | ${speed} | ${original?.toLocaleString("en") ?? ""} |`);
  }
  return lines.join("\n");
}
