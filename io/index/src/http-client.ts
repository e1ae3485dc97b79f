// HTTP as an index needs it: redirects that lead nowhere dangerous, credentials for their own origin only,
// attempts that are repeated with growing pauses, and everything bounded. The cache is the caller's business.

import { quote, ThothError } from "@thoth/pep";
import type { Credentials } from "./credentials.ts";
import { Gate } from "./gate.ts";
import type { IndexLimits } from "./limits.ts";
import type { Secret } from "./secret.ts";
import { type AnswerHead, type Method, type Sink, type Transport, TransportFailure } from "./transport.ts";

export interface HttpRequest {
  readonly url: string;
  /** GET where it is absent. */
  readonly method?: Method | undefined;
  readonly body?: string | Uint8Array | undefined;
  /** Whatever the server answers is the answer: no status is a failure, and no redirect is followed. */
  readonly takesAll?: boolean;
  /** What is fetched, for messages: `the index page of `flask``. */
  readonly subject: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the origin of `url` alone, before all credentials that are known of it. */
  readonly authorization?: Secret | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds for all attempts together; default: the limit for requests. */
  readonly seconds?: number;
  /** For servers that refuse for a while in a manner of their own: seconds after which they may be asked again. */
  readonly refusesFor?: ((head: AnswerHead) => number | undefined) | undefined;
  /**
   * Begins an attempt. Its `accept` takes the body of an answer that is neither a redirect nor an error;
   * `headers` are added to the request.
   */
  attempt(): Attempt;
}

export interface Attempt {
  readonly headers?: Readonly<Record<string, string>>;
  accept(head: AnswerHead, url: string): Sink | undefined;
}

export interface HttpAnswer extends AnswerHead {
  /** Where redirects led. */
  readonly url: string;
}

const USER_AGENT = "thoth/0.1 (+https://thoth-station.ninja)";

export interface HttpOptions {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly limits: IndexLimits;
}

