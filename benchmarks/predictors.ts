// Learned search against the proven optimum, on problems of the frozen crawls: how many stacks a predictor scores in a
// second, how far the best of 100, 1,000 and 10,000 stacks is from the optimum, and whether what was learned makes the
// exact search shorter. Gaps name the first level that is not optimal and what is paid there beyond the optimum.
//
// Usage: npm run bench -- predictors [--json]

import {
  AdaptiveSimulatedAnnealing,
  ApproximatingLatest,
  guessFrom,
  guessOf,
  HillClimbing,
  Latest,
  type Learned,
  MonteCarloTreeSearch,
  type Names,
  PackageCombinations,
  type Policy,
  type Predictor,
  RandomWalk,
  Sampling,
  searchByLearning,
  TemporalDifference,
} from "@thoth/adviser/predictors";
import { Episodes, type Problem, Random, Solver, type SolverOptions } from "@thoth/solver";
import { missingData } from "@thoth/testkit";
import { planted } from "../core/solver/test/hard.ts";
import { Random as TestRandom } from "../core/solver/test/random.ts";
import { SNAPSHOTS, Snapshot } from "../core/solver/test/snapshot.ts";
import { problemOf, type Universe } from "../core/solver/test/universe.ts";

interface Case {
  readonly name: string;
  readonly problem: Problem;
  readonly levels: readonly string[];
  readonly chosen: number;
  readonly optimum: readonly number[];
  /** Host numbers of the first roots: what package combinations combine. */
  readonly combined: readonly number[];
}

interface PredictorRow {
  readonly problem: string;
  readonly predictor: string;
  readonly stacksPerSecond: number;
  /** Per number of stacks: the median over the seeds. */
  readonly gaps: readonly string[];
}

interface ExactRow {
  readonly problem: string;
  readonly order: string;
  readonly steps: number;
  readonly conflicts: number;
  readonly milliseconds: number;
}

interface RaceRow {
  readonly problem: string;
  readonly search: string;
  /** The cost of the best stack after each of the times, or -1. */
  readonly costs: readonly number[];
  readonly stacks: number | undefined;
  readonly deadEnds: number | undefined;
}

const RACE_SECONDS = [0.5, 3];
const STACKS = [100, 1_000, 10_000];
const SEEDS = [1, 2, 3];
const NAMES: Names = {
  package: (id) => (id < 0 ? undefined : `${id}`),
  version: (_, release) => `${release}`,
};

class WarmLearner extends TemporalDifference {
  override readonly name = "temporal difference, warm";
}

/** What 1,000 stacks of another seed teach. */
function policyOf(problem: Problem): Policy {
  const predictor = new TemporalDifference({ names: NAMES });
  searchByLearning(new Episodes(problem), predictor, { stacks: 1_000, seed: 99 });
  if (predictor.learned === undefined) throw new Error("nothing was learned");
  return predictor.learned;
}

const PREDICTORS: readonly ((problem: Case) => Predictor)[] = [
  () => new Latest(),
  () => new ApproximatingLatest(),
  () => new HillClimbing(),
  () => new AdaptiveSimulatedAnnealing(),
  () => new RandomWalk(),
  () => new Sampling(),
  ({ combined }) => new PackageCombinations(combined),
  () => new TemporalDifference({ names: NAMES }),
  ({ problem }) => new WarmLearner({ names: NAMES, policy: policyOf(problem) }),
  () => new MonteCarloTreeSearch({ names: NAMES }),
];

export async function run(options: { readonly json: boolean }): Promise<void> {
  const reason = missingData("pypi-snapshots");
  if (reason !== false) {
    console.error(`predictors skipped: ${reason}`);
    return;
  }
  const cases = readCases();
  const rows = cases.flatMap((one) => PREDICTORS.map((create) => measurePredictor(one, create)));
  const exact = cases.flatMap(measureExact);
  const races = [120, 200].flatMap(race);
  if (options.json) console.log(JSON.stringify({ benchmark: "predictors", rows, exact, races }));
  else console.log([...predictorTable(rows), "", ...exactTable(exact), "", ...raceTable(races)].join("\n"));
}

/** Seconds of CPU that the process has had, so that a busy machine does not count. */
function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function predictorTable(rows: readonly PredictorRow[]): string[] {
  const columns = STACKS.map((stacks) => `after ${stacks.toLocaleString("en")}`);
  return [
    `| problem | predictor | stacks/s | ${columns.join(" | ")} |`,
    `|---|---|---:|${STACKS.map(() => "---|").join("")}`,
    ...rows.map(
      ({ problem, predictor, stacksPerSecond, gaps }) =>
        `| ${problem} | ${predictor} | ${Math.round(stacksPerSecond).toLocaleString("en")} | ${gaps.join(" | ")} |`,
    ),
  ];
}

