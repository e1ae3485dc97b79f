// Of changes those that change something, so that a job can say how many facts are new.

import {
  type AnyFact,
  type Change,
  type FactKey,
  formatBody,
  type KnowledgeGraph,
  type Owner,
} from "@thoth/knowledge";

/** Owners that are read at once. */
const AT_ONCE = 500;

/** In the order of `changes`, without those that say what is known. */
export async function newChanges(
  graph: KnowledgeGraph,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  if (changes.length === 0) return [];
  const known = await knownFacts(graph, changes.map(keyOf));
  return changes.filter((change) => {
    const before = known.get(nameOf(keyOf(change)));
    if ("drop" in change) return before !== undefined;
    return before === undefined || formatBody(before.body) !== formatBody(change.put.body);
  });
}

async function knownFacts(
  graph: KnowledgeGraph,
  keys: readonly FactKey[],
): Promise<ReadonlyMap<string, AnyFact>> {
  const owners = [...new Set(keys.map(({ owner }) => owner))];
  const kinds = [...new Set(keys.map(({ kind }) => kind))];
  const known = new Map<string, AnyFact>();
  for (let at = 0; at < owners.length; at += AT_ONCE) {
    const some: readonly Owner[] = owners.slice(at, at + AT_ONCE);
    for (const fact of await graph.read({ owners: some, kinds })) known.set(nameOf(fact), fact);
  }
  return known;
}

function keyOf(change: Change): FactKey {
  return "put" in change ? change.put : change.drop;
}

function nameOf({ owner, kind, subject }: FactKey): string {
  return JSON.stringify([owner, kind, subject]);
}
