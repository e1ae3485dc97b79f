// Those who wait for the end of a job, or watch it. All are woken by what the database tells, and look for themselves
// now and then, since what is told can be lost.

import type { Database } from "../database/database.ts";
import { hasEnded, type Job, type Progress } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";

/** Milliseconds. */
const LOOK = 1_000;
const ALIVE = 15_000;

export class Waiting {
  readonly #queue: JobQueue;
  readonly #woken = new Map<string, Set<(progress?: Progress) => void>>();
  readonly #unlisten: readonly (() => void)[];
  #isOver = false;

  constructor(database: Database, queue: JobQueue) {
    this.#queue = queue;
    this.#unlisten = [
      database.listen("ended", (id) => {
        // Whoever waits reads the result next.
        if (this.#woken.has(id)) void queue.result(id).catch(() => undefined);
        this.#wake(id);
      }),
      database.listen("progress", (message) => {
        const { id, ...progress } = JSON.parse(message) as Progress & { readonly id: string };
        this.#wake(id, progress);
      }),
    ];
  }

  /** Whoever waits or watches has what there is now, and from here on nobody waits. */
  end(): void {
    this.#isOver = true;
    for (const wakes of this.#woken.values()) for (const wake of wakes) wake();
  }

  close(): void {
    for (const unlisten of this.#unlisten) unlisten();
  }

  /** The job as it is when it has ended, or `time` milliseconds are over, or the signal is aborted. */
  async wait(job: Job, time: number, signal?: AbortSignal): Promise<Job> {
    const end = performance.now() + time;
    let last = job;
    while (!hasEnded(last.state)) {
      const left = end - performance.now();
      if (left <= 0 || signal?.aborted || this.#isOver) break;
      await this.#next(job.id, Math.min(left, LOOK), signal);
      last = (await this.#queue.read(job.tenant, job.id)) ?? last;
    }
    return last;
  }

  /** The job whenever it is another than before, until it has ended. */
  async *watch(job: Job, signal: AbortSignal): AsyncGenerator<Job | "alive"> {
    let last = job;
    let told = performance.now();
    yield last;
    while (!hasEnded(last.state) && !signal.aborted && !this.#isOver) {
      const progress = await this.#next(job.id, LOOK, signal);
      if (signal.aborted) return;
      const now = progress === undefined ? await this.#queue.read(job.tenant, job.id) : { ...last, progress };
      if (now === undefined) return;
      if (isOther(last, now)) {
        yield now;
        told = performance.now();
      } else if (performance.now() - told > ALIVE) {
        yield "alive";
        told = performance.now();
      }
      last = now;
    }
  }

  #wake(id: string, progress?: Progress): void {
    for (const wake of this.#woken.get(id) ?? []) wake(progress);
  }

  async #next(id: string, time: number, signal?: AbortSignal): Promise<Progress | undefined> {
    const { promise, resolve } = Promise.withResolvers<Progress | undefined>();
    const wake = (progress?: Progress) => resolve(progress);
    const abort = () => resolve(undefined);
    const wakes = this.#woken.get(id) ?? new Set();
    this.#woken.set(id, wakes.add(wake));
    const timer = setTimeout(abort, time);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      wakes.delete(wake);
      if (wakes.size === 0) this.#woken.delete(id);
    }
  }
}

function isOther(before: Job, now: Job): boolean {
  return (
    before.state !== now.state ||
    before.attempt !== now.attempt ||
    JSON.stringify(before.progress) !== JSON.stringify(now.progress)
  );
}