/** An answer that may be better when asked again. */
class Unavailable extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, retryAfter: number | undefined) {
    super(`the server answered ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export class HttpClient {
  readonly #options: HttpOptions;
  readonly #gate: Gate;
  /** Bytes of bodies that are in memory and not yet made use of, of all requests together. */
  held = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#gate = new Gate(options.limits.requests);
  }

  get limits(): IndexLimits {
    return this.#options.limits;
  }

  /**
   * The answer, whose status is 2xx, 304, 404, 410 or 416. Throws `index-unreachable`, `unauthorized`,
   * `index-response-invalid`, or what `accept` and its sink throw.
   */
  async get(request: HttpRequest): Promise<HttpAnswer> {
    const release = await this.#gate.enter(request.signal);
    try {
      return await this.#persist(request);
    } finally {
      release();
    }
  }

  async #persist(request: HttpRequest): Promise<HttpAnswer> {
    const { limits } = this.#options;
    const end = performance.now() + (request.seconds ?? limits.requestSeconds) * 1000;
    let pauses = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#follow(request, end);
      } catch (error) {
        const pause = pauseAfter(error, attempt, limits);
        if (pause === undefined || performance.now() + pause * 1000 > end) throw explain(error, request);
        pauses += pause;
        if (pauses > limits.retrySeconds) throw explain(error, request);
        await sleep(pause * 1000, request.signal);
      }
    }
  }

  /** One attempt, with all its redirects. */
  async #follow(request: HttpRequest, end: number): Promise<HttpAnswer> {
    const { limits, transport } = this.#options;
    let url = new URL(request.url);
    for (let hops = 0; hops <= limits.redirects; hops++) {
      const head = await this.#send(request, url, end - performance.now());
      const next = request.takesAll === true ? undefined : redirection(head, url);
      if (next === undefined) return { ...head, url: url.href };
      if (transport.isGuarded) checkBare(request, next);
      checkRedirection(request, url, next);
      url = next;
    }
    throw invalid(request, `was redirected more than ${limits.redirects} times`);
  }

  async #send(request: HttpRequest, url: URL, deadline: number): Promise<AnswerHead> {
    const { transport, credentials, limits } = this.#options;
    const attempt = request.attempt();
    const own = url.origin === new URL(request.url).origin ? request.authorization : undefined;
    const authorization = own ?? credentials.for(url);
    const head = await transport.send({
      url,
      method: request.method,
      body: request.body,
      headers: {
        "user-agent": USER_AGENT,
        ...request.headers,
        ...attempt.headers,
        ...(authorization === undefined ? {} : { authorization: authorization.reveal() }),
      },
      deadline: Math.max(1, deadline),
      stall: limits.stallSeconds * 1000,
      signal: request.signal,
      accept: (answer) => {
        if (request.takesAll !== true) {
          if (isRedirection(answer.status)) return undefined;
          checkStatus(answer, url, request);
        }
        return attempt.accept(answer, url.href);
      },
    });
    return head;
  }
}

function isRedirection(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirection(head: AnswerHead, from: URL): URL | undefined {
  if (!isRedirection(head.status)) return undefined;
  const location = head.headers.get("location");
  // Without what stands before the host, which is the request's own.
  const base = from.origin + from.pathname + from.search;
  return location === undefined ? undefined : (URL.parse(location, base) ?? undefined);
}

/** Whoever leads a guarded process elsewhere has no say in who it is there. */
function checkBare(request: HttpRequest, { host, username, password }: URL): void {
  if (username === "" && password === "") return;
  throw invalid(request, `redirects with credentials of its own, to ${quote(host)}`);
}

function checkRedirection(request: HttpRequest, from: URL, to: URL): void {
  if (to.protocol !== "http:" && to.protocol !== "https:") {
    throw invalid(request, `redirects to ${quote(`${to.protocol}…`)}, which may not be opened`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw invalid(request, `redirects from https to http, to ${quote(to.host)}`);
  }
  to.username = "";
  to.password = "";
}

function checkStatus({ status, headers }: AnswerHead, url: URL, request: HttpRequest): void {
  if ((status >= 200 && status < 300) || status === 304 || status === 404 || status === 410 || status === 416)
    return;
  const seconds = request.refusesFor?.({ status, headers });
  if (seconds !== undefined) throw new Unavailable(status, seconds);
  if (status === 401 || status === 403) {
    throw new ThothError(
      "unauthorized",
      `${quote(url.host)} refuses ${request.subject} (status ${status}).`,
      {
        hint: "Give the credentials in the index's URL or in .netrc.",
        details: { host: url.host, status },
      },
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    throw new Unavailable(status, retryAfter(headers.get("retry-after")));
  }
  throw invalid(request, `cannot be had from ${quote(url.host)}: the server answered ${status}`);
}

/** Seconds, of a number or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** Seconds until the next attempt; undefined when another one would not help or is not due. */
function pauseAfter(error: unknown, attempt: number, limits: IndexLimits): number | undefined {
  if (attempt >= limits.retries) return undefined;
  const again =
    error instanceof Unavailable ||
    (error instanceof TransportFailure && (error.kind === "connection" || error.kind === "cut"));
  if (!again) return undefined;
  const growing = 0.15 * 3 ** attempt * (0.75 + Math.random() / 2);
  const asked = error instanceof Unavailable ? (error.retryAfter ?? 0) : 0;
  return Math.max(growing, Math.min(asked, limits.retrySeconds + 1));
}

function explain(error: unknown, request: HttpRequest): unknown {
  const host = new URL(request.url).host;
  if (error instanceof Unavailable) {
    const wait = error.retryAfter === undefined ? "" : ` and asks to wait ${Math.round(error.retryAfter)} s`;
    return new ThothError(
      "index-unreachable",
      `${quote(host)} does not give ${request.subject}: it answers ${error.status}${wait}.`,
      {
        details: {
          host,
          status: error.status,
          ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
        },
      },
    );
  }
  if (!(error instanceof TransportFailure)) return error;
  return new ThothError(
    "index-unreachable",
    `${quote(host)} does not give ${request.subject}: ${error.message}.`,
    {
      hint: HINTS[error.kind],
      details: { host, failure: error.kind },
      cause: error,
    },
  );
}

const HINTS = {
  connection: "Check the network, the proxy variables and the index's URL; `--offline` uses what is cached.",
  certificate: "Name the file of certificates to trust in `PIP_CERT` or `SSL_CERT_FILE`.",
  deadline: "Try again later.",
  stall: "Try again later.",
  cut: "Try again later.",
} as const;

export function invalid(request: Pick<HttpRequest, "subject">, problem: string): ThothError {
  return new ThothError("index-response-invalid", `${capitalized(request.subject)} ${problem}.`);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
