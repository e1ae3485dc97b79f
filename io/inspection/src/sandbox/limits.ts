// What a command that nobody trusts may have.

import { availableParallelism, totalmem } from "node:os";

export interface Limits {
  /** Bytes that all its processes have together, with what they write. */
  readonly memory: number;
  /** Processes and threads at a time. */
  readonly processes: number;
  /** Bytes that it may write. */
  readonly disk: number;
  /** Of wall clock. */
  readonly seconds: number;
  /** Processors that it runs on: the last ones, always the same. */
  readonly processors: number;
  /** Share of processor time, 1 for one processor; it makes times come in steps of 100 ms, so that none is the default. */
  readonly quota?: number;
}

const GIBIBYTE = 1 << 30;

/** Three quarters of the memory, at most 8 GiB; one processor, on which times repeat best; ten minutes. */
export function usualLimits(more: Partial<Limits> = {}): Limits {
  const memory = more.memory ?? Math.min(8 * GIBIBYTE, Math.floor((totalmem() * 3) / 4));
  return {
    processes: 512,
    // What is written lies in memory.
    disk: Math.min(GIBIBYTE, Math.floor(memory / 2)),
    seconds: 600,
    ...more,
    memory,
    processors: Math.min(more.processors ?? 1, availableParallelism()),
  };
}
