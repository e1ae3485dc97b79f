// One HTTP exchange, without opinions: bytes out, bytes in, a deadline, a limit on silence. The library
// (undici) is loaded when the first request is made, so a run that needs nothing pays nothing. Where a server
// offers HTTP/2 one connection carries everything; otherwise a few connections share the work.

import type { Dispatcher } from "undici";
import { type AgentOptions, type Agents, loadAgents } from "./agents.ts";
import { allowedHosts, forbiddenAddress, InternalAddress } from "./forbidden.ts";

export interface AnswerHead {
  readonly status: number;
  /** By name in lower case; a header that is given twice is joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
}

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Takes the body of an answer. A promise means: nothing more until it is settled. */
export type Sink = (chunk: Buffer) => Promise<void> | undefined;

export interface Exchange {
  readonly url: URL;
  /** GET where it is absent. */
  readonly method?: Method | undefined;
  readonly body?: string | Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the end of the body. */
  readonly deadline: number;
  /** Milliseconds without a byte. */
  readonly stall: number;
  readonly signal: AbortSignal | undefined;
  /** Chooses who takes the body; undefined: nobody does. What it throws ends the exchange. */
  accept(head: AnswerHead): Sink | undefined;
}

/** The network or the server failed us; `cause` says how. */
export class TransportFailure extends Error {
  readonly kind: "connection" | "certificate" | "deadline" | "stall" | "cut";

