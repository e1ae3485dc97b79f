// A worker: takes jobs from the queue, has its processes work on them, and extends their leases meanwhile. It hears of new
// jobs at once, and looks for itself now and then, so that a lost connection delays a job by no more than that.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import { causeOf } from "../http/complaint.ts";
import type { Metrics } from "../http/metrics.ts";
import type { LogLine } from "../http/server.ts";
import type { Result } from "../jobs/job.ts";
import type { Claimed, JobQueue, Lease } from "../jobs/job-queue.ts";
import type { CommandLine } from "../questions/command-line.ts";
import { parseQuestion, type Question } from "../questions/question.ts";
import { inside, processing } from "../tracing/job-spans.ts";
import { RunPhases } from "../tracing/run-phases.ts";
import { inSpan, type Span, type Tracing } from "../tracing/tracing.ts";
import { type AdviserOptions, AdviserProcess, type Outcome } from "./adviser-process.ts";
import { imageOutcome } from "./image-outcome.ts";

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly version: string;
  readonly metrics: Metrics;
  readonly log: (line: LogLine) => void;
  readonly tracing?: Tracing | undefined;
  readonly adviser: AdviserOptions;
  /** Jobs at a time, each in a process of its own. */
  readonly processes: number;
  /** What answers a question of a tenant. Throws what is told as the job's failure. */
  readonly commandLine: (job: Claimed, question: Question) => Promise<CommandLine>;
  /** Called with what was found, before it is kept as the job's result. */
  readonly found: (job: Claimed, result: Result) => Promise<void>;
}

interface Working {
  readonly process: AdviserProcess;
  /** The process has answered, and may be given something else. */
  readonly answered: () => void;
}

interface Answering {
  readonly notes: Notes;
  readonly process: AdviserProcess;
  readonly signal: AbortSignal;
  readonly span: Span | undefined;
}

interface Ending {
  readonly lease: Lease;
  readonly outcome: Exclude<Outcome, { kind: "aborted" }>;
  readonly lines: readonly string[];
}

/** Milliseconds. */
const LOOK = 500;
const EXTEND = 1_500;
const REAP = 1_000;
const SEEN = 2_000;
const AFTER_FAILURE = 500;
const PROGRESS = 250;
const MOST_LINES = 1000;
const LONGEST_LINE = 2000;

