// The documents of the Dependency Monkey and of a healed stack, and what they have in common with a healed run.

import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, normalizedName, nullable, shapeOf, text } from "./shape.ts";
import { packageVersion } from "./shared-documents.ts";

/** `fails`: specifiers, empty for every release; `passes`: the nearest release that works, beside the same. */
const guilty: Schema = shapeOf("A release that is to blame", {
  name: normalizedName,
  version: text,
  fails: text,
  passes: nullable(text),
});

/** Of a failure that was healed. */
export const healedMembers = {
  symptom: text,
  guilty: listOf(guilty),
  changes: listOf(
    shapeOf("A package that moved", { name: normalizedName, from: nullable(text), to: nullable(text) }),
  ),
  inspections: count,
  linear: count,
};

/** `stack`: the last that was inspected; `lock`: where it was written. */
export const healDocument: Schema = shapeOf("A stack that was healed", {
  place: text,
  works: flag,
  healed: listOf(shapeOf("A failure that was healed", { what: text, ...healedMembers })),
  unhealed: nullable(
    shapeOf("A failure that was not", { what: text, symptom: text, suspects: listOf(normalizedName) }),
  ),
  stack: listOf(packageVersion),
  inspections: count,
  lock: nullable(text),
});

export const monkeyDocument: Schema = shapeOf("Stacks that were tried", {
  predictor: choiceOf("random", "combinations", "pair"),
  seed: count,
  place: text,
  stacks: count,
  failed: count,
  inspections: count,
  conflicts: listOf(
    shapeOf("Releases that fail together", {
      what: text,
      stage: choiceOf("build", "install", "import", "run"),
      symptom: text,
      packages: listOf(normalizedName),
      members: listOf(guilty),
      companions: listOf(normalizedName),
      stack: listOf(packageVersion),
      confirmed: flag,
      failures: count,
      "failed-only": listOf(listOf(packageVersion)),
      found: count,
      inspections: count,
      linear: count,
    }),
  ),
  facts: count,
  rules: listOf(text),
});
