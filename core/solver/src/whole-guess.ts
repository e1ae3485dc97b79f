// Whether a guess is a stack as it stands: what each release needs is looked up, and nothing is decided. Auxiliary packages,
// of which there can be no guess, take the first release that fits.

import type { Intake } from "./intake.ts";
import type { Network } from "./network.ts";
import type { Trail } from "./trail.ts";

export interface GuessParts {
  readonly trail: Trail;
  readonly network: Network;
  readonly intake: Intake;
  /** Draws all consequences with nothing decided; false: there is no stack. */
  settle(): boolean;
}

/**
 * Chosen release per variable, -1 for none; undefined where the guess is no stack, or not all of it is known. `guess`: a
 * release of a variable, -1 where it is not guessed to be chosen, undefined where there can be no guess.
 */
export function wholeGuess(
  parts: GuessParts,
  guess: (v: number) => number | undefined,
): Int32Array | undefined {
  const { trail, intake, network } = parts;
  const values: number[] = [];
  const reached = reach(intake, values, guess);
  if (reached === undefined) return undefined;
  const open = reached.filter((v) => values[v] === undefined);
  for (const v of open) {
    for (let release = 0; values[v] === undefined && release < trail.size[v]!; release++) {
      intake.load(v, release);
      if (!intake.unknown(v, release) && network.isMet(v, release, values)) values[v] = release;
    }
    if (values[v] === undefined) return undefined;
  }
  if (!parts.settle()) return undefined;
  if (!reached.every((v) => trail.has(v, values[v]!) && network.isMet(v, values[v]!, values)))
    return undefined;
  return Int32Array.from({ length: trail.variables }, (_, v) => values[v] ?? -1);
}

/** The variables that a stack of the guess has, with their releases where there is a guess. */
function reach(
  intake: Intake,
  values: number[],
  guess: (v: number) => number | undefined,
): number[] | undefined {
  const seen = new Set(intake.roots.filter((_, i) => !intake.optionalRoot(i)));
  // It grows while it is looked through.
  for (const v of seen) {
    if (!intake.known(v)) return undefined;
    if (intake.mirrored[v]! >= 0) seen.add(intake.mirrored[v]!);
    const release = guess(v);
    if (release === undefined) continue;
    // Nothing is looked up for it: what a search has asked for must not hang on what was guessed.
    if (release < 0) return undefined;
    intake.load(v, release);
    if (intake.unknown(v, release)) return undefined;
    values[v] = release;
    for (let i = intake.needCount(v, release) - 1; i >= 0; i--) {
      const target = intake.needTarget(v, release, i);
      if (target >= 0) seen.add(target);
    }
  }
  return [...seen];
}
