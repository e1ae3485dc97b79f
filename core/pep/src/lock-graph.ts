// When a package of a lock is needed, for locks that say what needs what instead: the conditions of all ways to it
// from the project, each a conjunction of the markers on the way. Longer ways through the same conditions say
// nothing new and are dropped, so circles end.

import { quote, ThothError } from "./error.ts";
import type { Marker } from "./marker.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";

/** From a node, or from the project itself, to the node `to`. */
export interface LockEdge {
  readonly to: string;
  readonly marker: Marker | undefined;
}

/** Conditions by the text of their markers; the empty one always holds. */
type Conjunction = ReadonlyMap<string, Marker>;

/** Of ways to one package. */
const mostWays = 400;
const mostSteps = 2_000_000;

/**
 * By node, when it is needed: undefined always. Nodes that nothing leads to are absent. Throws limit-exceeded where a
 * package has too many conditions.
 */
export function reachedWhen(
  roots: readonly LockEdge[],
  edgesOf: (node: string) => readonly LockEdge[],
): ReadonlyMap<string, Marker | undefined> {
  const ways = new Map<string, readonly Conjunction[]>();
  const waiting: string[] = [];
  const queued = new Set<string>();
  let steps = 0;
  const arrive = (node: string, conjunction: Conjunction) => {
    const known = ways.get(node) ?? [];
    steps += known.length + 1;
    if (steps > mostSteps) throw tooMany(node);
    if (known.some((other) => isPartOf(other, conjunction))) return;
    const kept = known.filter((other) => !isPartOf(conjunction, other));
    if (kept.length >= mostWays) throw tooMany(node);
    ways.set(node, [...kept, conjunction]);
    if (queued.has(node)) return;
    queued.add(node);
    waiting.push(node);
  };
  for (const { to, marker } of roots) arrive(to, extended(new Map(), marker));
  for (let at = 0; at < waiting.length; at++) {
    const node = waiting[at] as string;
    queued.delete(node);
    for (const { to, marker } of edgesOf(node)) {
      for (const way of ways.get(node) ?? []) arrive(to, extended(way, marker));
    }
  }
  return new Map(
    Array.from(ways, ([node, conjunctions]) => [
      node,
      alternateMarkers(conjunctions.map((way) => joinMarkers([...way.values()]))),
    ]),
  );
}

function extended(way: Conjunction, marker: Marker | undefined): Conjunction {
  if (marker === undefined) return way;
  const result = new Map(way);
  for (const part of conjuncts(marker)) result.set(JSON.stringify(part.steps), part);
  return result;
}

/** The parts that `and` joins at the top; the marker itself where it has an `or` there. */
function conjuncts(marker: Marker): readonly Marker[] {
  const { steps } = marker;
  if (steps.some(({ kind }) => kind === "or" || kind === "group")) return [marker];
  return steps.filter(({ kind }) => kind === "comparison").map((step) => ({ steps: [step] }));
}

function isPartOf(small: Conjunction, large: Conjunction): boolean {
  if (small.size > large.size) return false;
  for (const key of small.keys()) if (!large.has(key)) return false;
  return true;
}

function tooMany(node: string): ThothError {
  return new ThothError(
    "limit-exceeded",
    `The lock has too many conditions on which ${quote(node)} is needed.`,
    { details: { limit: "conditions", allowed: mostWays } },
  );
}
