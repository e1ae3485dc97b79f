// `thoth knowledge`: what this machine knows beside the index: advisories, refreshed, imported or shipped, and the
// knowledge graph.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { knowledgeOf, unknownOf } from "../../advice/known.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
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
      return await tellStatus(invocation, { refresh: await refreshKnowledge(invocation, places) });
    case "status":
      return await tellStatus(invocation);
    default:
      throw new ThothError("usage", `${quote(action)} is no action of \`thoth knowledge\``, {
        hint: "There are `refresh`, `import PLACE…`, `export FILE` and `status`.",
      });
  }
};

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
    mkdirSync(dirname(importedPath(invocation)), { recursive: true });
    await replaceFile(importedPath(invocation), bytes);
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
  terminal.result(
    [
      ...doneText(done),
      ...(done.refresh === undefined
        ? [`advisories  ${knowledgeOf(advisories)} (${from})`]
        : refreshText(done.refresh).map(printable)),
      ...(graph === undefined ? [] : graphText(graph)),
      ...unknown.map((text) => `not known   ${text}`),
    ].join("\n"),
  );
  return 0;
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
