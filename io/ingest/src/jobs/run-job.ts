// One run of a job: what is due is asked for, a few things at a time, and what comes of each few is written in one
// transaction together with what the job must remember of them. So a run that is killed at any moment loses at most the few
// it was at, the next one goes on with them, and the end is the same graph. Whoever has asked for some waits until they are
// written before asking for more: the slower of the two sets the pace.

import type { WebClient } from "@thoth/index";
import type { KnowledgeGraph, Write } from "@thoth/knowledge";
import { type ErrorCode, ThothError } from "@thoth/pep";
import { Asker, POLITE, type Politeness, SourceClosed } from "./asker.ts";
import { JobMemory, partOf } from "./job-memory.ts";
import { type Holder, Lease, thisRun } from "./lease.ts";
import { newChanges } from "./new-changes.ts";
import type { Answer, ItemFailure, JobReport, Source, SourceItem } from "./source.ts";

export interface JobOptions {
  /** For sources that ask for documents. */
  readonly client?: WebClient;
  readonly signal: AbortSignal;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Seconds for which what was asked for is fresh; 0: everything is asked for again. */
  readonly every: number;
  /** Seconds for the whole run. */
  readonly seconds: number;
  /** Batches at once, of each of which one thing is asked for; default 4. */
  readonly concurrency?: number;
  readonly politeness?: Partial<Politeness>;
  readonly progress?: (progress: JobProgress) => void;
  readonly holder?: Holder;
}

export interface JobProgress {
  readonly done: number;
  readonly total: number;
  /** What was asked for last. */
  readonly key: string;
}

/** Things whose answers are written together. */
const BATCH = 16;
/** Changes that are written together; of one thing with more the last of them carry what is remembered. */
const CHANGES = 500;
/** After so many failures of the same kind, one after the other, the source is left alone. */
const ENOUGH = 5;
const MOST_FAILURES = 100;

/** Throws `job-running`, what the graph throws, or the reason of the signal; all other trouble is in the report. */
export async function runJob<Item extends SourceItem>(
  source: Source<Item>,
  graph: KnowledgeGraph,
  options: JobOptions,
): Promise<JobReport> {
  const lease = new Lease(graph, source.lock ?? source.name, options.holder ?? thisRun());
  await lease.take(options.now());
  try {
    const memory = await JobMemory.load(graph, source.name);
    return await new Run(source, { ...options, graph, lease, memory }).finish();
  } finally {
    await lease.release(options.now());
  }
}

interface Surroundings extends JobOptions {
  readonly graph: KnowledgeGraph;
  readonly lease: Lease;
  readonly memory: JobMemory;
}

type Outcome<Item> = { readonly item: Item } & (
  | { readonly answer: Answer }
  | { readonly failure: ThothError }
);

