// A failure that was healed, as a part of a document and in words.

import { goodOf, type Sentence, type Stack } from "@thoth/inspection";
import { printable } from "../frame/printable.ts";
import { memberDocument, memberText } from "../trial/monkey-report.ts";

export interface HealedFailure {
  readonly symptom: string;
  readonly sentence: Extract<Sentence, { kind: "guilty" }>;
  readonly failing: Stack;
}

export function healedDocument({ symptom, sentence, failing }: HealedFailure): object {
  const { guilty, healed, inspections, linear } = sentence;
  return {
    symptom,
    guilty: guilty.map(memberDocument),
    changes: changesOf(failing, healed),
    inspections,
    linear,
  };
}

interface Change {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

function changesOf(before: Stack, after: Stack): readonly Change[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((name) => ({ name, from: old.get(name) ?? null, to: now.get(name) ?? null }))
    .filter(({ from, to }) => from !== to);
}

/** One sentence a line: what was wrong, what changed, what it took. */
export function healedText(
  { symptom, sentence, failing }: HealedFailure,
  tried: (count: number) => string,
): readonly string[] {
  const { guilty, companions, healed, inspections, linear } = sentence;
  const changes = changesOf(failing, healed).map(
    ({ name, from, to }) => `${name} ${from ?? "(new)"} → ${to ?? "(gone)"}`,
  );
  return [
    `it failed: ${symptom}`,
    `${guilty.map(memberText).join(" with ")} ${guilty.length === 1 ? "makes" : "make"} it fail`,
    ...guilty.flatMap((one) => {
      const good = goodOf(one);
      return good === undefined ? [] : [`${one.name} ${good} works`];
    }),
    ...(companions.length === 0
      ? []
      : [`${companions.join(", ")} ${companions.length === 1 ? "has" : "have"} to move with it`]),
    `changed: ${changes.join(", ")}`,
    `found by ${tried(inspections)}; one release after the other it would have taken ${linear}`,
  ].map(printable);
}

/** Such as `numpy 2.0 → 1.26.4`. */
export function movedIn(failing: Stack, stack: Stack): string {
  const before = new Map(failing);
  const moved = stack.filter(([name, version]) => before.get(name) !== version);
  return moved
    .slice(0, 4)
    .map(([name, version]) => `${name} ${before.get(name) ?? "(new)"} → ${version}`)
    .join(", ");
}
