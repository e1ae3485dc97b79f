// That two runs of one job do not work at the same time: whoever works says so in the graph and renews it. A run that was
// killed leaves its word behind, which counts until it ends, or not at all where its process is known to be gone.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { KnowledgeGraph } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";

export interface Holder {
  readonly machine: string;
  readonly process: number;
  readonly run: string;
}

/** This process, for one run. */
export function thisRun(): Holder {
  return { machine: hostname(), process: process.pid, run: randomUUID() };
}

interface Word extends Holder {
  /** Seconds since 1970. */
  readonly until: number;
}

/** Seconds; renewed when a third of it is over. */
const TERM = 90;

export class Lease {
  readonly #graph: KnowledgeGraph;
  readonly #job: string;
  readonly #holder: Holder;
  #until = 0;

  constructor(graph: KnowledgeGraph, lock: string, holder: Holder) {
    this.#graph = graph;
    this.#job = `${lock}/lock`;
    this.#holder = holder;
  }

  /** Throws `job-running`. */
  async take(now: number): Promise<void> {
    await this.#mustBeFree(now);
    await this.#say(now);
    // Of two that came at the same moment the one that spoke last has it.
    await this.#mustBeFree(now);
  }

  /** Before each write. Throws `job-running` where another run has taken over meanwhile. */
  async renew(now: number): Promise<void> {
    await this.#mustBeFree(now);
    if (this.#until - now < (TERM * 2) / 3) await this.#say(now);
  }

  async release(now: number): Promise<void> {
    const word = parseWord(await this.#graph.jobState(this.#job));
    if (word?.run === this.#holder.run) await this.#write(null, now);
  }

  async #say(now: number): Promise<void> {
    this.#until = now + TERM;
    await this.#write(JSON.stringify({ ...this.#holder, until: this.#until }), now);
  }

  async #write(value: string | null, now: number): Promise<void> {
    await this.#graph.write({ changes: [], at: now, source: this.#job, state: { job: this.#job, value } });
  }

  async #mustBeFree(now: number): Promise<void> {
    const word = parseWord(await this.#graph.jobState(this.#job));
    if (word === undefined || word.run === this.#holder.run || word.until <= now) return;
    if (word.machine === this.#holder.machine && !isAlive(word.process)) return;
    const name = this.#job.slice(0, -"/lock".length);
    throw new ThothError("job-running", `Another run of ${quote(name)} is at work.`, {
      hint: "Wait until it is done, or stop it.",
      details: { machine: word.machine, process: word.process, until: word.until },
    });
  }
}

function parseWord(text: string | undefined): Word | undefined {
  if (text === undefined) return undefined;
  try {
    const { machine, process: number, run, until } = JSON.parse(text) as Partial<Word>;
    if (typeof machine !== "string" || typeof number !== "number") return undefined;
    return typeof run === "string" && typeof until === "number"
      ? { machine, process: number, run, until }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of this machine. */
function isAlive(process_: number): boolean {
  if (process_ === process.pid) return true;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