class Run<Item extends SourceItem> {
  readonly #source: Source<Item>;
  readonly #around: Surroundings;
  readonly #asker: Asker;
  readonly #failures: ItemFailure[] = [];
  readonly #count = { items: 0, fresh: 0, changed: 0, unchanged: 0, absent: 0, failed: 0, facts: 0 };
  /** Failures of one code, one after the other. */
  #row: { readonly code: ErrorCode; readonly length: number } | undefined;
  #stop: ThothError | undefined;
  #done = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(source: Source<Item>, around: Surroundings) {
    this.#source = source;
    this.#around = around;
    const { client, signal, politeness, seconds } = around;
    const end = performance.now() + seconds * 1000;
    this.#asker = new Asker({ client, signal, end, politeness: { ...POLITE, ...politeness } });
  }

  async finish(): Promise<JobReport> {
    const items = (await this.#guarded(() => this.#list())) ?? [];
    const due = items.filter((item) => this.#isDue(item));
    this.#count.items = items.length;
    this.#count.fresh = items.length - due.length;
    const { memory } = this.#around;
    const batches = batchesOf(due, (item) => memory.entry(item)?.hasFailed === true);
    await this.#share(batches.values(), due.length);
    return this.#report();
  }

  /** Several batches at a time, each by one worker. All workers have ended when this throws. */
  async #share(batches: Iterator<readonly Item[]>, total: number): Promise<void> {
    const concurrency = this.#source.atOnce ?? this.#around.concurrency ?? 4;
    let isBroken = false;
    const worker = async (): Promise<void> => {
      while (this.#stop === undefined && !isBroken) {
        const { value, done } = batches.next();
        if (done === true) return;
        await this.#work(value, total).catch((error: unknown) => {
          isBroken = true;
          throw error;
        });
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: concurrency }, worker));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #list(): Promise<readonly Item[]> {
    const { graph, memory, now } = this.#around;
    const items = await this.#source.items(
      { graph, asker: this.#asker, now: now() },
      { known: (item) => memory.entry(item)?.known, isDue: (item) => this.#isDue(item) },
    );
    return [...new Map(items.map((item) => [item.key, item])).values()];
  }

  #isDue(item: Item): boolean {
    const { memory, every, now } = this.#around;
    const entry = memory.entry(item);
    // A clock that was set back must not keep anything fresh for ever.
    return entry === undefined || entry.at + every <= now() || entry.at > now();
  }

  async #work(batch: readonly Item[], total: number): Promise<void> {
    const { signal, progress } = this.#around;
    const outcomes: Outcome<Item>[] = [];
    for (const item of batch) {
      if (this.#stop !== undefined) break;
      progress?.({ done: this.#done++, total, key: item.key });
      const outcome = await this.#askOne(item);
      if (outcome !== undefined) outcomes.push(outcome);
    }
    signal.throwIfAborted();
    // One after the other: what is remembered of one batch stands beside that of others of its part.
    const writing = this.#writing.then(() => this.#write(outcomes));
    this.#writing = writing.catch(() => undefined);
    await writing;
  }

  async #askOne(item: Item): Promise<Outcome<Item> | undefined> {
    const { graph, memory, now, signal } = this.#around;
    const known = memory.entry(item)?.known ?? {};
    if (item.isSettled === true) return { item, answer: { kind: "unchanged", known } };
    const context = { graph, asker: this.#asker, now: now(), known };
    let failure: ThothError | undefined;
    const answer = await this.#guarded(
      () => {
        this.#asker.checkTime();
        return this.#source.ask(item, context);
      },
      (error) => {
        failure = error;
      },
    );
    signal.throwIfAborted();
    if (failure !== undefined) {
      this.#countRow(failure);
      return { item, failure };
    }
    if (answer === undefined) return undefined;
    this.#row = undefined;
    return { item, answer };
  }

  /** What a source throws ends one thing (`failed`), or where it is closed the run. */
  async #guarded<T>(work: () => Promise<T>, failed?: (error: ThothError) => void): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#around.signal.throwIfAborted();
      if (error instanceof SourceClosed) this.#stop ??= error.cause;
      else if (!(error instanceof ThothError)) throw error;
      else if (failed === undefined) this.#stop ??= error;
      else failed(error);
      return undefined;
    }
  }

  #countRow(failure: ThothError): void {
    const { code } = failure;
    this.#row = { code, length: this.#row?.code === code ? this.#row.length + 1 : 1 };
    if (this.#row.length >= ENOUGH) this.#stop ??= failure;
  }

  #note({ key }: Item, { code, message }: ThothError): void {
    this.#count.failed++;
    if (this.#failures.length < MOST_FAILURES) this.#failures.push({ key, code, message });
  }

  async #write(outcomes: readonly Outcome<Item>[]): Promise<void> {
    const [first] = outcomes;
    if (first === undefined) return;
    const { graph, memory, now, lease } = this.#around;
    const at = now();
    await lease.renew(at);
    for (const outcome of outcomes) if ("failure" in outcome) this.#note(outcome.item, outcome.failure);
    const changes = [];
    for (const outcome of outcomes) {
      if (!("answer" in outcome)) continue;
      const { answer } = outcome;
      const news = answer.kind === "told" ? await newChanges(graph, answer.changes) : [];
      if (answer.kind === "absent") this.#count.absent++;
      else if (news.length > 0) this.#count.changed++;
      else this.#count.unchanged++;
      this.#count.facts += news.length;
      changes.push(...news);
    }
    const remembered = outcomes.map((outcome) => ({
      item: outcome.item,
      known: "answer" in outcome ? outcome.answer.known : undefined,
    }));
    const { state, keep } = memory.stateWith(partOf(first.item.key), remembered, at);
    const write = (more: Pick<Write, "changes" | "state">) =>
      graph.write({ at, source: this.#source.name, ...more });
    let written = 0;
    for (; changes.length - written > CHANGES; written += CHANGES)
      await write({ changes: changes.slice(written, written + CHANGES) });
    await write({ changes: changes.slice(written), state });
    keep();
  }

  #report(): JobReport {
    const stop = this.#stop;
    return {
      source: this.#source.name,
      place: this.#source.place,
      outcome: stop === undefined ? "done" : "stopped",
      ...(stop === undefined
        ? {}
        : {
            stop: {
              code: stop.code,
              message: stop.message,
              ...(stop.hint === undefined ? {} : { hint: stop.hint }),
            },
          }),
      ...this.#count,
      failures: this.#failures,
    };
  }
}

/** In an order that does not change from run to run, what failed before at the end; each of one part of the memory. */
function batchesOf<Item extends SourceItem>(
  items: readonly Item[],
  hasFailed: (item: Item) => boolean,
): Item[][] {
  const placed = items.map((item) => ({ item, place: `${hasFailed(item) ? 1 : 0}${partOf(item.key)}` }));
  placed.sort((a, b) => compare(a.place, b.place) || compare(a.item.key, b.item.key));
  const batches: Item[][] = [];
  let place = "";
  for (const { item, place: own } of placed) {
    const last = batches.at(-1);
    if (last === undefined || own !== place || last.length >= BATCH) batches.push([item]);
    else last.push(item);
    place = own;
  }
  return batches;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
