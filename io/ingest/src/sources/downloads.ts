// How often projects are downloaded, from a list of those that are downloaded most, such as
// https://hugovk.github.io/top-pypi-packages/: one document, made once a month from the index's own log of 30 days.

import type { Change, DownloadsFact } from "@thoth/knowledge";
import { isValidName, normalizeName, type PackageName } from "@thoth/pep";
import { bodyOf } from "../jobs/asker.ts";
import type { Source } from "../jobs/source.ts";
import { saidBy } from "./provenance.ts";
import { notUnderstood, Reading } from "./reading.ts";
import { isAbsent, isUnchanged, remember, validatorsIn } from "./validators.ts";
import type { WantedProjects } from "./wanted-projects.ts";

const LIMIT = 64 * 1024 * 1024;
const MOST_ROWS = 1_000_000;
const DAYS = 30;
const SUBJECT = "the list of downloads";

export function downloadsSource(url: string, wanted: WantedProjects): Source {
  const { source: place } = saidBy(url, 0);
  return {
    name: "downloads",
    place,
    items: async () => [{ key: "downloads", wish: wanted.digest }],
    ask: async (_, { asker, known, now }) => {
      const answer = await asker.ask({ url, subject: SUBJECT, limit: LIMIT, known: validatorsIn(known) });
      if (isUnchanged(answer, known)) return { kind: "unchanged", known };
      if (isAbsent(answer)) throw notUnderstood(SUBJECT, "there is no such document");
      const found = parseDownloads(bodyOf(answer, SUBJECT));
      const provenance = saidBy(place, now);
      const changes = wanted.names.flatMap((owner): Change[] => {
        const body = found.get(owner);
        // Who is not among those that are downloaded most was downloaded, all the same: what was known stays.
        return body === undefined
          ? []
          : [{ put: { owner, kind: "downloads", subject: "", body, provenance } }];
      });
      return { kind: "told", changes, known: remember(answer) };
    },
  };
}

/** Throws `index-response-invalid`, `limit-exceeded`. */
export function parseDownloads(body: Uint8Array): ReadonlyMap<PackageName, DownloadsFact> {
  const document = Reading.parse(body, SUBJECT);
  document.get("last_update").text();
  const rows = document
    .get("rows")
    .list(MOST_ROWS)
    .map((row) => ({ name: row.get("project").text(), total: row.get("download_count").count() }));
  if (rows.length === 0) throw notUnderstood(SUBJECT, "it is empty");
  rows.sort((a, b) => b.total - a.total);
  const found = new Map<PackageName, DownloadsFact>();
  let rank = 0;
  for (const [at, { name, total }] of rows.entries()) {
    if (!isValidName(name)) throw notUnderstood(SUBJECT, "it lists what is no name of a project");
    // Equal numbers have equal ranks, in whatever order they are listed.
    if (total !== rows[at - 1]?.total) rank = at + 1;
    const owner = normalizeName(name);
    if (!found.has(owner)) found.set(owner, { days: DAYS, total, rank });
  }
  return found;
}