function exactTable(rows: readonly ExactRow[]): string[] {
  return [
    "| problem | order of the exact search | steps | conflicts | ms |",
    "|---|---|---:|---:|---:|",
    ...rows.map(
      ({ problem, order, steps, conflicts, milliseconds }) =>
        `| ${problem} | ${order} | ${steps} | ${conflicts} | ${milliseconds.toFixed(1)} |`,
    ),
  ];
}

/** A small, a middling and a large set of roots, each with two objectives. */
function readCases(): Case[] {
  const snapshot = new Snapshot(SNAPSHOTS[1] as string);
  const small = ["requests", "jinja2"];
  const sets = [small, rootsFor(snapshot, 30), rootsFor(snapshot, 110)];
  return sets.flatMap((roots) => {
    const universe = snapshot.universe(roots);
    const ids = roots.map((name) => snapshot.idOf(name));
    return [
      caseOf("rank", universe, { levels: ["direct", "rest"], ids }),
      caseOf("penalties and lag", penalized(universe, new Set(ids)), {
        levels: ["penalty", "lag direct", "lag rest"],
        ids,
      }),
    ];
  });
}

/** Roots that have a common stack of that many packages or a few more. */
function rootsFor(snapshot: Snapshot, packages: number): string[] {
  const random = new Random(packages);
  const names = snapshot.names.filter(() => random.next() < 0.5);
  const roots: string[] = [];
  for (const name of names) {
    const result = new Solver(problemOf(snapshot.universe([...roots, name])), { budget: patience() }).step();
    if (result.kind !== "solved") continue;
    roots.push(name);
    if (result.assignment.size >= packages) return roots;
  }
  throw new Error(`no ${packages} packages go together`);
}

/** A budget that a root which makes the problem hard exceeds. */
function patience(): { spent(): boolean } {
  let asked = 0;
  return { spent: () => ++asked > 100 };
}

function caseOf(
  objective: string,
  universe: Universe,
  { levels, ids }: { readonly levels: readonly string[]; readonly ids: readonly number[] },
): Case {
  const problem = problemOf(universe);
  const result = new Solver(problem).step();
  if (result.kind !== "solved") throw new Error("a problem has no stack");
  const chosen = result.assignment.size;
  const optimum = result.levels.map(({ value }) => value);
  return {
    name: `${chosen} packages, ${objective}`,
    problem,
    levels,
    chosen,
    optimum,
    combined: ids.slice(0, 3),
  };
}

/** Pseudo-random flaws first, then how long a release has been superseded: of the roots, and of the rest. */
function penalized(universe: Universe, direct: ReadonlySet<number>): Universe {
  const random = new Random(11);
  const packages = universe.packages.map((facts, id) => {
    let days = 0;
    const lag = Array.from(
      { length: facts.releases },
      (_, i) => (days += i === 0 ? 0 : 1 + random.below(60)),
    );
    const flaws = lag.map(() => (random.next() < 0.3 ? ([30, 100, 300][random.below(3)] as number) : 0));
    if (facts.mirrors !== undefined) return facts;
    return { ...facts, costs: direct.has(id) ? [flaws, lag] : [flaws, undefined, lag] };
  });
  return { ...universe, packages, levels: 3 };
}

function measurePredictor(one: Case, create: (problem: Case) => Predictor): PredictorRow {
  const episodes = new Episodes(one.problem);
  let predictor = "";
  let scored = 0;
  let seconds = 0;
  const gaps = STACKS.map((stacks) => {
    const vectors = SEEDS.map((seed) => {
      const chosen = create(one);
      const before = busy();
      const learned = searchByLearning(episodes, chosen, { stacks, seed });
      if (stacks === STACKS.at(-1)) {
        seconds += busy() - before;
        scored += learned.stacks;
      }
      predictor = learned.predictor;
      return learned.best[0]?.vector;
    });
    return gapOf(medianVector(vectors), one);
  });
  return { problem: one.name, predictor, stacksPerSecond: scored / seconds, gaps };
}

type Vector = readonly number[] | undefined;

function medianVector(vectors: readonly Vector[]): Vector {
  const worst = (vector: Vector) => vector ?? [Number.POSITIVE_INFINITY];
  const compare = (a: Vector, b: Vector) => {
    const at = worst(a).findIndex((value, i) => value !== worst(b)[i]);
    return at < 0 ? 0 : (worst(a)[at] as number) - (worst(b)[at] as number);
  };
  return vectors.toSorted(compare)[vectors.length >> 1];
}

function gapOf(vector: Vector, { optimum, levels }: Case): string {
  if (vector === undefined) return "no stack";
  const at = vector.findIndex((value, i) => value !== optimum[i]);
  if (at < 0) return "optimal";
  const beyond = (vector[at] as number) - (optimum[at] as number);
  return `${levels[at]} +${beyond} (${optimum[at]})`;
}