  constructor(kind: TransportFailure["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TransportFailure";
    this.kind = kind;
  }
}

const SWEEP = 250;
const DISCARDED = 65_536;

export class Transport {
  readonly #options: AgentOptions;
  readonly #running = new Set<Run>();
  #agents: Promise<Agents> | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #swept = 0;
  #closed = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Whether only hosts that the operator allows are connected to: see guard.ts. */
  get isGuarded(): boolean {
    return allowedHosts(this.#options.variables) !== undefined;
  }

  /** Resolves when the body has ended, or nobody wanted it. Throws TransportFailure, or what the guard throws. */
  async send(exchange: Exchange): Promise<AnswerHead> {
    exchange.signal?.throwIfAborted();
    if (this.#closed) throw new Error("the transport is closed");
    this.#agents ??= loadAgents(this.#options);
    const agents = await this.#agents;
    const { generation } = agents;
    try {
      return await this.#run(exchange, agents);
    } catch (error) {
      if (!(error instanceof TransportFailure) || error.kind !== "certificate") throw error;
      await agents.widen();
      if (agents.generation === generation) throw error;
      return await this.#run(exchange, agents);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#running) run.fail(new TransportFailure("cut", "the session was closed"));
    const agents = await this.#agents?.catch(() => undefined);
    await agents?.destroy();
  }

  async #run(exchange: Exchange, agents: Agents): Promise<AnswerHead> {
    const run = new Run(exchange);
    this.#running.add(run);
    if (this.#sweeper === undefined) {
      this.#swept = performance.now();
      this.#sweeper = setInterval(() => this.#sweep(), SWEEP).unref();
    }
    try {
      return await run.start(agents.for(exchange.url));
    } finally {
      this.#running.delete(run);
      if (this.#running.size === 0) {
        clearInterval(this.#sweeper);
        this.#sweeper = undefined;
      }
    }
  }

  /** While this process computes it hears nothing: that time is not the server's. */
  #sweep(): void {
    const now = performance.now();
    const deaf = now - this.#swept - SWEEP;
    this.#swept = now;
    for (const run of this.#running) {
      if (deaf > SWEEP) run.excuse(deaf);
      else run.checkTime(now);
    }
  }
}

interface Controller {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** One exchange while it lasts; a handler of undici's `dispatch`. */
class Run {
  readonly #exchange: Exchange;
  #begin = performance.now();
  readonly #outcome = Promise.withResolvers<AnswerHead>();
  #controller: Controller | undefined;
  #head: AnswerHead | undefined;
  #sink: Sink | undefined;
  #heard = this.#begin;
  #waiting = false;
  #discarded = 0;
  #over = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  async start(agent: Dispatcher): Promise<AnswerHead> {
    const { url, method = "GET", headers, body, signal } = this.#exchange;
    const stop = () => this.fail(signal?.reason as Error);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const request = {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      };
      agent.dispatch(request, this as never);
      return await this.#outcome.promise;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  excuse(milliseconds: number): void {
    this.#begin += milliseconds;
    this.#heard += milliseconds;
  }

  checkTime(now: number): void {
    const { deadline, stall } = this.#exchange;
    if (now - this.#begin > deadline) this.fail(new TransportFailure("deadline", "it took too long"));
    else if (!this.#waiting && now - this.#heard > stall)
      this.fail(new TransportFailure("stall", "the server fell silent"));
  }

  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#outcome.reject(error);
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)));
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.#heard = performance.now();
    if (this.#over) controller.abort(new Error("given up"));
  }

  onResponseStart(_controller: Controller, status: number, headers: Record<string, string | string[]>): void {
    if (status < 200 || this.#over) return;
    this.#heard = performance.now();
    const joined = new Map<string, string>();
    for (const [name, value] of Object.entries(headers)) {
      joined.set(name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value);
    }
    const head = { status, headers: joined };
    this.#head = head;
    try {
      this.#sink = this.#exchange.accept(head);
    } catch (error) {
      this.fail(error);
      return;
    }
    // A short body that nobody wants is read to its end: the connection stays of use.
    const hasBody = this.#exchange.method !== "HEAD";
    if (hasBody && this.#sink === undefined && Number(joined.get("content-length") ?? 0) > DISCARDED)
      this.#finish(head);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    // Resuming may hand out an empty chunk: a pause on it would never end.
    if (this.#over || chunk.length === 0) return;
    this.#heard = performance.now();
    if (this.#sink === undefined) {
      this.#discarded += chunk.length;
      if (this.#discarded > DISCARDED && this.#head !== undefined) this.#finish(this.#head);
      return;
    }
    try {
      const busy = this.#sink(chunk);
      if (busy !== undefined) this.#waitFor(busy, controller);
    } catch (error) {
      this.fail(error);
    }
  }

  onResponseEnd(): void {
    if (this.#over) return;
    if (this.#head === undefined) this.fail(new TransportFailure("cut", "the answer was cut off"));
    else this.#end(this.#head);
  }

  onResponseError(_controller: Controller, error: Error): void {
    const isInternal = error instanceof InternalAddress;
    this.fail(isInternal ? forbiddenAddress(this.#exchange.url) : translate(error, this.#head !== undefined));
  }

  #waitFor(busy: Promise<void>, controller: Controller): void {
    this.#waiting = true;
    controller.pause();
    busy.then(
      () => {
        this.#waiting = false;
        this.#heard = performance.now();
        if (!this.#over) controller.resume();
      },
      (error: unknown) => this.fail(error),
    );
  }

  #end(head: AnswerHead): void {
    this.#over = true;
    this.#outcome.resolve(head);
  }

  /** Nobody wants the rest: the stream (with HTTP/1 its connection) is given up. */
  #finish(head: AnswerHead): void {
    this.#end(head);
    this.#controller?.abort(new Error("not wanted"));
  }
}

/** Codes of OpenSSL and Node for a certificate that is not trusted. */
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

function translate(error: Error, begun: boolean): Error {
  if (error instanceof TransportFailure) return error;
  const code = "code" in error ? String(error.code) : "";
  if (CERTIFICATE.test(code)) return new TransportFailure("certificate", reasonOf(code), error);
  return new TransportFailure(begun ? "cut" : "connection", reasonOf(code), error);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection was reset"],
  ["ENOTFOUND", "there is no such host"],
  ["EAI_AGAIN", "the name of the host could not be looked up"],
  ["ETIMEDOUT", "the connection timed out"],
  ["UND_ERR_CONNECT_TIMEOUT", "the connection timed out"],
  ["UND_ERR_SOCKET", "the connection was closed"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "the answer was cut off"],
  ["UND_ERR_HEADERS_OVERFLOW", "the headers of the answer are too long"],
]);

/** In words; what the library says may quote the server. */
function reasonOf(code: string): string {
  const known = REASONS.get(code);
  if (known !== undefined) return known;
  return code === "" ? "the connection failed" : `the connection failed (${code})`;
}
