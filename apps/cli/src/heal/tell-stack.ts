// What came of a stack that was to be healed, as the document of `--json` and as words.

import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { StackDiagnosis } from "./heal-stack.ts";
import { healedDocument, healedText } from "./tell-failure.ts";

export interface ToldHealing {
  readonly diagnosis: StackDiagnosis;
  readonly place: string;
  /** Of all rounds, that of the given stack among them. */
  readonly inspections: number;
  /** The path of the lock. */
  readonly written: string | undefined;
}

export function healingDocument({ diagnosis, place, inspections, written }: ToldHealing): object {
  const { healed, stack, unhealed } = diagnosis;
  return {
    place,
    works: unhealed === undefined,
    healed: healed.map((one) => ({ what: one.what, ...healedDocument(one) })),
    unhealed:
      unhealed === undefined
        ? null
        : {
            what: unhealed.failure.what,
            symptom: unhealed.failure.symptom,
            suspects: unhealed.suspects,
          },
    stack: stack.map(([name, version]) => ({ name, version })),
    inspections,
    lock: written ?? null,
  };
}

export function healingText({ diagnosis, place, inspections, written }: ToldHealing): readonly Part[] {
  const { healed, unhealed } = diagnosis;
  const tried = (count: number) => plural(count, "inspection");
  const end =
    unhealed === undefined
      ? `it works on ${place}${healed.length === 0 ? " as it is" : ""} (${plural(inspections, "inspection")})`
      : `${unhealed.failure.what} fails: ${unhealed.failure.symptom}; no version of ${unhealed.suspects.join(", ")} that was tried heals it (${plural(inspections, "inspection")})`;
  return [
    ...healed.flatMap((one) => [printable(one.what), ...healedText(one, tried).map((line) => `  ${line}`)]),
    printable(end),
    ...(written === undefined ? [] : [printable(`the lock is in ${written}`)]),
  ];
}
