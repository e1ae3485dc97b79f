// `thoth prescriptions refresh DIR`: the rules that facts make, brought up to date in a folder.

import type { RulesDifference } from "@thoth/ingest";
import { parsePackageName, quote, ThothError } from "@thoth/pep";
import { type Invocation, listOption, textOption } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { openAllAdvisories } from "../session/known-advisories.ts";
import { openKnowledgeGraph } from "../session/open-graph.ts";
import { now, parseAsOf } from "../settings/as-of.ts";

/** Throws `usage` where the graph knows of no package, and what the graph and the folder throw. */
export async function refreshRulesIn(invocation: Invocation, folder: string): Promise<RulesDifference> {
  const { options, signal } = invocation;
  const { readKnowledge, refreshRules } = await import("@thoth/ingest");
  const named = listOption(options, "package");
  const names = named.length === 0 ? undefined : named.map((name) => parsePackageName(name));
  const asOf = textOption(options, "asOf");
  const moment = asOf === undefined ? now() : parseAsOf(asOf);
  const advisories = await openAllAdvisories(invocation, []);
  const graph = await openKnowledgeGraph(invocation);
  try {
    const projects = await readKnowledge(graph, advisories, names);
    if (projects.length === 0)
      throw new ThothError("usage", "no facts about packages are known, of which rules could be made", {
        hint: "Ask sources for some with `thoth knowledge refresh index github --package NAME`.",
      });
    return await refreshRules(folder, projects, {
      now: moment.seconds,
      keepOthers: names !== undefined,
      signal,
    });
  } finally {
    await graph.close();
  }
}

const MOST_TOLD = 20;

/** The difference, a line for each part of it. */
export function differenceText({
  added,
  changed,
  removed,
  kept,
  unchanged,
  units,
}: RulesDifference): readonly string[] {
  const told = (label: string, paths: readonly string[]) =>
    paths.length === 0
      ? []
      : [
          `${label.padEnd(12)}${paths.slice(0, MOST_TOLD).join(", ")}${paths.length > MOST_TOLD ? ", …" : ""}`,
        ];
  const total = units.reduce((sum, family) => sum + family.units, 0);
  const families = units.map((family) => `${family.family} ${family.units}`).join(", ");
  const same = added.length + changed.length + removed.length === 0 ? "nothing to do: " : "";
  return [
    `${"files".padEnd(12)}${same}${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} as before`,
    ...told("added", added),
    ...told("changed", changed),
    ...told("removed", removed),
    ...told("not ours", kept),
    `${"units".padEnd(12)}${plural(total, "unit")}${families === "" ? "" : `: ${families}`}`,
  ];
}

export function warnOfKept({ terminal }: Pick<Invocation, "terminal">, { kept }: RulesDifference): void {
  const [first] = kept;
  if (first !== undefined)
    terminal.warn(
      `${plural(kept.length, "file")} that somebody wrote stayed as they are, such as ${quote(first)}`,
    );
}
