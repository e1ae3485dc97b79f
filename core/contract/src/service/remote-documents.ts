// What commands print with `--json` that ask a service, by the command, and of the graph of a lock. They stand apart: most
// commands do without the documents of a service.

import { choiceOf, listOf, normalizedName, shapeOf, text } from "../shape.ts";
import { v1Operations } from "./v1.ts";
import { containerImage } from "./v1-documents.ts";
import { v2Operations } from "./v2.ts";
import { jobDocument, resultDocument, STATES } from "./v2-documents.ts";

export const remoteDocuments = {
  "thoth advise --no-wait": shapeOf("A question that a service was asked", {
    job: text,
    service: text,
    state: choiceOf(...STATES),
  }),
  "thoth status": jobDocument,
  "thoth log": v2Operations.readLog.answers[200].schema,
  "thoth results": { anyOf: [resultDocument, jobDocument] },
  "thoth environments": v1Operations.listPythonEnvironments.answers[200].schema,
  "thoth indexes": v1Operations.listPythonPackageIndexes.answers[200].schema,
  "thoth images": shapeOf("Container images that a service knows", { images: listOf(containerImage) }),
  "thoth whatprovides": shapeOf("Packages that provide an import", {
    import: text,
    packages: listOf(
      shapeOf("A package, and versions that were seen to", { name: text, versions: listOf(text) }),
    ),
  }),
  "thoth graph": shapeOf("Who needs whom", {
    packages: listOf(
      shapeOf("A package", { name: normalizedName, version: text, requires: listOf(normalizedName) }),
    ),
  }),
} as const;
