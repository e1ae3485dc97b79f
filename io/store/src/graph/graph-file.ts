// A part of a graph as a file: gzip'ed lines of JSON. The first tells the format and the snapshot, each of the others one
// fact, in the order of keys, and the last how many there are and the SHA-256 of all before it. The same facts of the
// same snapshot make the same lines.

import { createHash } from "node:crypto";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { AnyFact, FactKind, KnowledgeGraph, Owner, SnapshotId } from "@thoth/knowledge";
import { FACT_KINDS } from "@thoth/knowledge/facts";
import { compareCodePoints, formatJson } from "@thoth/pep";
import { sortedTexts } from "./changes.ts";

export const GRAPH_FORMAT = "thoth-graph";
export const GRAPH_FORMAT_VERSION = 1;

export interface ExportOptions {
  /** All where it is absent. */
  readonly owners?: readonly Owner[];
  /** All where it is absent. */
  readonly kinds?: readonly FactKind[];
  /** Default: the newest snapshot. */
  readonly at?: SnapshotId;
  /** Told of facts as they are written. */
  readonly progress?: (facts: number) => void;
}

/** Owners whose facts are in memory at a time. */
const OWNERS_AT_ONCE = 20;
const PAGE = 1000;

/** The bytes of the file. Fails with `usage` for a snapshot that is not there. */
export function exportGraph(graph: KnowledgeGraph, options: ExportOptions = {}): Readable {
  // What fails on the way is told to whoever reads the end.
  return pipeline(Readable.from(lines(graph, options)), createGzip({ level: 6 }), () => undefined);
}

async function* lines(graph: KnowledgeGraph, options: ExportOptions): AsyncGenerator<string> {
  const newest = await graph.snapshot();
  const at = options.at ?? newest.id;
  const digest = createHash("sha256");
  const line = (value: unknown) => {
    const text = `${formatJson(value, { ascii: false })}\n`;
    digest.update(text);
    return text;
  };
  yield line({ format: GRAPH_FORMAT, version: GRAPH_FORMAT_VERSION, snapshot: at });
  let facts = 0;
  for await (const owners of ownersOf(graph, options, at)) {
    for (const fact of await readFacts(graph, { owners, kinds: options.kinds }, at)) {
      facts++;
      yield line(fact);
    }
    options.progress?.(facts);
  }
  yield `${formatJson({ facts, sha256: digest.digest("hex") })}\n`;
}

async function readFacts(
  graph: KnowledgeGraph,
  { owners, kinds }: { readonly owners: readonly Owner[]; readonly kinds: readonly FactKind[] | undefined },
  at: SnapshotId,
): Promise<readonly AnyFact[]> {
  return await graph.read({ owners, ...(kinds === undefined ? {} : { kinds }) }, at);
}

/** In their order, a few at a time. */
async function* ownersOf(
  graph: KnowledgeGraph,
  { owners, kinds = FACT_KINDS }: ExportOptions,
  at: SnapshotId,
): AsyncGenerator<readonly Owner[]> {
  let some: Owner[] = [];
  for await (const owner of owners === undefined ? allOwners(graph, kinds, at) : sortedTexts(owners)) {
    some.push(owner);
    if (some.length < OWNERS_AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** Those of all the kinds in one order, each once. */
async function* allOwners(
  graph: KnowledgeGraph,
  kinds: readonly FactKind[],
  at: SnapshotId,
): AsyncGenerator<Owner> {
  const rows = await Promise.all(
    kinds.map(async (kind) => {
      const owners = ownersOfKind(graph, kind, at);
      return { owners, next: await owners.next() };
    }),
  );
  while (true) {
    const heads = rows.flatMap(({ next }) => (next.done === true ? [] : [next.value]));
    const [least] = heads.sort(compareCodePoints);
    if (least === undefined) return;
    yield least;
    for (const row of rows) if (row.next.value === least) row.next = await row.owners.next();
  }
}

async function* ownersOfKind(
  graph: KnowledgeGraph,
  kind: FactKind,
  at: SnapshotId,
): AsyncGenerator<Owner, undefined> {
  let page = await graph.owners({ kind, limit: PAGE }, at);
  while (page.length > 0) {
    yield* page;
    const after = page.at(-1) as Owner;
    page = page.length < PAGE ? [] : await graph.owners({ kind, after, limit: PAGE }, at);
  }
  return undefined;
}
