// The document of the provenance check: which indexes have what a lock says.

import type { Schema } from "./schema.ts";
import { choiceOf, count, listOf, normalizedName, nullable, sha256, shapeOf, text } from "./shape.ts";

export const provenanceDocument: Schema = shapeOf("Where the artifacts of a lock come from", {
  lock: text,
  packages: count,
  findings: listOf(
    shapeOf("What does not fit", {
      type: choiceOf("ERROR", "WARNING", "INFO"),
      id: choiceOf(
        "INVALID-LOCK-HASH",
        "DIFFERENT-ARTIFACTS-ON-SOURCES",
        "ARTIFACT-DIFFERENT-SOURCE",
        "ARTIFACT-POSSIBLE-DIFFERENT-SOURCE",
        "MISSING-PACKAGE",
        "INVALID-ARTIFACT-HASH",
        "SOURCE-NOT-WHITELISTED",
        "INSECURE-SOURCE",
      ),
      "package_name?": normalizedName,
      "package_version?": text,
      "source?": text,
      "sources?": listOf(text),
      "digest?": sha256,
      justification: text,
    }),
  ),
  attestations: listOf(
    shapeOf("For how many locked artifacts their index tells of an attestation; null: not known", {
      package_name: normalizedName,
      package_version: text,
      artifacts: count,
      attested: nullable(count),
    }),
  ),
  unknown: listOf(text),
});
