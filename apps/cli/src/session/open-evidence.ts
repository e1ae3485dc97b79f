// Which evidence a resolution minds: that of the code where it is known, and that of the graph where there is one.

import { cpus } from "node:os";
import { LEVELS, type Policy, type RuleBook } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import type { AdvisoryReader, ExploitedFlaws } from "@thoth/knowledge";
import type { LockRequest } from "../engines/engine.ts";
import type { Invocation } from "../frame/command.ts";
import type { ChosenTarget } from "../project/target.ts";
import type { ApiEvidence } from "./api-evidence.ts";
import { Evidence, type EvidenceFinder } from "./evidence.ts";
import type { JointEvidence } from "./joint-evidence.ts";
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
  { settings, target, usage }: Pick<LockRequest, "settings" | "target" | "usage">,
  { rules, session, advisories: known }: Known,
): Promise<OpenedEvidence | undefined> {
  const { policy } = settings;
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
  const code = await openCodeEvidence(invocation, { settings, usage }, session);
  if (code !== undefined) finders.push(code);
  if (finders.length === 0) return undefined;
  const evidence = withSources(new Evidence(rules, finders), rules);
  return { evidence, advisories: advisories ?? known };
}

async function openCodeEvidence(
  { terminal, signal }: Invocation,
  { settings, usage }: Pick<LockRequest, "settings"> & { readonly usage: LockRequest["usage"] | undefined },
  session: IndexSession,
): Promise<ApiEvidence | undefined> {
  const { policy, indexes } = settings;
  if (usage === undefined || !minds(policy, "breakage")) return undefined;
  const { ApiEvidence: Opened } = await import("./api-evidence.ts");
  const { cacheDirectory } = indexes;
  return new Opened({ uses: usage(), session, cacheDirectory, terminal, signal });
}

/** Of one of several environments. */
export interface KnownSide extends Omit<Known, "session"> {
  readonly target: ChosenTarget;
}

export interface OpenedTogether {
  readonly evidence: JointEvidence | undefined;
  /** Of each environment, with what there is of evidence. */
  readonly sides: readonly Pick<Known, "rules" | "advisories">[];
}

/** The same for several environments. Throws database-failed, database-too-new. */
export async function openEvidenceTogether(
  invocation: Invocation,
  request: Pick<LockRequest, "settings" | "usage">,
  { session, sides }: { readonly session: IndexSession; readonly sides: readonly KnownSide[] },
): Promise<OpenedTogether> {
  const { usage, ...rest } = request;
  const code = await openCodeEvidence(invocation, { ...rest, usage }, session);
  const opened: (OpenedEvidence | undefined)[] = [];
  for (const { target, ...known } of sides)
    opened.push(await openEvidence(invocation, { ...rest, target }, { ...known, session }));
  if (code === undefined && opened.every((one) => one === undefined)) return { evidence: undefined, sides };
  const { JointEvidence: Joint } = await import("./joint-evidence.ts");
  const all = sides.map(
    ({ rules }, at) => opened[at]?.evidence ?? withSources(new Evidence(rules, []), rules),
  );
  const evidence = new Joint({ sides: all, code });
  return {
    evidence,
    sides: sides.map(({ advisories }, at) => ({
      rules: evidence.bookOf(at),
      advisories: opened[at] === undefined ? advisories : opened[at].advisories,
    })),
  };
}

function withSources(evidence: Evidence, rules: RuleBook | undefined): Evidence {
  if (rules !== undefined) rememberSource(evidence.book, ...sourcesOf(rules));
  return evidence;
}

function minds({ recommendationType, objective }: Policy, term: "breakage" | "slowness"): boolean {
  return objective === undefined
    ? LEVELS[recommendationType].includes(term)
    : objective.some(({ terms }) => terms.some(({ name }) => name === term));
}
