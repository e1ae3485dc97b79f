// Has a service work on a question: asks, tells how far it is, and waits for what it finds. Whoever interrupts it with a token
// of his own leaves no job behind that nobody waits for.

import { setTimeout as sleep } from "node:timers/promises";
import type { AdviceRequest, JobDocument, Refusal } from "@thoth/contract/service";
import { type ErrorCode, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds } from "../frame/printable.ts";
import type { Stage } from "../frame/stage.ts";
import { type Connection, connect, refused } from "./connection.ts";
import { keepLastJob } from "./last-job.ts";

export interface ServiceAnswer {
  readonly job: string | undefined;
  /** As the command would have printed it here with `--json`. Hostile: it fits the schema, and no more is known of it. */
  readonly document: unknown;
}

export interface AskOptions {
  readonly service: string;
  /** Of the step that people see. */
  readonly label: string;
  /** Seconds for all of it. */
  readonly seconds: number;
}

/** Seconds that the service holds a request where there is nothing to tell. */
const HOLD = 2;
/** Seconds for which a service that is not there may come back: it may be replaced by a newer one. */
const PATIENCE = 30;
const PAUSE = 1_000;

export interface QueuedQuestion {
  readonly job: string;
  readonly state: JobDocument["state"];
}

/**
 * Throws what the question failed with there, in its own code; `service-unreachable`, `unauthorized`, `quota-exceeded`,
 * `limit-exceeded` where it takes too long.
 */
export async function askService(
  invocation: Invocation,
  question: AdviceRequest,
  options: AskOptions,
): Promise<ServiceAnswer> {
  return await asking(invocation, options, async (ask, connection) => {
    const answer = await ask.ask(question);
    return { ...answer, document: mustBeAnswer(answer.document, connection) };
  });
}

/** Waits for no answer. Throws `service-unreachable`, `unauthorized`, `quota-exceeded`. */
export async function queueQuestion(
  invocation: Invocation,
  question: AdviceRequest,
  options: AskOptions,
): Promise<QueuedQuestion> {
  return await asking(invocation, options, async (ask) => await ask.queue(question));
}

