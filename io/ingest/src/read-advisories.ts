// Advisories from a place on this machine: a folder, one document, or an archive such as the dump of OSV or a
// checkout of the PyPA's database. https://google.github.io/osv.dev/data/
//
// A document that cannot be used is skipped with a reason; an archive that is damaged or too large is an error.

import { AdvisoryCollector } from "./advisory-collector.ts";
import type { AdvisoryDocuments, ReadAdvisoriesOptions } from "./advisory-documents.ts";
import { readSource } from "./read-source.ts";

/**
 * Throws `file-failed` (cannot be read, or is nothing of this kind), `index-response-invalid` (a damaged archive),
 * `limit-exceeded`, or the reason of the signal.
 */
export async function readAdvisories(
  path: string,
  options: ReadAdvisoriesOptions = {},
): Promise<AdvisoryDocuments> {
  const collector = new AdvisoryCollector(options);
  await readSource(path, collector, { kind: "advisories", shown: options.shown });
  return collector.finish();
}
