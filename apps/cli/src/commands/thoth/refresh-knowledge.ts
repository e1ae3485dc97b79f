// `thoth knowledge refresh`: newer advisories from a server. What was known before stays until all of the new is here.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AdvisoryCatalogue, compareAdvisories, openAdvisories, type Validators } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { ageOf, dayOf } from "../../advice/known.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { type Invocation, textOption } from "../../frame/command.ts";
import { formatSize, plural } from "../../frame/printable.ts";
import {
  importedPath,
  refreshedPath,
  shippedAdvisories,
  warnOfSkipped,
} from "../../session/known-advisories.ts";
import { withProxy } from "../../session/open-session.ts";
import { knownOf, saveRefreshed, shownSource } from "../../session/refreshed.ts";
import { now } from "../../settings/as-of.ts";
import { given } from "../../settings/directories.ts";
import { readIndexSettings, readSeconds } from "../../settings/resolution-settings.ts";

/** The public export of PyPI's ecosystem: https://google.github.io/osv.dev/data/#data-dumps */
const OSV = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip";
const DEFAULT_SECONDS = 600;

export interface RefreshOutcome {
  readonly source: string;
  readonly outcome: "changed" | "unchanged";
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
  readonly before: Known;
  readonly after: Known;
}

interface Known {
  readonly advisories: number;
  /** Since the newest change of any of them; null where there is none. */
  readonly days: number | null;
}

export async function refreshKnowledge(
  invocation: Invocation,
  places: readonly string[],
): Promise<RefreshOutcome> {
  const url = sourceOf(invocation, places);
  const path = importedPath(invocation);
  const former = existsSync(path) ? readFileSync(path) : undefined;
  const before = openFormer(invocation, former ?? shippedAdvisories());
  const record = refreshedPath(invocation);
  const known = former === undefined || before === undefined ? undefined : knownOf(record, former, url);
  const fetched = await fetchNewer(invocation, url, known);
  const unchanged = (): RefreshOutcome => ({
    source: shownSource(url),
    outcome: "unchanged",
    added: 0,
    changed: 0,
    withdrawn: 0,
    before: knownBy(before),
    after: knownBy(before),
  });
  if (fetched === undefined) return unchanged();
  const { bytes, validators } = fetched;
  if (former?.equals(bytes) === true) {
    if (validators.etag !== undefined || validators.lastModified !== undefined)
      await saveRefreshed(record, bytes, { url, validators });
    return unchanged();
  }
  const after = openAdvisories(bytes);
  refuseOlder(before, after, url);
  const { added, changed, gone } = compareAdvisories(before ?? after, after);
  await replaceFile(path, bytes, { makeFolders: true });
  await saveRefreshed(record, bytes, { url, validators });
  return {
    source: shownSource(url),
    outcome: "changed",
    added: before === undefined ? after.count : added,
    changed,
    withdrawn: gone,
    before: knownBy(before),
    after: knownBy(after),
  };
}

/** Throws usage, and index-unreachable where nothing may be asked. */
function sourceOf({ options }: Invocation, places: readonly string[]): string {
  const [place = textOption(options, "source") ?? OSV, ...others] = places;
  if (others.length > 0)
    throw new ThothError("usage", "advisories are refreshed from one source", {
      hint: "`thoth knowledge import PLACE…` reads several that lie on this machine.",
    });
  const url = URL.parse(place);
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw new ThothError("usage", `${quote(place)} is no URL of http or https`, {
      hint: "`thoth knowledge import PLACE` reads what lies on this machine.",
    });
  if (options["offline"] === true)
    throw new ThothError("index-unreachable", "`--offline` forbids to fetch advisories", {
      hint: "Run it without `--offline`, or bring an archive and use `thoth knowledge import`.",
      details: { host: url.host, offline: true },
    });
  return place;
}

/** Undefined where it is damaged: what comes takes its place. */
function openFormer({ terminal }: Invocation, bytes: Uint8Array): AdvisoryCatalogue | undefined {
  try {
    return openAdvisories(bytes);
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    terminal.warn(error.message);
    return undefined;
  }
}

interface Fetched {
  /** Compiled. */
  readonly bytes: Buffer;
  readonly validators: Validators;
}

/** Undefined: the source has not changed. */
async function fetchNewer(
  invocation: Invocation,
  url: string,
  known: Validators | undefined,
): Promise<Fetched | undefined> {
  const { terminal, options, environment, signal } = invocation;
  const { compileAdvisories, fetchAdvisories } = await import("@thoth/ingest");
  const { pip, cacheDirectory } = readIndexSettings(options, environment);
  const stage = terminal.stage("refresh");
  try {
    const fetched = await fetchAdvisories({
      url,
      known,
      folder: join(cacheDirectory, "advisories"),
      seconds: readSeconds(textOption(options, "timeout"), DEFAULT_SECONDS),
      variables: withProxy(environment, pip.proxy),
      certificate: given(environment, "THOTH_CERT") ?? pip.certificates,
      trustedHosts: pip.trustedHosts,
      signal,
      onReceived: (received, total) =>
        stage.update(received, total ?? 0, `${formatSize(received)} of ${URL.parse(url)?.host}`),
      onDocuments: (count) => stage.update(0, 0, plural(count, "document")),
    });
    if (fetched.kind === "unchanged") {
      stage.end("the source has not changed");
      return undefined;
    }
    const { advisories, skipped, documents } = fetched.documents;
    warnOfSkipped(terminal, shownSource(fetched.url), skipped);
    const bytes = Buffer.from(compileAdvisories(advisories));
    signal.throwIfAborted();
    stage.end(`${plural(documents, "document")} read, ${skipped.length} skipped`);
    return { bytes, validators: fetched.validators };
  } catch (error) {
    stage.end();
    throw error;
  }
}

/** A copy that was forgotten somewhere, or is served to hide what has become known since. */
function refuseOlder(before: AdvisoryCatalogue | undefined, after: AdvisoryCatalogue, url: string): void {
  const newest = before?.newest ?? 0;
  if (after.newest >= newest || newest > now().seconds) return;
  throw new ThothError(
    "index-response-invalid",
    `What ${quote(URL.parse(url)?.host ?? "")} sends ends on ${dayOf(after.newest)}, before what is here, which ends on ${dayOf(newest)}.`,
    {
      hint: "Nothing was changed; `thoth knowledge import` takes older advisories all the same.",
      details: { newest: dayOf(after.newest), here: dayOf(newest) },
    },
  );
}

function knownBy(advisories: AdvisoryCatalogue | undefined): Known {
  if (advisories === undefined) return { advisories: 0, days: null };
  const { count, newest } = advisories;
  return { advisories: count, days: newest === 0 ? null : ageOf(newest, now().seconds) };
}

export function refreshText({ source, outcome, before, after, ...numbers }: RefreshOutcome): string[] {
  const { added, changed, withdrawn } = numbers;
  const days = (count: number | null) => (count === null ? "none" : plural(count, "day"));
  if (outcome === "unchanged")
    return [
      `source      ${source}`,
      `advisories  ${after.advisories}, nothing new`,
      `age         ${days(after.days)}`,
    ];
  const news = added === 1 ? "1 new vulnerability" : `${added} new vulnerabilities`;
  return [
    `source      ${source}`,
    `advisories  ${before.advisories} before, now ${after.advisories}`,
    `changes     ${news}, ${changed} changed, ${withdrawn} withdrawn`,
    `age         ${days(before.days)} before, now ${days(after.days)}`,
  ];
}