function measureExact(one: Case): ExactRow[] {
  const episodes = new Episodes(one.problem);
  const predictor = new TemporalDifference({ names: NAMES });
  const learned = searchByLearning(episodes, predictor, { stacks: 1_000, seed: 1 });
  const climbed = searchByLearning(episodes, new HillClimbing(), { stacks: 1_000, seed: 1 });
  const { learned: policy } = predictor;
  if (policy === undefined) throw new Error("nothing was learned");
  const orders: readonly [string, SolverOptions][] = [
    ["its own", {}],
    ["the policy of temporal difference, 1,000 stacks", { guess: guessOf(policy, one.problem.facts, NAMES) }],
    ["the best stack of temporal difference, 1,000 stacks", { guess: guessFrom(learned.best[0]) }],
    ["the best stack of hill climbing, 1,000 stacks", { guess: guessFrom(climbed.best[0]) }],
  ];
  return orders.map(([order, options]) => ({ problem: one.name, order, ...exactly(one.problem, options) }));
}

function exactly(problem: Problem, options: SolverOptions): Omit<ExactRow, "problem" | "order"> {
  const times: number[] = [];
  let steps = 0;
  let conflicts = 0;
  for (let repeat = 0; repeat < 5; repeat++) {
    const solver = new Solver(problem, options);
    const before = busy();
    solver.step();
    times.push((busy() - before) * 1000);
    // What the search itself counts is nobody's business but ours.
    ({ ticks: steps, conflicts } = solver["search"]);
  }
  return { steps, conflicts, milliseconds: Math.min(...times) };
}

/** Random needs among which an answer is planted, random costs: nothing like packages, and too hard to prove. */
function race(packages: number): RaceRow[] {
  const random = new TestRandom(5);
  const universe = planted(new TestRandom(1), {
    packages,
    releases: 30,
    needs: packages < 150 ? 6 : 5,
    roots: 10,
  });
  const costly = universe.packages.map((facts) => ({
    ...facts,
    costs: [Array.from({ length: facts.releases }, () => random.between(0, 20))],
  }));
  const problem = problemOf({ ...universe, packages: costly, levels: 1 });
  const name = `${packages} planted`;
  const learners = [
    HillClimbing,
    AdaptiveSimulatedAnnealing,
    TemporalDifference,
    MonteCarloTreeSearch,
    RandomWalk,
  ];
  return [
    exactRace(name, problem),
    exactRace(name, problem, () => new HillClimbing()),
    exactRace(name, problem, () => new AdaptiveSimulatedAnnealing()),
    exactRace(name, problem, () => new TemporalDifference()),
    ...learners.map((Learner) => learnerRace(name, problem, () => new Learner())),
  ];
}

function until(seconds: number): { spent(): boolean } {
  const end = busy() + seconds;
  return { spent: () => busy() > end };
}

function learnFor(seconds: number, problem: Problem, predictor: Predictor): Learned {
  return searchByLearning(new Episodes(problem), predictor, {
    stacks: 100_000,
    seed: 1,
    budget: until(seconds),
  });
}

function learnerRace(problem: string, facts: Problem, create: () => Predictor): RaceRow {
  const runs = RACE_SECONDS.map((seconds) => learnFor(seconds, facts, create()));
  const { predictor, stacks, deadEnds } = runs.at(-1) as Learned;
  return {
    problem,
    search: predictor,
    costs: runs.map(({ best }) => best[0]?.vector[0] ?? -1),
    stacks,
    deadEnds,
  };
}

/** With a predictor: the half of the time is its own, and the exact search goes on from its best stack. */
function exactRace(problem: string, facts: Problem, create?: () => Predictor): RaceRow {
  let search = "exact";
  const costs = RACE_SECONDS.map((seconds) => {
    const learned = create === undefined ? undefined : learnFor(seconds / 2, facts, create());
    const budget = until(learned === undefined ? seconds : seconds / 2);
    if (learned !== undefined) search = `${learned.predictor}, then exact`;
    const guess = learned === undefined ? undefined : guessFrom(learned.best[0]);
    const result = new Solver(facts, { guess, budget }).step();
    const levels =
      result.kind === "solved" ? result.levels : result.kind === "paused" ? result.best?.levels : undefined;
    const found = levels?.[0]?.value ?? Number.POSITIVE_INFINITY;
    const least = Math.min(found, learned?.best[0]?.vector[0] ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(least) ? least : -1;
  });
  return { problem, search, costs, stacks: undefined, deadEnds: undefined };
}

function raceTable(rows: readonly RaceRow[]): string[] {
  return [
    `| problem | search | ${RACE_SECONDS.map((seconds) => `best after ${seconds} s`).join(" | ")} | stacks | dead ends |`,
    `|---|---|${RACE_SECONDS.map(() => "---:|").join("")}---:|---:|`,
    ...rows.map(
      ({ problem, search, costs, stacks, deadEnds }) =>
        `| ${problem} | ${search} | ${costs.map((cost) => (cost < 0 ? "none" : cost)).join(" | ")} | ${stacks ?? ""} | ${deadEnds ?? ""} |`,
    ),
  ];
}