async function asking<T>(
  invocation: Invocation,
  { service, label, seconds }: AskOptions,
  work: (ask: Asking, connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(invocation, service);
  const stage = invocation.terminal.stage(label);
  stage.update(0, 0, `asking ${connection.place}`);
  try {
    const asked = (job: string) => keepLastJob(invocation.environment, { service, job });
    const done = await work(new Asking(invocation.signal, connection, { stage, seconds, asked }), connection);
    stage.end(`by ${connection.place} in ${formatSeconds(stage.seconds)}`);
    return done;
  } catch (error) {
    stage.end();
    throw error;
  } finally {
    await connection.close();
  }
}

type Outcome = Awaited<ReturnType<Connection["client"]["readResult"]>>;

interface Around {
  readonly stage: Stage;
  readonly seconds: number;
  /** Told the job. */
  readonly asked: (job: string) => void;
}

class Asking {
  readonly #signal: AbortSignal;
  readonly #connection: Connection;
  readonly #stage: Stage;
  readonly #end: number;
  readonly #asked: Around["asked"];

  constructor(signal: AbortSignal, connection: Connection, { stage, seconds, asked }: Around) {
    this.#signal = signal;
    this.#connection = connection;
    this.#stage = stage;
    this.#asked = asked;
    this.#end = performance.now() + seconds * 1000;
  }

  async queue(question: AdviceRequest): Promise<QueuedQuestion> {
    const first = await this.#begin(question, 0);
    const job = first.status === 200 ? first.job : first.value.id;
    if (job === undefined)
      throw new ThothError("service-unreachable", `${this.#connection.place} does not say which job it is`);
    return { job, state: first.status === 200 ? "done" : first.value.state };
  }

  async ask(question: AdviceRequest): Promise<ServiceAnswer> {
    const { client, hasToken } = this.#connection;
    const first = await this.#begin(question, HOLD);
    if (first.status === 200) return { job: first.job, document: first.value };
    const { id } = first.value;
    try {
      return { job: id, document: await this.#follow(first.value) };
    } catch (error) {
      // Without a token strangers may wait for the same one, and it goes on. A job that has ended stays as it is.
      if (hasToken)
        await client.cancelJob({ places: { id }, signal: AbortSignal.timeout(PAUSE) }).catch(() => undefined);
      throw error;
    }
  }

  /** `hold`: seconds for an answer. */
  async #begin(body: AdviceRequest, hold: number) {
    const { client, place } = this.#connection;
    const call = { headers: { prefer: `wait=${hold}` }, signal: this.#signal };
    const first = await this.#admitted(async () => await client.askAdvice({ ...call, body }));
    if (first.kind === "refused") throw refused(place, first);
    if (first.job !== undefined) this.#asked(first.job);
    return first;
  }

  async #follow(job: JobDocument): Promise<unknown> {
    const { client, place } = this.#connection;
    const places = { id: job.id };
    const call = { places, headers: { prefer: `wait=${HOLD}` }, signal: this.#signal };
    for (let now = job; ; ) {
      this.#tell(now);
      if (performance.now() > this.#end) throw tooLate(place, job.id);
      const outcome = await this.#reached(async () => await client.readResult(call));
      if (outcome.kind === "answered") {
        if (outcome.status === 200) return outcome.value;
        now = outcome.value;
      } else if (outcome.status !== 409) throw refused(place, outcome);
      else {
        const ended = await this.#reached(async () => await client.readJob({ places, signal: this.#signal }));
        if (ended.kind === "refused") throw refused(place, ended);
        throw failureOf(ended.value, place);
      }
    }
  }

  #tell({ state, progress }: JobDocument): void {
    if (progress !== null) this.#stage.update(progress.done, progress.total, progress.label);
    else this.#stage.update(0, 0, state === "ready" ? "waiting for a worker" : "working");
  }

  /** Who is told to come back later does so, as long as there is time. */
  async #admitted<T extends { readonly kind: string }>(
    work: () => Promise<T | Refusal>,
  ): Promise<T | Refusal> {
    for (;;) {
      const outcome = await work();
      const isLater =
        outcome.kind === "refused" && "retryAfter" in outcome && outcome.retryAfter !== undefined;
      if (!isLater) return outcome;
      const pause = Math.max(1, (outcome as Refusal).retryAfter ?? 1) * 1000;
      if (performance.now() + pause > this.#end) return outcome;
      this.#stage.update(
        0,
        0,
        `${this.#connection.place} is busy: asking again in ${Math.round(pause / 1000)} s`,
      );
      await sleep(pause, undefined, { signal: this.#signal });
    }
  }

  /** A job goes on while the service cannot be reached. */
  async #reached<T extends Outcome | Awaited<ReturnType<Connection["client"]["readJob"]>>>(
    work: () => Promise<T>,
  ): Promise<T> {
    const patience = performance.now() + PATIENCE * 1000;
    for (;;) {
      try {
        const outcome = await this.#admitted(work);
        if (outcome.kind !== "refused" || outcome.status < 500 || performance.now() > patience)
          return outcome as T;
      } catch (error) {
        const isGone = error instanceof ThothError && error.code === "service-unreachable";
        if (!isGone || performance.now() > patience) throw error;
        this.#stage.update(0, 0, `${this.#connection.place} does not answer at the moment`);
      }
      await sleep(PAUSE, undefined, { signal: this.#signal });
    }
  }
}

function failureOf({ state, failure }: JobDocument, place: string): ThothError {
  if (failure === null)
    return new ThothError("interrupted", `the question was ${state} at ${place}`, {
      hint: "Ask again, or leave out --service.",
    });
  return new ThothError(failure.code as ErrorCode, failure.message, {
    hint: failure.hint,
    details: { host: place },
  });
}

function tooLate(place: string, job: string): ThothError {
  return new ThothError("limit-exceeded", `${place} did not answer in time`, {
    hint: "Give it more time with --timeout, or leave out --service.",
    details: { limit: "seconds", host: place, job },
  });
}

interface Failed {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What failed there fails here, in the same words. */
export function mustBeAnswer(document: unknown, { place }: Pick<Connection, "place">): unknown {
  const { error } = document as { readonly error?: Failed };
  if (error === undefined) return document;
  const { code, message, hint, details } = error;
  throw new ThothError(code, message, { hint, details: { ...details, host: place } });
}
