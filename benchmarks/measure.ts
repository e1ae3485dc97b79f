// Whole-process figures of a command over several runs, from the operating system's own accounting.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
/** Where peers, caches and outputs of benchmarks live. */
export const workshop = `${root}.cache/bench`;

export interface Run {
  readonly status: number;
  /** Seconds. */
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** MiB, the largest single process. */
  readonly peak: number;
}

export interface Measured {
  readonly runs: readonly Run[];
  readonly output: string;
  readonly errors: string;
}

export function measure(
  command: readonly string[],
  runs: number,
  environment: NodeJS.ProcessEnv = {},
): Measured {
  mkdirSync(workshop, { recursive: true });
  const output = `${workshop}/output-${process.pid}`;
  const done = spawnSync("python3", [`${root}benchmarks/measure.py`, String(runs), ...command], {
    encoding: "utf8",
    env: { ...process.env, ...environment, MEASURE_OUTPUT: output },
  });
  if (done.status !== 0) throw new Error(`could not measure ${command.join(" ")}: ${done.stderr}`);
  return {
    runs: done.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Run),
    output: readFileSync(output, "utf8"),
    errors: readFileSync(`${output}.stderr`, "utf8"),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function cpu(run: Run): number {
  return run.user + run.system;
}
