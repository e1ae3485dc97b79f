// The document of the ABI check: what the native files of a stack need, and do not find.

import type { Schema } from "./schema.ts";
import { choiceOf, count, flag, listOf, normalizedName, shapeOf, text } from "./shape.ts";

export const abiDocument: Schema = shapeOf("Whether the native files of a lock find what they need", {
  lock: text,
  environment: shapeOf("Where they would be loaded", {
    kind: choiceOf("image", "environment", "machine"),
    name: text,
    machine: text,
    "glibc?": text,
    python: text,
    "digest?": text,
  }),
  wheels: count,
  fits: flag,
  missing: listOf(
    shapeOf("What a wheel needs and does not find", {
      package: normalizedName,
      version: text,
      wheel: text,
      kind: choiceOf("machine", "library", "version", "driver", "unknown"),
      library: text,
      versions: listOf(text),
      offered: listOf(text),
      paths: listOf(text),
      onDemand: flag,
      /** Whether the wheel cannot do without. */
      decides: flag,
      message: text,
    }),
  ),
  unknown: listOf(text),
});
