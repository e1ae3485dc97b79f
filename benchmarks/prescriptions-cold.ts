// One process of the benchmark `prescriptions`: opens the compiled rules that it is given, and prints what it took.

import { readFileSync } from "node:fs";
import { normalizeName, parseVersion } from "@thoth/pep";
import { buildPipeline, openPrescriptions, type PipelineContext } from "@thoth/prescriptions";

/** Milliseconds, the first time and the median of later ones. */
interface Pair {
  readonly first: number;
  readonly later: number;
}

export interface ColdRun {
  /** Units that were looked at. */
  readonly found: number;
  readonly load: number;
  /** What every request needs before its search. */
  readonly pipeline: Pair;
  /** All units that speak of no package, or of several. */
  readonly lists: Pair;
  /** What rules say of the packages of a stack. */
  readonly stack: Pair;
}

const LATER = 9;
const STACK = 60;

const bytes = readFileSync(process.argv[2] as string);
const context: PipelineContext = {
  pipeline: "adviser",
  recommendationType: "stable",
  runtimeEnvironment: {
    operatingSystem: { name: "fedora", version: "35" },
    pythonVersion: parseVersion("3.9"),
    platform: "linux-x86_64",
  },
};

const start = performance.now();
const prescriptions = openPrescriptions(bytes);
const load = performance.now() - start;
const step = Math.max(1, Math.floor(prescriptions.names.length / STACK));
const stack = prescriptions.names
  .filter((_, place) => place % step === 0)
  .slice(0, STACK)
  .map(normalizeName);

let found = 0;
const rounds = Array.from({ length: 1 + LATER }, () => {
  const times = [performance.now()];
  const pipeline = buildPipeline(prescriptions, context);
  const { strides, genericSieves, genericSteps } = pipeline;
  times.push(performance.now());
  const { boots, groups, genericWraps } = pipeline;
  times.push(performance.now());
  found = [boots, groups, genericWraps, strides, genericSieves, genericSteps].flat().length;
  for (const name of stack) {
    const { sievesOf, skipsOf, stepsOf, groupsOf, pseudonymsOf } = pipeline;
    for (const find of [sievesOf, skipsOf, stepsOf, groupsOf, pseudonymsOf]) found += find(name).length;
  }
  times.push(performance.now());
  return times.slice(1).map((time, place) => time - (times[place] as number));
});

function pairOf(place: number): Pair {
  const [first = 0, ...later] = rounds.map((times) => times[place] as number);
  return { first, later: later.toSorted((a, b) => a - b)[LATER >> 1] as number };
}

const run: ColdRun = { found, load, pipeline: pairOf(0), lists: pairOf(1), stack: pairOf(2) };
console.log(JSON.stringify(run));
