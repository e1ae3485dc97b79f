// Development command: feeds every parser nearly valid inputs and ends with 1 when one throws anything but a
// ThothError, breaks a law of its results, or takes more than linear time.
//
//   node tools/node24.mjs core/pep/tools/fuzz.ts [count] [target…] [--seed=N]

import { pathToFileURL } from "node:url";
import { ThothError } from "../src/error.ts";
import { documentTargets } from "./fuzz/document-targets.ts";
import { mutate, pump } from "./fuzz/mutate.ts";
import { Random } from "./fuzz/random.ts";
import { specificationTargets } from "./fuzz/specification-targets.ts";
import type { Target } from "./fuzz/target.ts";

export const fuzzTargets: readonly Target[] = [...specificationTargets, ...documentTargets];

export interface FuzzReport {
  readonly target: string;
  readonly inputs: number;
  readonly valid: number;
  /** Of time: inputs grown to four times their length. */
  readonly grown: number;
  readonly seconds: number;
  readonly findings: readonly { readonly problem: string; readonly input: string }[];
}

const MOST_FINDINGS = 10;
/** Valid inputs that are kept as seeds of their own. */
const LARGEST_POOL = 400;
/** One input is grown for so many that are not. */
const GROW_EVERY = 1000;

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** Also take the time of long inputs. */
  readonly growth: boolean;
}

export function fuzz(target: Target, { count, seed, growth }: FuzzOptions): FuzzReport {
  const random = new Random(seed * 2654435761 + target.name.length);
  const findings: { problem: string; input: string }[] = [];
  const pool = [...target.seeds];
  const longest = 2 * Math.max(60, ...target.seeds.map((text) => text.length));
  const stackTraceLimit = Error.stackTraceLimit;
  // Most inputs are refused, and what a refusal costs is mostly its stack.
  Error.stackTraceLimit = 0;
  const begin = performance.now();
  let valid = 0;
  let grown = 0;
  for (let at = 0; at < count && findings.length < MOST_FINDINGS; at++) {
    const input = inputOf(target, random, pool);
    const outcome = runOnce(target, input);
    if (outcome === "valid") {
      valid++;
      if (input.length < longest && random.once(50)) keep(pool, input, random, target.seeds.length);
    } else if (outcome !== "refused") {
      Error.stackTraceLimit = stackTraceLimit;
      findings.push({ problem: runOnce(target, input), input });
      Error.stackTraceLimit = 0;
    }
    if (growth && at % GROW_EVERY === GROW_EVERY - 1) {
      grown++;
      const slow = growthProblem(target, pump(random.once(2) ? random.pick(target.seeds) : input, random));
      if (slow !== undefined) findings.push(slow);
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  Error.stackTraceLimit = stackTraceLimit;
  return { target: target.name, inputs: count, valid, grown, seconds, findings };
}

function inputOf(target: Target, random: Random, pool: readonly string[]): string {
  const start = target.grammar !== undefined && random.once(2) ? target.grammar(random) : random.pick(pool);
  return random.once(10) ? start : mutate(start, random, target.tokens, pool);
}

function keep(pool: string[], input: string, random: Random, seeds: number): void {
  if (pool.length < LARGEST_POOL) pool.push(input);
  else pool[seeds + random.below(pool.length - seeds)] = input;
}

/** `valid`, `refused`, or what is wrong. */
function runOnce(target: Target, input: string): string {
  try {
    target.run(input);
    return "valid";
  } catch (error) {
    if (error instanceof ThothError) return "refused";
    return error instanceof Error ? (error.stack ?? String(error)) : String(error);
  }
}

/** Lengths at which time is taken: what is quadratic cannot hide at the last. */
const LENGTHS = [2_000, 8_000, 32_000, 128_000] as const;
/** Milliseconds of the processor below which nothing can be said. */
const LEAST_TIME = 30;
/** Four times the length may take four times as long, what is quadratic takes sixteen times; the rest is noise. */
const GREATEST_RATIO = 8;

function growthProblem(
  target: Target,
  grow: (length: number) => string,
): { problem: string; input: string } | undefined {
  for (let at = 1; at < LENGTHS.length; at++) {
    const long = grow(LENGTHS[at]!);
    if (timeOf(target, long, 1) < LEAST_TIME) continue;
    const short = grow(LENGTHS[at - 1]!);
    const longTime = timeOf(target, long, 6);
    const shortTime = timeOf(target, short, 6);
    if (longTime < LEAST_TIME || longTime < GREATEST_RATIO * shortTime) continue;
    // Where memory has to be tidied up for the first time, a step looks like a slope: it does not go on.
    const isSlope =
      longTime > 2_000 || timeOf(target, grow(4 * LENGTHS[at]!), 3) >= GREATEST_RATIO * longTime;
    if (!isSlope) continue;
    const times = `${shortTime.toFixed(1)} ms for ${short.length}, ${longTime.toFixed(1)} ms for ${long.length} characters`;
    return { problem: `time grows faster than the input: ${times}`, input: short.slice(0, 400) };
  }
  return undefined;
}

/** The least of several times: garbage and compilers only ever add to it. */
function timeOf(target: Target, input: string, attempts: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const begin = process.cpuUsage();
    runOnce(target, input);
    const { user, system } = process.cpuUsage(begin);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function main(): void {
  const words = process.argv.slice(2);
  const seed = Number(words.find((word) => word.startsWith("--seed="))?.slice(7) ?? 1);
  const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 1_000_000);
  const names = words.filter((word) => /^[a-z]/.test(word));
  let failed = false;
  for (const target of fuzzTargets) {
    if (names.length > 0 && !names.includes(target.name)) continue;
    const report = fuzz(target, { count, seed, growth: true });
    const perSecond = Math.round(report.inputs / report.seconds);
    console.log(
      `${target.name}: ${report.inputs} inputs, ${report.valid} valid, ${report.grown} grown, ` +
        `${report.seconds.toFixed(1)} s, ${perSecond}/s, ${report.findings.length} findings`,
    );
    for (const { problem, input } of report.findings) {
      failed = true;
      console.log(`  ${problem}\n  input: ${JSON.stringify(input.slice(0, 2000))}`);
    }
  }
  process.exitCode = failed ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