export class Worker {
  readonly id = randomUUID();
  readonly #options: WorkerOptions;
  readonly #processes: readonly AdviserProcess[];
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<void>>();
  /** Processes that wait for a job; of each that is told of one is woken, and all look now and then. */
  readonly #idle: (() => void)[] = [];
  #busy = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#processes = Array.from({ length: options.processes }, () => new AdviserProcess(options.adviser));
  }

  start(): void {
    const unlisten = this.#options.database.listen("jobs", () => this.#idle.shift()?.());
    this.#stopping.signal.addEventListener("abort", unlisten, { once: true });
    for (const process of this.#processes) {
      process.warm();
      this.#working.add(this.#drain(process));
    }
    this.#working.add(this.#repeat(REAP, async () => void (await this.#options.queue.reap())));
    this.#working.add(this.#repeat(SEEN, () => this.#tellSeen()));
  }

  /** Ends in order: takes no more jobs, and gives back those that are not done within `time` milliseconds. */
  async stop(time: number): Promise<void> {
    this.#stopping.abort();
    for (const wake of this.#idle.splice(0)) wake();
    const late = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#working),
      sleep(time, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    this.#giveUp.abort();
    await Promise.allSettled(this.#working);
    for (const process of this.#processes) process.kill();
    await this.#options.database.run("DELETE FROM workers WHERE id = $1", [this.id]).catch(() => undefined);
  }

  /** Aborted when what is not done is given back. */
  readonly #giveUp = new AbortController();

  /** The process begins with the next job while what it found for the last one is written. */
  async #drain(process: AdviserProcess): Promise<void> {
    const { signal } = this.#stopping;
    let last: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const job = await this.#claim();
      if (job === undefined) {
        await this.#rest();
        continue;
      }
      const free = Promise.withResolvers<void>();
      this.#count(1);
      const whole = this.#trace(job, { process, answered: free.resolve })
        .catch((error) => this.#complain(error, job.id))
        .finally(() => {
          this.#count(-1);
          free.resolve();
        });
      await Promise.all([free.promise, last]);
      last = whole;
    }
    await last;
  }

  /** Until a job is told of, or it is time to look. */
  async #rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    const timer = setTimeout(resolve, LOOK);
    await promise;
    clearTimeout(timer);
    const at = this.#idle.indexOf(resolve);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #count(more: number): void {
    this.#busy += more;
    this.#options.metrics.children.set(this.#busy);
  }

  async #claim(): Promise<Claimed | undefined> {
    try {
      return await this.#options.queue.claim(this.id);
    } catch (error) {
      // Without a database there is nothing to do but to wait for it.
      this.#complain(error);
      await sleep(AFTER_FAILURE);
      return undefined;
    }
  }

  async #trace(job: Claimed, working: Working): Promise<void> {
    const beginning = () => processing(job, this.id);
    await inSpan(this.#options.tracing, beginning, (span) => this.#workOn(job, working, span));
  }

  async #workOn(job: Claimed, { process, answered }: Working, span: Span | undefined): Promise<void> {
    const { queue, metrics, log, tracing } = this.#options;
    const lease: Lease = { worker: this.id, id: job.id, attempt: job.attempt };
    const lost = new AbortController();
    const began = performance.now();
    const over = new AbortController();
    const holding = this.#hold(lease, lost, over.signal);
    const signal = AbortSignal.any([lost.signal, this.#giveUp.signal]);
    const notes = new Notes(queue, lease);
    const answering = (around: Span | undefined) =>
      this.#answer(job, { notes, process, signal, span: around });
    const outcome = await inSpan(tracing, () => inside("resolve"), answering).finally(() => over.abort());
    answered();
    await holding;
    const lines = await notes.end();
    if (outcome.kind === "aborted") {
      if (!lost.signal.aborted) await queue.release(lease);
    } else {
      const writing = () => this.#persist(() => this.#end(job, { lease, outcome, lines }));
      await inSpan(tracing, () => inside("write result"), writing);
    }
    const seconds = (performance.now() - began) / 1000;
    const told = outcome.kind === "result" ? (outcome.status === 0 ? "done" : "no") : outcome.kind;
    metrics.jobSeconds.observe({ kind: job.kind, outcome: told }, seconds);
    span?.set({ "thoth.job.outcome": told });
    if (outcome.kind === "failure") span?.fail(outcome.failure.code);
    log({
      level: outcome.kind === "failure" && outcome.isTheirs !== true ? "error" : "info",
      message: "job",
      job: job.id,
      attempt: job.attempt,
      outcome: told,
      seconds: Math.round(seconds * 1000) / 1000,
      ...(outcome.kind === "failure" ? { code: outcome.failure.code } : {}),
      ...(span === undefined ? {} : { trace: span.trace }),
    });
  }

  async #answer(job: Claimed, { notes, process, signal, span }: Answering): Promise<Outcome> {
    const { commandLine } = this.#options;
    const phases = span?.isRecorded === true ? new RunPhases() : undefined;
    try {
      const line = await commandLine(job, parseQuestion(job.question));
      const outcome = await process.answer(line, {
        signal,
        progress: (progress) => notes.progress(progress),
        line: (text) => notes.line(text),
        phase: phases && ((phase) => phases.hear(phase)),
      });
      return job.kind === "image" ? imageOutcome(outcome) : outcome;
    } catch (error) {
      this.#complain(error, job.id);
      return {
        kind: "failure",
        failure: { code: "internal", message: "the question could not be worked on" },
        again: true,
      };
    } finally {
      if (span !== undefined) phases?.tell(span);
    }
  }

  async #end(job: Claimed, { lease, outcome, lines }: Ending): Promise<void> {
    const { queue, found } = this.#options;
    if (outcome.kind === "result") {
      await found(job, outcome);
      await queue.finish(lease, outcome, lines);
    } else {
      await queue.addLines(lease.id, lines);
      await queue.fail(lease, outcome.failure, outcome.again);
    }
  }

  /** What was found is worth waiting for a database that is gone: until the lease is another's, who finds it again. */
  async #persist(write: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write();
      } catch (error) {
        if (attempt === 20) throw error;
        await sleep(AFTER_FAILURE);
      }
    }
  }

  /** Extends the lease until `over`; aborts `lost` where it is another's, or the job was cancelled. */
  async #hold(lease: Lease, lost: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await sleep(EXTEND, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      const held = await this.#options.queue.extend(lease).catch(() => true);
      if (!held) return lost.abort();
    }
  }

  async #tellSeen(): Promise<void> {
    const { database, version } = this.#options;
    await database.run(
      `INSERT INTO workers (id, version, seen, jobs) VALUES ($1, $2, ${database.now}, $3)
       ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, jobs = excluded.jobs`,
      [this.id, version, this.#busy],
    );
    await database.run(`DELETE FROM workers WHERE seen < ${database.now} - 60000`);
  }

  async #repeat(time: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await work().catch((error) => this.#complain(error));
      await sleep(time, undefined, { signal }).catch(() => undefined);
    }
  }

  #complain(error: unknown, job?: string): void {
    const cause = causeOf(error);
    this.#options.log({ level: "error", message: "worker", cause, ...(job === undefined ? {} : { job }) });
  }
}

/** What a job says on its way. A short one says it all at its end; of a long one it is written now and then. */
class Notes {
  readonly #queue: JobQueue;
  readonly #lease: Lease;
  #last = performance.now();
  #count = 0;
  #lines: string[] = [];
  #writing: Promise<unknown> = Promise.resolve();

  constructor(queue: JobQueue, lease: Lease) {
    this.#queue = queue;
    this.#lease = lease;
  }

  progress(progress: Parameters<JobQueue["tellProgress"]>[1]): void {
    const now = performance.now();
    if (now - this.#last < PROGRESS) return;
    this.#last = now;
    const lines = this.#taken();
    this.#write(async () => {
      await this.#queue.tellProgress(this.#lease, progress);
      await this.#queue.addLines(this.#lease.id, lines);
    });
  }

  line(text: string): void {
    const lines = text.split("\n").filter((line) => line !== "");
    if (this.#count >= MOST_LINES) return;
    this.#count += lines.length;
    this.#lines.push(...lines.map((line) => line.slice(0, LONGEST_LINE)));
  }

  /** What is not written yet. */
  async end(): Promise<readonly string[]> {
    await this.#writing;
    return this.#taken();
  }

  #taken(): readonly string[] {
    return this.#lines.splice(0);
  }

  #write(write: () => Promise<void>): void {
    // They are for people who watch; a job does not fail for them.
    this.#writing = this.#writing.then(write).catch(() => undefined);
  }
}
