// The proven optimum beside OR-tools CP-SAT and the MaxSAT solver RC2: the same problems, written once, of the frozen
// crawls with pseudo-random costs on 30 % of the releases; and how long the proof takes for real stacks, by type. All
// optima must be equal. Times are the least of several, of the processor but for two workers; those of the
// others are without reading and building.
//
// Usage: npm run bench -- optimum [--json] [--quick] [--no-stacks] [--no-peers]

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { installPeers, missingData } from "@thoth/testkit";
import { Random } from "../core/solver/test/random.ts";
import { SNAPSHOTS, Snapshot } from "../core/solver/test/snapshot.ts";
import { writeMarked } from "./marked.ts";
import { median, root, workshop } from "./measure.ts";
import { problemFile, rootsOf } from "./optimum/problem.ts";
import { measureStacks, stackTable } from "./optimum/stacks.ts";

interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Answer {
  readonly optimum: readonly number[] | null;
  /** Seconds to the proof. */
  readonly solve: number;
  readonly build?: number;
  readonly first?: number;
}

interface Case {
  readonly crawl: string;
  readonly roots: number;
  readonly levels: number;
  readonly packages: number;
  readonly ours: Answer;
  /** CP-SAT with one worker, with two, RC2. */
  readonly peers: readonly Answer[];
}

const PEERS = ["ortools==9.15.6755", "python-sat==1.9.dev24"];
const ROOTS = [1, 8, 25, 60, 120];
const SEEDS = [1, 2, 3];

export async function run(options: Options): Promise<void> {
  const reason = missingData("pypi-snapshots");
  if (reason !== false) console.error(`crawls skipped: ${reason}`);
  const quick = options.arguments.includes("--quick");
  const has = (flag: string) => !options.arguments.includes(flag);
  const bin = has("--no-peers") ? installPeers("optimum-peers", PEERS) : undefined;
  const cases = reason === false ? SNAPSHOTS.flatMap((name) => measureCrawl(name, bin, quick)) : [];
  const stacks = has("--no-stacks") ? await measureStacks(quick ? 3 : 7) : [];
  if (options.json) {
    console.log(JSON.stringify({ benchmark: "optimum", cases, stacks }));
    return;
  }
  const tables = [
    ...(cases.length === 0 ? [] : [caseTable(cases)]),
    ...(stacks.length === 0 ? [] : [stackTable(stacks)]),
  ];
  console.log(tables.join("\n\n"));
  if (tables.length === 2 && bin !== undefined && !quick)
    writeMarked("optimum", tables.join("\n\n"), "docs/measured.md");
}

function measureCrawl(name: string, bin: string | undefined, quick: boolean): Case[] {
  const snapshot = new Snapshot(name);
  mkdirSync(workshop, { recursive: true });
  const path = `${workshop}/optimum.json`;
  const repeats = quick ? 1 : 3;
  return ROOTS.flatMap((count) =>
    (quick ? SEEDS.slice(0, 1) : SEEDS).flatMap((seed) => {
      const random = new Random(seed);
      const roots = count === 1 ? [mainRoot(name)] : rootsOf(snapshot, count, random);
      return [1, 2].map((levels) => {
        const problem = problemFile(snapshot.universe(roots), levels, random);
        writeFileSync(path, JSON.stringify(problem));
        const one = {
          crawl: name,
          roots: roots.length,
          levels,
          packages: problem.packages.length,
          ours: answerOf([process.execPath, `${root}benchmarks/optimum/ours.ts`, path, "60"]),
          peers: bin === undefined ? [] : peersOf(bin, path, repeats),
        };
        mustAgree(one, seed);
        return one;
      });
    }),
  );
}

function peersOf(bin: string, path: string, repeats: number): Answer[] {
  const program = (name: string) => [`${bin}/python`, `${root}benchmarks/optimum/${name}`, path];
  return [
    answerOf([...program("cpsat.py"), "1", `${repeats}`]),
    answerOf([...program("cpsat.py"), "2", `${repeats}`]),
    answerOf([...program("rc2.py"), `${repeats}`]),
  ];
}

/** What the crawl was made for. */
function mainRoot(name: string): string {
  return name.includes("chalice") ? "chalice" : "virtualenv";
}

function answerOf([program = "", ...words]: readonly string[]): Answer {
  const done = spawnSync(program, words, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`\`${[program, ...words].join(" ")}\` failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as Answer;
}

function mustAgree({ crawl, roots, levels, ours, peers }: Case, seed: number): void {
  const optima = [ours, ...peers].map(({ optimum }) => JSON.stringify(optimum));
  if (new Set(optima).size > 1)
    throw new Error(
      `${crawl}, ${roots} roots, ${levels} levels, seed ${seed}: optima differ: ${optima.join(", ")}`,
    );
}

function caseTable(cases: readonly Case[]): string {
  const groups = Map.groupBy(cases, ({ crawl, roots, levels }) => `${crawl} ${roots} ${levels}`);
  return [
    "| crawl | roots | packages | levels | ours, first call | ours | CP-SAT, 1 worker | 2 workers | RC2 | they build | ratio | of the first call |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...[...groups.values()].map(caseLine),
  ].join("\n");
}

/** Of several seeds the median, and the worst. */
function caseLine(group: readonly Case[]): string {
  const [{ crawl, roots, levels }] = group as [Case];
  const both = (values: readonly number[], digits: number) =>
    `${median(values).toFixed(digits)} / ${Math.max(...values).toFixed(digits)}`;
  const ms = (seconds: readonly number[]) =>
    both(
      seconds.map((one) => one * 1_000),
      1,
    );
  const better = group.map(({ peers }) => Math.min(...peers.map(({ solve }) => solve)));
  const peers = [0, 1, 2].map((at) => ms(group.map((one) => one.peers[at]?.solve ?? Number.NaN)));
  const ratio = (seconds: (one: Case) => number) =>
    both(
      group.map((one, at) => seconds(one) / better[at]!),
      2,
    );
  return [
    `| ${crawl.replace(/^pypi-[\d-]+-/, "")}`,
    roots,
    `${Math.min(...group.map(({ packages }) => packages))}–${Math.max(...group.map(({ packages }) => packages))}`,
    levels,
    ms(group.map(({ ours }) => ours.first ?? 0)),
    ms(group.map(({ ours }) => ours.solve)),
    ...peers,
    ms(group.map((one) => Math.min(...one.peers.map(({ build = 0 }) => build)))),
    ratio(({ ours }) => ours.solve),
    `${ratio(({ ours }) => ours.first ?? 0)} |`,
  ].join(" | ");
}
