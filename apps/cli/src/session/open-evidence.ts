// Which evidence a resolution minds: that of the code where it is known, and that of the graph where there is one.

import { cpus } from "node:os";
import { LEVELS, type Policy, type RuleBook } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import type { AdvisoryReader, ExploitedFlaws } from "@thoth/knowledge";
import type { LockRequest } from "../engines/engine.ts";
import type { Invocation } from "../frame/command.ts";
import { Evidence, type EvidenceFinder } from "./evidence.ts";
import { openSharedGraph } from "./open-graph.ts";
import { openOwnObservations } from "./own-observations.ts";
import { rememberSource, sourcesOf } from "./sources.ts";

interface Known {
  readonly rules: RuleBook | undefined;
  readonly advisories: AdvisoryReader | undefined;
  readonly session: IndexSession;
}

export interface OpenedEvidence {
  readonly evidence: Evidence;
  /** The same, with what the graph knows of their flaws. */
  readonly advisories: AdvisoryReader | undefined;
}

/** Undefined where there is none, or nothing that is asked minds it. Throws database-failed, database-too-new. */
export async function openEvidence(
  invocation: Invocation,
  { settings, target, usage }: LockRequest,
  { rules, session, advisories: known }: Known,
): Promise<OpenedEvidence | undefined> {
  const { policy, indexes } = settings;
  if (!minds(policy, "breakage") && !minds(policy, "slowness")) return undefined;
  const finders: EvidenceFinder[] = [];
  let advisories: ExploitedFlaws | undefined;
  const own = await openOwnObservations(invocation);
  const shared = await openSharedGraph(invocation);
  if (shared !== undefined || own !== undefined) {
    const { GraphEvidence } = await import("./graph-evidence.ts");
    // Of another machine the processor is not known.
    const cpu = target.interpreter === undefined ? undefined : cpus()[0]?.model;
    if (known !== undefined) {
      const { ExploitedFlaws: Exploited } = await import("@thoth/knowledge");
      advisories = new Exploited(known);
      rememberSource(advisories, ...sourcesOf(known));
    }
    finders.push(await GraphEvidence.open({ shared, own }, { target: target.target, cpu, advisories }));
  }
  if (usage !== undefined && minds(policy, "breakage")) {
    const { ApiEvidence } = await import("./api-evidence.ts");
    const { terminal, signal } = invocation;
    const { cacheDirectory } = indexes;
    finders.push(new ApiEvidence({ uses: usage(), session, cacheDirectory, terminal, signal }));
  }
  if (finders.length === 0) return undefined;
  const evidence = new Evidence(rules, finders);
  if (rules !== undefined) rememberSource(evidence.book, ...sourcesOf(rules));
  return { evidence, advisories: advisories ?? known };
}

function minds({ recommendationType, objective }: Policy, term: "breakage" | "slowness"): boolean {
  return objective === undefined
    ? LEVELS[recommendationType].includes(term)
    : objective.some(({ terms }) => terms.some(({ name }) => name === term));
}
