// What is fuzzed: a parser with valid inputs to begin with, words of its language, and the laws of what it gives.

import type { Random } from "./random.ts";

export interface Target {
  readonly name: string;
  /** Valid, or nearly. */
  readonly seeds: readonly string[];
  readonly tokens: readonly string[];
  /** Another way to a beginning than the seeds. */
  readonly grammar?: (random: Random) => string;
  /**
   * Parses, and holds the result against the laws. A `ThothError` is an answer; whatever else is thrown is a
   * finding, a broken law too. True where the text was valid.
   */
  readonly run: (text: string) => void;
}

export class BrokenLaw extends Error {}

/** For laws: what must be the same before and after a round trip. */
export function same(law: string, left: unknown, right: unknown): void {
  if (Object.is(left, right)) return;
  throw new BrokenLaw(`${law}: ${show(left)} is not ${show(right)}`);
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

export function words(text: string): string[] {
  return text.split(" ");
}
