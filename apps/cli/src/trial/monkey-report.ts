// What the Dependency Monkey found, as the document of `--json` and as words.

import { type Guilty, goodOf, rangeOf } from "@thoth/inspection";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { Conflict } from "./conflicts.ts";
import type { Seen } from "./seen.ts";

export interface Told {
  readonly predictor: string;
  readonly seed: number;
  readonly place: string;
  readonly seen: readonly Seen[];
  readonly conflicts: readonly Conflict[];
  /** That were made now, and not known from before. */
  readonly inspections: number;
  readonly facts: number;
  /** Paths of rules that were written. */
  readonly rules: readonly string[];
}

export function monkeyDocument({
  predictor,
  seed,
  place,
  seen,
  conflicts,
  inspections,
  facts,
  rules,
}: Told): object {
  return {
    predictor,
    seed,
    place,
    stacks: seen.length,
    failed: seen.filter(({ failures }) => failures.length > 0).length,
    inspections,
    conflicts: conflicts.map(({ failure, members, companions, stack, mined, ...rest }) => ({
      ...failure,
      members: members.map(memberDocument),
      stack: stack.map(([name, version]) => ({ name, version })),
      companions,
      "failed-only": mined.map(({ releases }) => releases.map(([name, version]) => ({ name, version }))),
      ...rest,
    })),
    facts,
    rules,
  };
}

export function memberDocument(member: Guilty): object {
  const { name, version } = member;
  return { name, version, fails: rangeOf(member), passes: goodOf(member) ?? null };
}

export function monkeyText({ seen, conflicts, place, rules }: Told): readonly Part[] {
  const failed = seen.filter(({ failures }) => failures.length > 0).length;
  return [
    `${plural(seen.length, "stack")} on ${place}, ${failed} failed, ${plural(conflicts.length, "conflict")} found`,
    ...conflicts.flatMap(({ failure, members, companions, confirmed, found, inspections, linear }) => [
      "",
      printable(
        `${[...members.map(memberText), ...companions].join(" with ")}${confirmed ? "" : " (not confirmed by themselves)"}`,
      ),
      printable(`  ${failure.what}: ${failure.symptom}`),
      ...members.flatMap((member) => {
        const good = goodOf(member);
        return good === undefined ? [] : [printable(`  ${member.name} ${good} passes beside the same`)];
      }),
      `  found by ${plural(found, "inspection")}, with its ranges confirmed by ${inspections}; one release after the other it would have taken ${linear} to find`,
    ]),
    ...(rules.length === 0 ? [] : ["", ...rules]),
  ];
}

export function memberText(member: Guilty): string {
  const range = rangeOf(member);
  return range === "" ? `${member.name} (every release)` : `${member.name} ${range}`;
}
