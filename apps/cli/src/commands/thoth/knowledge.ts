// `thoth knowledge`: what this machine knows beside the index: advisories, refreshed, imported or shipped, and the
// knowledge graph.

import { existsSync, readFileSync } from "node:fs";
import type { JobReport } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import { knowledgeOf, unknownOf } from "../../advice/known.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { besideSharedAdvisories } from "../../knowledge/shared-advisories.ts";
import {
  importedPath,
  openAllAdvisories,
  readPlaces,
  refreshedPath,
} from "../../session/known-advisories.ts";
import { readRefreshed } from "../../session/refreshed.ts";
import { now } from "../../settings/as-of.ts";
import { type Exported, exportPart, type Imported, importParts } from "./graph-files.ts";
import { graphDocument, graphSummary, graphText, timeOf } from "./graph-status.ts";
import { type RefreshOutcome, refreshKnowledge, refreshText } from "./refresh-knowledge.ts";

export const knowledgeCommand: Handler = async (invocation) => {
  const [action, places = []] = invocation.arguments as readonly [string, (readonly string[])?];
  switch (action) {
    case "import":
      return await importPlaces(invocation, places);
    case "export":
      return await tellStatus(invocation, { exported: await exportPart(invocation, places) });
    case "refresh":
      return await refresh(invocation, places);
    case "status":
      return await tellStatus(invocation);
    default:
      throw new ThothError("usage", `${quote(action)} is no action of \`thoth knowledge\``, {
        hint: "There are `refresh`, `import PLACE…`, `export FILE` and `status`.",
      });
  }
};

/** 1 where a source was not asked to the end. */
async function refresh(invocation: Invocation, words: readonly string[]): Promise<0 | 1> {
  const { readRefreshWish } = await import("../../knowledge/source-settings.ts");
  const wish = readRefreshWish(words, invocation.environment);
  const { advisories, places, sources } = wish;
  const refreshed = async () =>
    advisories
      ? await besideSharedAdvisories(invocation, () => refreshKnowledge(invocation, places))
      : undefined;
  if (sources.length === 0) {
    const outcome = await refreshed();
    return await tellStatus(invocation, outcome === undefined ? {} : { refresh: outcome });
  }
  const { refreshSources, stoppedReport } = await import("../../knowledge/refresh-sources.ts");
  const reports: JobReport[] = [];
  let outcome: RefreshOutcome | undefined;
  try {
    outcome = await refreshed();
  } catch (error) {
    // What is wrong with one source keeps nobody from the others.
    invocation.signal.throwIfAborted();
    if (!(error instanceof ThothError) || error.code === "usage") throw error;
    reports.push(stoppedReport("advisories", "", error));
  }
  reports.push(...(await refreshSources(invocation, wish)));
  await tellStatus(invocation, { ...(outcome === undefined ? {} : { refresh: outcome }), sources: reports });
  return reports.some(({ outcome: ended }) => ended === "stopped") ? 1 : 0;
}

/** Replaces what was imported before: a dump is whole, and what it withdrew must go. */
async function importPlaces(invocation: Invocation, places: readonly string[]): Promise<0> {
  const { terminal } = invocation;
  if (places.length === 0)
    throw new ThothError("usage", "nothing to import was named", {
      hint: "Name a folder, file or archive of OSV documents, such as OSV's all.zip for PyPI or a checkout of the PyPA's advisory database, or a file of `thoth knowledge export`.",
    });
  const imported = await importParts(invocation, places);
  if (imported !== undefined) return await tellStatus(invocation, { imported });
  const stage = terminal.stage("import");
  try {
    const { bytes, documents, skipped } = await readPlaces(invocation, places, (count) =>
      stage.update(0, 0, plural(count, "document")),
    );
    await besideSharedAdvisories(invocation, () =>
      replaceFile(importedPath(invocation), bytes, { makeFolders: true }),
    );
    stage.end(`${plural(documents, "document")} read, ${skipped} skipped`);
  } catch (error) {
    stage.end();
    throw error;
  }
  return await tellStatus(invocation);
}

/** What was done before it is told what is known. */
interface Done {
  readonly refresh?: RefreshOutcome;
  readonly sources?: readonly JobReport[];
  readonly exported?: Exported;
  readonly imported?: Imported;
}

async function tellStatus(invocation: Invocation, done: Done = {}): Promise<0> {
  const { terminal } = invocation;
  const advisories = await openAllAdvisories(invocation, []);
  const graph = await graphSummary(invocation);
  const imported = existsSync(importedPath(invocation)) ? readFileSync(importedPath(invocation)) : undefined;
  const refreshed = imported && readRefreshed(refreshedPath(invocation), imported);
  const origin = imported === undefined ? "shipped" : refreshed === undefined ? "imported" : "refreshed";
  const unknown = unknownOf(advisories, now().seconds);
  terminal.document({
    advisories: advisories.count,
    newest: advisories.newest === 0 ? null : timeOf(advisories.newest),
    origin,
    ...(refreshed === undefined ? {} : { source: refreshed.source }),
    ...done,
    ...(graph === undefined ? {} : { graph: graphDocument(graph) }),
    unknown,
  });
  const from = refreshed === undefined ? origin : `${origin} from ${printable(refreshed.source)}`;
  const summaries = done.sources === undefined ? [] : await summariesOf(done.sources);
  terminal.result(
    [
      ...doneText(done),
      ...(done.refresh === undefined
        ? [`advisories  ${knowledgeOf(advisories)} (${from})`]
        : refreshText(done.refresh).map(printable)),
      ...(graph === undefined ? [] : graphText(done.sources === undefined ? graph : { ...graph, jobs: [] })),
      ...summaries,
      ...unknown.map((text) => `not known   ${text}`),
    ].join("\n"),
  );
  return 0;
}

async function summariesOf(reports: readonly JobReport[]): Promise<readonly string[]> {
  const { summaryOf } = await import("../../knowledge/refresh-sources.ts");
  return reports.map((report) => `${`${report.source} `.padEnd(12)}${printable(summaryOf(report))}`);
}

function doneText({ exported, imported }: Done): string[] {
  return [
    ...(exported === undefined
      ? []
      : [`exported    ${plural(exported.facts, "fact")} to ${printable(exported.file)}`]),
    ...(imported === undefined
      ? []
      : [`imported    ${plural(imported.facts, "fact")} of ${imported.files.map(printable).join(", ")}`]),
  ];
}
