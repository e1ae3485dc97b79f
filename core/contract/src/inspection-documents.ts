// The document of an inspection.

import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, normalizedName, seconds, sha256, shapeOf, text } from "./shape.ts";
import { packageVersion } from "./shared-documents.ts";

const number: Schema = { type: "number" };
const whole: Schema = { type: "integer" };
const texts: Schema = { type: "object", additionalProperties: text };

const environment = shapeOf("Where it was inspected", {
  os: shapeOf("The operating system", { id: text, version: text }),
  python: text,
  machine: text,
  libc: text,
  cpu: shapeOf("The processor", { model: text, count, features: listOf(text) }),
  memory: count,
  "gpu?": text,
  limits: { type: "object", additionalProperties: number },
  missing: listOf(text),
  threads: texts,
});

const stage = shapeOf("A stage", {
  stage: choiceOf("build", "install", "import", "run"),
  outcome: choiceOf("passed", "failed", "killed", "timed-out"),
  status: whole,
  wall: seconds,
  "user?": seconds,
  "system?": seconds,
  "memory?": count,
  "throttled?": seconds,
  "log?": text,
});

const traced = { "symptom?": text, "traced-to?": listOf(normalizedName) };

const measurement = shapeOf("A measurement", {
  version: text,
  indicator: text,
  script: sha256,
  parameters: texts,
  metric: text,
  unit: text,
  higherIsBetter: flag,
  batches: listOf(listOf(number)),
  median: number,
  interval: listOf(number),
  outliers: count,
  "noisy?": text,
});

export const inspectionDocument: Schema = shapeOf("An inspected stack", {
  stack: listOf(packageVersion),
  passed: flag,
  place: text,
  environment,
  "environment-digest": sha256,
  stages: listOf(stage),
  imports: listOf(
    shapeOf("How a package was imported", {
      name: normalizedName,
      modules: listOf(text),
      status: whole,
      wall: seconds,
      "log?": text,
      ...traced,
    }),
  ),
  checks: listOf(
    shapeOf("How a check went", {
      name: text,
      sha256,
      parameters: texts,
      "package?": normalizedName,
      passed: count,
      runs: count,
      stage,
      measurements: listOf(measurement),
      ...traced,
    }),
  ),
  facts: count,
});
