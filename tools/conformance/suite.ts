// What a suite of `npm run conformance` is, and how its cases are run side by side.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Outcome {
  readonly passed: number;
  readonly failed: readonly Failure[];
  readonly skipped: readonly LeftOut[];
}

export interface Failure {
  readonly id: string;
  readonly message: string;
}

/** Cases that are not run, by name or as a group, and why. */
export interface LeftOut {
  readonly id: string;
  readonly count: number;
  readonly reason: string;
}

export interface Suite {
  readonly name: string;
  /** Below the data folder. */
  readonly data: string;
  readonly run: (folder: string) => Promise<Outcome>;
  /** What is left out, without running the cases. */
  readonly leftOut: (folder: string) => Promise<readonly LeftOut[]>;
}

/** Judges each case; undefined is a pass, a text says what is wrong. At most `width` at once. */
export async function runCases<T>(
  cases: readonly T[],
  judge: (item: T) => Promise<string | undefined>,
  options: { readonly id: (item: T) => string; readonly width?: number },
): Promise<{ passed: number; failed: Failure[] }> {
  const verdicts: (string | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < cases.length; at = next++) {
      verdicts[at] = await judge(cases[at] as T).catch((error: unknown) => `broken: ${String(error)}`);
    }
  };
  await Promise.all(Array.from({ length: options.width ?? 2 }, work));
  const failed = cases.flatMap((item, at) => {
    const message = verdicts[at];
    return message === undefined ? [] : [{ id: options.id(item), message }];
  });
  return { passed: cases.length - failed.length, failed };
}

/** Calls `use` with a fresh folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "thoth-conformance-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
