// A process that resolves: the resident one of the command line, which answers one question after the other in the line
// protocol of contract. What a question does to it is done to it alone: its memory is limited, and it can be killed at any time.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findViolations, residentEvents, type ValueOf } from "@thoth/contract";
import type { Failure, Progress, Result } from "../jobs/job.ts";
import type { CommandLine } from "../questions/command-line.ts";
import type { Phase } from "../tracing/run-phases.ts";
import { makeJobFolder } from "./job-folders.ts";

export interface AdviserOptions {
  /** The program and its first words; `resident` follows. */
  readonly command: readonly string[];
  /** All that it finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that an answer may take. */
  readonly time: number;
  /** Questions after which it is replaced: nothing that leaks does so for long. */
  readonly most: number;
}

export interface Hearing {
  readonly progress: (progress: Progress) => void;
  readonly line: (text: string) => void;
  /** Parts of the run that are over; they are told where somebody hears of them. */
  readonly phase?: ((phase: Phase) => void) | undefined;
  readonly signal: AbortSignal;
}

export type Outcome =
  | ({ readonly kind: "result" } & Result)
  /** `again`: another attempt may do better. `isTheirs`: what was asked for is to blame, and nothing of the service. */
  | {
      readonly kind: "failure";
      readonly failure: Failure;
      readonly again: boolean;
      readonly isTheirs?: boolean;
    }
  | { readonly kind: "aborted" };

interface Ended {
  readonly status: number;
  /** JSON. */
  readonly document: string;
}

interface Run {
  readonly id: string;
  readonly hearing: Hearing;
  readonly settle: (ended: Ended | undefined) => void;
}

type Events = typeof residentEvents;
type Event = { readonly [Kind in keyof Events]: ValueOf<Events[Kind]> }[keyof Events];

/** The line that ends a run, whose document is its last member: that is passed on, and not read. */
const ENDED = /^\{"id":"([^"]*)","event":"ended","status":(\d+),/;
const DOCUMENT = ',"document":';

interface Failed extends Failure {
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Statuses of the command: the world failed, a bug of ours, interrupted. */
const MAY_DO_BETTER = new Set([3, 4, 130]);
/** Milliseconds that it has to end after it was told to. */
const GRACE = 2_000;

export class AdviserProcess {
  readonly #options: AdviserOptions;
  #child: ChildProcess | undefined;
  #run: Run | undefined;
  #answered = 0;
  #number = 0;
  #said = "";

  constructor(options: AdviserOptions) {
    this.#options = options;
  }

  /** Starts it before it is needed. */
  warm(): void {
    this.#child ??= this.#start();
  }

  /** One question at a time. */
  async answer(line: CommandLine, hearing: Hearing): Promise<Outcome> {
    if (this.#answered >= this.#options.most) this.kill();
    const folder = await makeJobFolder();
    try {
      // Where its files lay is nobody's business, and another place each time.
      const plain = (text: string) => text.replaceAll(`${folder}/`, "");
      const ended = await this.#ask(await placed(line, folder), {
        signal: hearing.signal,
        phase: hearing.phase,
        line: (text) => hearing.line(plain(text)),
        progress: (step) => hearing.progress({ ...step, label: plain(step.label) }),
      });
      if (typeof ended !== "object") return outcomeOf(ended, hearing.signal);
      return outcomeOf({ ...ended, document: plain(ended.document) }, hearing.signal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#answered = 0;
  }

  async #ask(words: readonly string[], hearing: Hearing): Promise<Ended | "late" | undefined> {
    this.#child ??= this.#start();
    const id = `job-${++this.#number}`;
    const { promise, resolve } = Promise.withResolvers<Ended | undefined>();
    const run: Run = { id, hearing, settle: resolve };
    this.#run = run;
    const cancel = () => {
      this.#send({ id, call: "cancel" });
      // A search that is deep in itself hears nothing.
      setTimeout(() => this.#endOf(run), GRACE).unref();
    };
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#endOf(run);
    }, this.#options.time);
    hearing.signal.addEventListener("abort", cancel, { once: true });
    if (hearing.signal.aborted) cancel();
    const trace = hearing.phase === undefined ? {} : { trace: true };
    this.#send({ id, call: "run", program: "thoth", words, ...trace });
    try {
      const ended = await promise;
      this.#answered++;
      return isLate ? "late" : ended;
    } finally {
      clearTimeout(timer);
      hearing.signal.removeEventListener("abort", cancel);
      this.#run = undefined;
    }
  }

  /** Only while it works on that: the next one is not to blame. */
  #endOf(run: Run): void {
    if (this.#run === run) this.kill();
  }

  #send(message: object): void {
    this.#child?.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #start(): ChildProcess {
    const [program = "", ...words] = this.#options.command;
    const child = spawn(program, [...words, "resident"], {
      env: this.#options.environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const gone = () => {
      if (this.#child === child) this.#child = undefined;
      this.#answered = 0;
      this.#run?.settle(undefined);
    };
    child.once("error", gone).once("exit", gone);
    // It may be gone before all is written.
    child.stdin.on("error", () => undefined);
    child.stderr.on("data", (part: Buffer) => {
      this.#said = (this.#said + part.toString("utf8")).slice(-2000);
    });
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    return child;
  }

  #hear(line: string): void {
    const run = this.#run;
    if (run === undefined) return;
    const [head, id, status] = ENDED.exec(line) ?? [];
    if (head !== undefined) {
      if (id === run.id) run.settle({ status: Number(status), document: documentOf(line) });
      return;
    }
    const event = parsed(line);
    if (event?.id !== run.id) return;
    if (event.event === "step")
      run.hearing.progress({ label: event.label, done: event.done, total: event.total });
    else if (event.event === "message") run.hearing.line(event.text);
    else if (event.event === "phase") run.hearing.phase?.(event);
    else run.settle(undefined);
  }
}

/** No text of the members before has these characters in it: there the quotes would be escaped. */
function documentOf(line: string): string {
  return line.slice(line.indexOf(DOCUMENT) + DOCUMENT.length, -1);
}

async function placed({ words, files }: CommandLine, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return words.map((word) => (Object.hasOwn(files, word) ? join(folder, word) : word));
}

/** Undefined where it says nothing that the protocol knows. */
function parsed(line: string): Event | undefined {
  try {
    const value = JSON.parse(line);
    const kind: string = value.event;
    const isKnown = Object.hasOwn(residentEvents, kind);
    const isFit = isKnown && findViolations(residentEvents[kind as keyof Events], value).length === 0;
    return isFit ? value : undefined;
  } catch {
    return undefined;
  }
}

function outcomeOf(ended: Ended | "late" | undefined, signal: AbortSignal): Outcome {
  if (signal.aborted) return { kind: "aborted" };
  if (ended === "late")
    return failure("limit-exceeded", "it took longer than the service gives a question", false);
  if (ended === undefined || ended.document === "null")
    return failure("worker-lost", "the process that worked on it ended before it was done", true);
  if (!MAY_DO_BETTER.has(ended.status))
    return { kind: "result", document: Buffer.from(ended.document), status: ended.status };
  const { error } = JSON.parse(ended.document) as { readonly error?: Failed };
  if (error === undefined) return failure("internal", "it failed", true);
  const { code, message, hint, details } = error;
  // What is forbidden stays so.
  return { kind: "failure", failure: { code, message, hint }, again: details?.["failure"] !== "forbidden" };
}

function failure(code: string, message: string, again: boolean): Outcome {
  return { kind: "failure", failure: { code, message }, again };
}
