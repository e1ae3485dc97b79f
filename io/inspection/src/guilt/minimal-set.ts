// The fewest of some things that fail together. Where more of them fail whenever some do, the things are halved until one
// is found without which the rest passes; it stays, and the next one is looked for among those before it: about
// k (1 + log2 n) questions for k of n things (the method of QuickXplain: https://cdn.aaai.org/AAAI/2004/AAAI04-027.pdf).

import type { Verdict } from "./trial.ts";

export interface Suspicion {
  /** The most suspicious first. All of them fail together, and none of them passes. */
  readonly names: readonly string[];
  /** How many of them are named by the failure itself: they are tried alone before anything is halved. */
  readonly named: number;
}

/** `probe`: how a set of them does, without the rest. The answer is in the order in which it was found. */
export async function minimalSet(
  { names, named }: Suspicion,
  probe: (names: readonly string[]) => Promise<Verdict>,
): Promise<readonly string[]> {
  const found: string[] = [];
  /** Some could not be told apart, or were there only because others were. */
  let blurred = false;
  let rest = names;
  let first = named;
  while (rest.length > 0) {
    if (found.length > 0 && (await probe(found)) === "fails") break;
    const asked = [...found];
    const { low, high, unclear } = await leastPrefix(rest.length, first, (length) =>
      probe([...asked, ...rest.slice(0, length)]),
    );
    const block = rest.slice(low, high);
    blurred ||= unclear;
    found.push(...block);
    rest = rest.slice(0, low);
    first = 0;
  }
  return blurred ? await without(found, probe) : found;
}

interface Bounds {
  /** A prefix of this length passes, */
  readonly low: number;
  /** one of this length fails, and of those between nothing is known. */
  readonly high: number;
  /** Of some prefix nothing could be learnt. */
  readonly unclear: boolean;
}

/** Of the prefixes of so many things, of which the empty one passes and the whole one fails. */
async function leastPrefix(
  length: number,
  first: number,
  probe: (length: number) => Promise<Verdict>,
): Promise<Bounds> {
  let [low, high] = [0, length];
  const unknown = new Set<number>();
  let hint = first > 0 && first < length ? first : undefined;
  for (;;) {
    const middle = hint ?? nextBetween(low, high, unknown);
    hint = undefined;
    if (middle === undefined) return { low, high, unclear: unknown.size > 0 };
    const verdict = await probe(middle);
    if (verdict === "fails") high = middle;
    else if (verdict === "passes") low = middle;
    else unknown.add(middle);
  }
}

/** The one nearest to the middle that is not known to tell nothing. */
function nextBetween(low: number, high: number, unknown: ReadonlySet<number>): number | undefined {
  const middle = Math.floor((low + high) / 2);
  for (let distance = 0; distance <= high - low; distance++)
    for (const one of [middle - distance, middle + distance])
      if (one > low && one < high && !unknown.has(one)) return one;
  return undefined;
}

/** Leaves out what is there only because it moved with others. */
async function without(
  found: readonly string[],
  probe: (names: readonly string[]) => Promise<Verdict>,
): Promise<readonly string[]> {
  let left = found;
  for (const name of found) {
    const fewer = left.filter((one) => one !== name);
    if (fewer.length > 0 && (await probe(fewer)) === "fails") left = fewer;
  }
  return left;
}
