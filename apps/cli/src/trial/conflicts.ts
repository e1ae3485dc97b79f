// From stacks that failed to the releases that are to blame: the guilty are found between a failing stack and the nearest one that
// works, and confirmed by themselves: the pair alone, with only what it needs itself, fails, and passes with another release of
// either.

import {
  type Guilty,
  type Conflict as Mined,
  mineConflicts,
  nearestPassing,
  type Sentence,
  type Stack,
  stackDigest,
} from "@thoth/inspection";
import { parseRequirement } from "@thoth/pep";
import { type Judging, judge, suspectsOf } from "./judge.ts";
import { type Failure, likeness, type Seen, verdictOf } from "./seen.ts";
import type { StackInspector } from "./stack-inspector.ts";
import type { StackMaker } from "./stack-maker.ts";

export interface Conflict {
  readonly failure: Failure;
  /** One release or two; with the ranges that fail, the others being as in `stack`. */
  readonly members: readonly Guilty[];
  /** Packages without which the check cannot be made, whose releases make no difference. */
  readonly companions: readonly string[];
  /** The smallest stack in which it was seen. */
  readonly stack: Stack;
  /** The members fail with nothing beside them but what they need. */
  readonly confirmed: boolean;
  /** How many of the explored stacks fail so. */
  readonly failures: number;
  /** Sets of releases that were seen in such failures alone. */
  readonly mined: readonly Mined[];
  /** Stacks that were looked at to find it, before it was confirmed; and all of them. */
  readonly found: number;
  readonly inspections: number;
  /** To find it: inspections of one who tries one release after the other. */
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
  // Where nothing passed, everything was seen in failures alone.
  const telling = judged.some(({ failed }) => !failed) ? mined : [];
  const more = telling.flatMap(({ releases }) => releases.map(([name]) => name));
  const suspects = suspectsOf(maker, failing, { failure, more });
  const looked = new Set<string>();
  const sentence = await judge(
    { maker, inspector, failure, looked },
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
  const found: Finding = { failure, failing, failures, mined, sentence, looked };
  return await confirm({ maker, inspector, most }, found);
}

interface Finding extends Suspicion {
  readonly mined: readonly Mined[];
  readonly sentence: Extract<Sentence, { kind: "guilty" }>;
  readonly looked: Set<string>;
}

async function confirm({ maker, inspector, most }: Laboratory, found: Finding): Promise<Conflict> {
  const { failure, failing, failures, mined, sentence, looked } = found;
  const { guilty } = sentence;
  const names = [...new Set([...guilty.map(({ name }) => name), ...failure.packages])].slice(0, 2);
  const plain: Conflict = {
    failure,
    members: guilty,
    companions: [],
    stack: failing,
    confirmed: false,
    failures,
    mined,
    found: sentence.inspections,
    inspections: looked.size,
    linear: sentence.linear,
  };
  if (guilty.length > 2) return plain;
  const small = await smallest({ maker, inspector, failure, looked }, { names, failing });
  if (small === undefined) return plain;
  const judging = { maker: small.maker, inspector, failure, looked };
  const members: Guilty[] = [];
  for (const name of small.names) {
    const charge = { failing: small.stack, suspects: [name], named: 1, most, bothWays: true };
    const one = await judge(judging, charge);
    if (one.kind !== "guilty") continue;
    const member = one.guilty.find((other) => other.name === name);
    if (member !== undefined) members.push(member);
  }
  if (members.length === 0) return plain;
  const companions = small.names.filter((name) => !isAmong(members, name));
  return {
    ...plain,
    members,
    companions,
    stack: small.stack,
    confirmed: true,
    inspections: looked.size,
  };
}

function isAmong(members: readonly Guilty[], name: string): boolean {
  return members.some((member) => member.name === name);
}

interface Small {
  readonly maker: StackMaker;
  readonly names: readonly string[];
  readonly stack: Stack;
}

/** With nothing but the suspects, else with what was asked for as well, which a check may need; undefined: neither fails so. */
async function smallest(
  { maker, inspector, failure, looked }: Judging,
  { names, failing }: { readonly names: readonly string[]; readonly failing: Stack },
): Promise<Small | undefined> {
  const versions = new Map(failing);
  const direct = maker.project.requirements.map(({ requirement }) => requirement.name as string);
  const more = [...new Set([...names, ...direct])].slice(0, MOST_TOGETHER);
  for (const some of failure.stage === "run" && more.length > names.length ? [names, more] : [names]) {
    const requirements = some.map((name) => ({
      requirement: parseRequirement(name),
      group: "default",
      source: "confirmation",
    }));
    const small = maker.of(requirements);
    const pins = new Map(some.flatMap((name) => (versions.has(name) ? [[name, versions.get(name)!]] : [])));
    const stack = await small.resolve(pins, failing);
    if (stack === undefined) continue;
    looked.add(stackDigest(stack));
    if (verdictOf(await inspector.look(small, stack), failure) === "fails")
      return { maker: small, names: some, stack };
  }
  return undefined;
}

const MOST_TOGETHER = 5;
