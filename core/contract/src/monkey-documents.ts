// The document of the Dependency Monkey, and what it has in common with a healed run.

import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, normalizedName, nullable, shapeOf, text } from "./shape.ts";
import { packageVersion } from "./shared-documents.ts";

/** `fails`: specifiers, empty for every release; `passes`: the nearest release that works, beside the same. */
export const guilty: Schema = shapeOf("A release that is to blame", {
  name: normalizedName,
  version: text,
  fails: text,
  passes: nullable(text),
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
