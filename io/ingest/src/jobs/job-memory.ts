// What a job remembers of what it has asked for: kept in the graph together with the facts that came of it, a part at a
// time, so that a job with very many things does not write all of it after each few.

import { createHash } from "node:crypto";
import type { KnowledgeGraph } from "@thoth/knowledge";
import type { Recollection, SourceItem } from "./source.ts";

interface Entry {
  /** Seconds since 1970 when it was last asked for and answered; -1: never. */
  readonly at: number;
  /** The last time it could not be had: it comes after the others, so that it never keeps them from being asked for. */
  readonly hasFailed?: true;
  readonly wish?: string;
  readonly known: Recollection;
}

/** What is to be remembered of a thing; nothing: it could not be had. */
export interface News {
  readonly item: SourceItem;
  readonly known: Recollection | undefined;
}

const DIGITS = [..."0123456789abcdef"];
/** 256, told apart by the first two digits of the digest of a key. */
const PARTS = DIGITS.flatMap((first) => DIGITS.map((second) => first + second));
/** Bytes of a part; stores keep no more of a state than 1 MiB. */
const MOST_BYTES = 1_000_000;
/** What nobody wanted for so long, in seconds, is forgotten. */
const FORGOTTEN = 400 * 24 * 3600;

export class JobMemory {
  readonly #job: string;
  readonly #parts: ReadonlyMap<string, Map<string, Entry>>;

  constructor(job: string, parts: ReadonlyMap<string, Map<string, Entry>>) {
    this.#job = job;
    this.#parts = parts;
  }

  static async load(graph: KnowledgeGraph, job: string): Promise<JobMemory> {
    const parts = new Map<string, Map<string, Entry>>();
    for (const part of PARTS) parts.set(part, parsePart(await graph.jobState(`${job}/${part}`)));
    return new JobMemory(job, parts);
  }

  entry(item: SourceItem): Entry | undefined {
    const entry = this.#parts.get(partOf(item.key))?.get(item.key);
    return entry?.wish === item.wish ? entry : undefined;
  }

  /** The state to write with the changes that came of these items, all of one part. */
  stateWith(part: string, news: readonly News[], now: number) {
    const entries = new Map(this.#parts.get(part));
    for (const [key, { at }] of entries) if (at < now - FORGOTTEN) entries.delete(key);
    for (const { item, known } of news) {
      const wish = item.wish === undefined ? {} : { wish: item.wish };
      const { at = -1, known: before = {} } = this.entry(item) ?? {};
      entries.set(
        item.key,
        known === undefined ? { at, ...wish, hasFailed: true, known: before } : { at: now, ...wish, known },
      );
    }
    return {
      state: { job: `${this.#job}/${part}`, value: formatPart(entries) },
      /** Once it is written. */
      keep: () => {
        const kept = this.#parts.get(part);
        for (const { item } of news) {
          const entry = entries.get(item.key);
          if (entry !== undefined) kept?.set(item.key, entry);
        }
      },
    };
  }
}

/** Of what does not fit, that goes which was asked for the longest time ago: it is asked for again. */
function formatPart(entries: Map<string, Entry>): string {
  for (;;) {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = JSON.stringify(sorted);
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
    const oldest = sorted.sort(([, a], [, b]) => a.at - b.at);
    for (const [key] of oldest.slice(0, Math.ceil(oldest.length / 8))) entries.delete(key);
  }
}

/** In which part of a job's memory a thing lies. */
export function partOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 2);
}

/** What cannot be read is as if it were not there: everything is asked for again. */
function parsePart(text: string | undefined): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  if (text === undefined) return entries;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return entries;
  }
  if (!Array.isArray(list)) return entries;
  for (const item of list as unknown[]) {
    if (!Array.isArray(item)) continue;
    const [key, entry] = item as [unknown, Partial<Entry> | null | undefined];
    if (typeof key === "string" && typeof entry?.at === "number" && isRecollection(entry.known))
      entries.set(key, entry as Entry);
  }
  return entries;
}

function isRecollection(value: unknown): value is Recollection {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((item) => typeof item === "string" || typeof item === "number")
  );
}
