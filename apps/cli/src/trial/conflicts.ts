// From stacks that failed to the releases that are to blame: the guilty are found between a failing stack and the nearest one that
// works, and confirmed by themselves: the pair alone, with only what it needs itself, fails, and passes with another release of
// either.

import {
  type Charge,
  findGuilty,
  type Guilty,
  type Conflict as Mined,
  mineConflicts,
  nearestPassing,
  type Sentence,
  type Stack,
} from "@thoth/inspection";
import { parseRequirement } from "@thoth/pep";
import { type Failure, likeness, type Seen, verdictOf } from "./seen.ts";
import type { StackInspector } from "./stack-inspector.ts";
import type { StackMaker } from "./stack-maker.ts";

export interface Conflict {
  readonly failure: Failure;
  /** One release or two; with the ranges that fail, the others being as in `stack`. */
  readonly members: readonly Guilty[];
  /** The smallest stack in which it was seen. */
  readonly stack: Stack;
  /** The members fail with nothing beside them but what they need. */
  readonly confirmed: boolean;
  /** How many of the explored stacks fail so. */
  readonly failures: number;
  /** Sets of releases that were seen in such failures alone. */
  readonly mined: readonly Mined[];
  readonly inspections: number;
  /** Inspections of one who tries one release after the other. */
  readonly linear: number;
}

export interface Laboratory {
  readonly maker: StackMaker;
  readonly inspector: StackInspector;
  /** Of one search. */
  readonly most: number;
}

export interface Suspicion {
  readonly failure: Failure;
  readonly failing: Stack;
  readonly failures: number;
}

/** Failures that look alike and were traced to the same packages, those that were seen most often first. */
export function suspicionsOf(seen: readonly Seen[]): readonly Suspicion[] {
  const groups = new Map<string, { readonly failure: Failure; readonly failing: Stack; failures: number }>();
  for (const { stack, failures } of seen) {
    const told = new Set<string>();
    for (const failure of failures) {
      const key = JSON.stringify([likeness(failure.symptom), failure.packages]);
      if (told.has(key)) continue;
      told.add(key);
      const known = groups.get(key) ?? { failure, failing: stack, failures: 0 };
      known.failures++;
      groups.set(key, known);
    }
  }
  return [...groups.values()].sort((a, b) => b.failures - a.failures);
}

/** Undefined where nothing was found that could be blamed. */
export async function findConflict(
  { maker, inspector, most }: Laboratory,
  { failure, failing, failures }: Suspicion,
  seen: readonly Seen[],
): Promise<Conflict | undefined> {
  const judged = seen
    .map((one) => ({ stack: one.stack, verdict: verdictOf(one, failure) }))
    .filter(({ verdict }) => verdict !== "other")
    .map(({ stack, verdict }) => ({ stack, failed: verdict === "fails" }));
  const mined = mineConflicts(judged).slice(0, 5);
  const named = failure.packages;
  const more = mined.flatMap(({ releases }) => releases.map(([name]) => name));
  const suspects = [...new Set([...named, ...more])].slice(0, 6);
  const sentence = await judge(
    { maker, inspector, failure },
    {
      failing,
      working: nearestPassing(failing, judged),
      suspects,
      named: named.length,
      most,
      bothWays: true,
    },
  );
  if (sentence.kind !== "guilty") return undefined;
  const found: Finding = { failure, failing, failures, mined, sentence };
  return await confirm({ maker, inspector, most }, found);
}

interface Finding extends Suspicion {
  readonly mined: readonly Mined[];
  readonly sentence: Extract<Sentence, { kind: "guilty" }>;
}

interface Judging {
  readonly maker: StackMaker;
  readonly inspector: StackInspector;
  readonly failure: Failure;
}

async function judge({ maker, inspector, failure }: Judging, charge: Charge): Promise<Sentence> {
  return await findGuilty(
    {
      resolve: (pins, near) => maker.resolve(pins, near),
      inspect: async (stack) => verdictOf(await inspector.look(maker, stack), failure),
      releases: (name) => maker.releases(name),
    },
    charge,
  );
}

async function confirm({ maker, inspector, most }: Laboratory, found: Finding): Promise<Conflict> {
  const { failure, failing, failures, mined, sentence } = found;
  const versions = new Map(failing);
  const names = [...new Set([...sentence.guilty.map(({ name }) => name), ...failure.packages])].slice(0, 2);
  const plain: Conflict = {
    failure,
    members: sentence.guilty,
    stack: failing,
    confirmed: false,
    failures,
    mined,
    inspections: sentence.inspections,
    linear: sentence.linear,
  };
  if (sentence.guilty.length > 2) return plain;
  const small = maker.of(
    names.map((name) => ({ requirement: parseRequirement(name), group: "default", source: "confirmation" })),
  );
  const pins = new Map(names.map((name) => [name, versions.get(name)!] as const));
  const alone = await small.resolve(pins, failing);
  if (alone === undefined) return plain;
  if (verdictOf(await inspector.look(small, alone), failure) !== "fails") return plain;
  const judging = { maker: small, inspector, failure };
  const members: Guilty[] = [];
  let { inspections, linear } = sentence;
  for (const name of names) {
    const charge = { failing: alone, suspects: [name], named: 1, most, bothWays: true };
    const one = await judge(judging, charge);
    inspections += one.inspections;
    if (one.kind !== "guilty") continue;
    linear += one.linear;
    const member = one.guilty.find((guilty) => guilty.name === name);
    if (member !== undefined) members.push(member);
  }
  if (members.length === 0) return plain;
  return { ...plain, members, stack: alone, confirmed: true, inspections, linear };
}
