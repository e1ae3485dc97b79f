// `thoth knowledge refresh SOURCE…`: sources are asked one after the other, and what they say is kept in the graph.

import type { JobReport, SourceEntry, Wanted } from "@thoth/ingest";
import type { KnowledgeGraph } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { openKnowledgeGraph } from "../session/open-graph.ts";
import { openWebClient } from "../session/open-web-client.ts";
import { now } from "../settings/as-of.ts";
import { readSeconds } from "../settings/resolution-settings.ts";
import { placeOf, type RefreshWish, readEvery, readPause, tokenOf } from "./source-settings.ts";
import { wantedOf } from "./wanted.ts";

const DEFAULT_SECONDS = 3600;

/** Throws `usage`, `index-unreachable` where nothing may be asked, what the graph throws, or the reason of the signal. */
export async function refreshSources(
  invocation: Invocation,
  { sources, isNamed }: Pick<RefreshWish, "sources" | "isNamed">,
): Promise<readonly JobReport[]> {
  const { options } = invocation;
  if (options["offline"] === true)
    throw new ThothError("index-unreachable", "`--offline` forbids to ask sources", {
      hint: "Run it without `--offline`.",
      details: { offline: true },
    });
  // Whatever is wrong with the settings is told before anybody is asked.
  for (const source of sources) {
    placeOf(source, invocation);
    readEvery(options, source);
  }
  const wanted = await wantedOf(invocation, sources);
  mustHaveSubjects(wanted, { sources, isNamed });
  const graph = await openKnowledgeGraph(invocation);
  try {
    const reports: JobReport[] = [];
    for (const source of sources) reports.push(await refreshSource(invocation, source, { graph, wanted }));
    return reports;
  } finally {
    await graph.close();
  }
}

/** Who names a source of packages or images wants something of it; who names all of them, of those of which there is something. */
function mustHaveSubjects(
  { projects, images }: Wanted,
  { sources, isNamed }: Pick<RefreshWish, "sources" | "isNamed">,
): void {
  if (!isNamed) return;
  const isAsked = (about: SourceEntry["about"]) => sources.some((source) => source.about === about);
  if (isAsked("packages") && projects.names.length === 0)
    throw new ThothError("usage", "there is no package to ask about", {
      hint: "Name some with `--package NAME`, or a lock or requirements with `--from FILE`.",
    });
  if (images.length === 0 && sources.every(({ about }) => about === "images"))
    throw new ThothError("usage", "there is no image to ask about", {
      hint: "Name one with `--image NAME`, such as python:3.12-slim, or some in THOTH_SOURCE_IMAGES.",
    });
}

interface Around {
  readonly graph: KnowledgeGraph;
  readonly wanted: Wanted;
}

async function refreshSource(
  invocation: Invocation,
  entry: SourceEntry,
  { graph, wanted }: Around,
): Promise<JobReport> {
  const { environment, options, signal, terminal } = invocation;
  const { runJob } = await import("@thoth/ingest");
  const authorization = await tokenOf(entry.name, environment);
  const client = await openWebClient(invocation, placeOf(entry, invocation), { authorization });
  const pause = readPause(environment);
  const stage = terminal.stage(entry.name);
  const source = entry.open(client.base, wanted);
  try {
    const report = await runJob(source, graph, {
      client,
      signal,
      now: () => now().seconds,
      every: readEvery(options, entry),
      seconds: readSeconds(textOption(options, "timeout"), DEFAULT_SECONDS),
      ...(pause === undefined ? {} : { politeness: { pause } }),
      progress: ({ done, total, key }) => stage.update(done, total, key),
    });
    stage.end(summaryOf(report));
    return report;
  } catch (error) {
    stage.end();
    // Another run of one source keeps nobody from the others.
    if (!(error instanceof ThothError) || error.code !== "job-running") throw error;
    return stoppedReport(entry.name, source.place, error);
  } finally {
    await client.close();
  }
}

/** Of a source that was asked nothing. */
export function stoppedReport(source: string, place: string, { code, message, hint }: ThothError): JobReport {
  return {
    source,
    place,
    outcome: "stopped",
    stop: { code, message, ...(hint === undefined ? {} : { hint }) },
    items: 0,
    fresh: 0,
    changed: 0,
    unchanged: 0,
    absent: 0,
    failed: 0,
    failures: [],
    facts: 0,
  };
}

const NOUNS: Readonly<Record<string, string>> = {
  index: "package",
  attestations: "package",
  contents: "package",
  images: "image",
  github: "repository",
  gitlab: "repository",
  scorecards: "repository",
};

const MOST_NAMED = 3;

/** One line. */
export function summaryOf(report: JobReport): string {
  const { items, fresh, changed, unchanged, absent, failed, facts, stop } = report;
  const noun = NOUNS[report.source] ?? "document";
  const asked = changed + unchanged + absent + failed;
  const rest = items - fresh - asked;
  const left = rest > 0 ? `, ${rest} left for the next time` : "";
  if (stop !== undefined && asked === 0) return `${stop.message}${left}`;
  if (items === 0) return `nothing to ask: no ${noun} is known`;
  if (asked === 0) return `nothing to do: ${counted(items, noun)} asked recently enough`;
  const parts = [
    `${counted(asked, noun)} asked, ${changed} changed (${plural(facts, "fact")})`,
    ...(absent === 0 ? [] : [`${absent} not there`]),
    ...(fresh === 0 ? [] : [`${fresh} asked recently enough`]),
    ...(failed === 0 ? [] : [`${failed} could not be asked`]),
  ];
  const named = report.failures.slice(0, MOST_NAMED).map(({ key, message }) => `${quote(key)}: ${message}`);
  const why = named.length === 0 ? "" : `: ${named.join(" ")}${failed > named.length ? " …" : ""}`;
  return `${parts.join(", ")}${why}${left}${stop === undefined ? "" : `. ${stop.message}`}`;
}

function counted(count: number, noun: string): string {
  return noun === "repository" && count !== 1 ? `${count} repositories` : plural(count, noun);
}
