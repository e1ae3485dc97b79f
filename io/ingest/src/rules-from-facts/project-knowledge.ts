// All that the graph and the advisories know of one project, as the rules about it are made from.

import {
  type AdvisoryReader,
  type AnyFact,
  type DownloadsFact,
  type FactKind,
  type HealthFact,
  type KnowledgeGraph,
  MOST_OWNERS,
  type Owner,
  type ReleaseNoteFact,
  type RepositoryFact,
  type ScorecardFact,
} from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";

export interface ProjectKnowledge {
  readonly name: PackageName;
  readonly health?: HealthFact;
  readonly repository?: RepositoryFact;
  readonly scorecard?: ScorecardFact;
  readonly downloads?: DownloadsFact;
  /** By version, in the order of their texts. */
  readonly notes: ReadonlyMap<string, ReleaseNoteFact>;
  /** Flaws that are known in any of its releases. */
  readonly flaws: number;
}

const KINDS: readonly FactKind[] = ["health", "repository", "scorecard", "downloads", "release-note"];

/** Of the projects that are named, else of all that the graph knows something of; in the order of their names. */
export async function readKnowledge(
  graph: KnowledgeGraph,
  advisories: AdvisoryReader,
  names?: readonly PackageName[],
): Promise<readonly ProjectKnowledge[]> {
  const owners = names === undefined ? await knownOwners(graph) : [...new Set<Owner>(names)].sort();
  const found: ProjectKnowledge[] = [];
  for (let at = 0; at < owners.length; at += MOST_OWNERS) {
    const facts = await graph.read({ owners: owners.slice(at, at + MOST_OWNERS), kinds: KINDS });
    for (const [owner, own] of Map.groupBy(facts, (fact) => fact.owner))
      found.push(knowledgeOf(owner as PackageName, own, advisories));
  }
  return found;
}

async function knownOwners(graph: KnowledgeGraph): Promise<readonly Owner[]> {
  const all = new Set<Owner>();
  for (const kind of KINDS)
    for (let after: string | undefined; ; ) {
      const page = { kind, limit: MOST_OWNERS, ...(after === undefined ? {} : { after }) };
      const owners = await graph.owners(page);
      for (const owner of owners) all.add(owner);
      after = owners.at(-1);
      if (after === undefined) break;
    }
  return [...all].sort();
}

function knowledgeOf(
  name: PackageName,
  facts: readonly AnyFact[],
  advisories: AdvisoryReader,
): ProjectKnowledge {
  const notes = new Map<string, ReleaseNoteFact>();
  const one: { -readonly [Key in keyof ProjectKnowledge]?: ProjectKnowledge[Key] } = {};
  for (const { kind, subject, body } of facts) {
    if (kind === "release-note") notes.set(subject, body);
    else if (kind === "health") one.health = body;
    else if (kind === "repository") one.repository = body;
    else if (kind === "scorecard") one.scorecard = body;
    else if (kind === "downloads") one.downloads = body;
  }
  return { ...one, name, notes, flaws: advisories.flaws(name).length };
}
