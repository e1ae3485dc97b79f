// Files of rules from wherever a place says that they are: on this machine, or in a git repository. Which commit a
// command has read is told while it runs, and by its report.

import { join } from "node:path";
import type { FetchedRules, RuleFiles } from "@thoth/ingest";
import { findProgram } from "../engines/find-program.ts";
import type { Invocation } from "../frame/command.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";
import { withProxy } from "./open-session.ts";

export type RuleSource = Pick<FetchedRules, "source" | "commit" | "asked" | "isCurrent">;

/** What each command has read from repositories: one that needs the same rules twice fetches them once. */
const fetched = new WeakMap<Invocation, Map<string, FetchedRules>>();

/** Throws as `readPrescriptions` and `fetchPrescriptions`. */
export async function readRulePlace(invocation: Invocation, place: string): Promise<RuleFiles> {
  const { isGitPlace, readPrescriptions } = await import("@thoth/ingest");
  return isGitPlace(place)
    ? await fetchRules(invocation, place)
    : await readPrescriptions(place, invocation.signal);
}

/** Of the repositories that the command has read. */
export function ruleSourcesOf(invocation: Invocation): readonly RuleSource[] {
  return [...(fetched.get(invocation)?.values() ?? [])].map(({ source, commit, asked, isCurrent }) => ({
    source,
    commit,
    asked,
    isCurrent,
  }));
}

export function sourceText({ source, commit, asked, isCurrent }: RuleSource): string {
  const age = isCurrent ? "" : `, as of ${asked.slice(0, 10)}: offline, nobody was asked for newer ones`;
  return `${source} at commit ${commit}${age}`;
}

async function fetchRules(invocation: Invocation, place: string): Promise<FetchedRules> {
  const known = fetched.get(invocation) ?? new Map<string, FetchedRules>();
  fetched.set(invocation, known);
  const before = known.get(place);
  if (before !== undefined) return before;
  const { fetchPrescriptions } = await import("@thoth/ingest");
  const { terminal, environment, options, signal } = invocation;
  const { cacheDirectory, offline, pip } = readIndexSettings(options, environment);
  const stage = terminal.stage("rules");
  try {
    const rules = await fetchPrescriptions(place, {
      program: await findProgram("git", environment),
      folder: join(cacheDirectory, "rules"),
      variables: withProxy(environment, pip.proxy),
      offline,
      signal,
    });
    stage.end(sourceText(rules));
    known.set(place, rules);
    return rules;
  } catch (error) {
    stage.end();
    throw error;
  }
}
