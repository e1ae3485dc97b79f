// Any server on loopback, for tests: what it has is a function of the URL; validators, faults and a record of all requests
// are the same for all.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, type Fault, sendAnswer, sendSpoilt } from "./fault.ts";
import type { LoggedRequest } from "./index-server.ts";
import { sha256 } from "./offer.ts";

export interface WebPage {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is no text and no bytes is sent as JSON. */
  readonly body: unknown;
}

export interface WebOptions {
  /** Undefined: 404. */
  answer(url: URL, headers: IncomingMessage["headers"]): WebPage | undefined;
  /** ETags and 304. Default true. */
  readonly validators?: boolean;
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
}

export interface WebServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Every request so far, in order; `path` has its query. */
  readonly requests: readonly LoggedRequest[];
  /** Replaces the faults of a path, without its query; `*` for all that have none. None heals it. */
  spoil(path: string, ...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

/** Starts on a free port of 127.0.0.1. */
export async function startWeb(options: WebOptions): Promise<WebServer> {
  const web = new Web(options);
  const server = createServer((request, response) => {
    web.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: web.requests,
    spoil: (path, ...faults) => {
      web.faults.set(path, { faults, met: 0 });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Web {
  readonly requests: LoggedRequest[] = [];
  readonly faults = new Map<string, { readonly faults: readonly Fault[]; met: number }>();
  readonly #options: WebOptions;

  constructor(options: WebOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { headers, method = "" } = request;
    const url = new URL(request.url ?? "/", `http://${headers.host}`);
    const answer = this.#answer(url, headers);
    this.requests.push({ method, path: url.pathname + url.search, headers, status: answer.status });
    const { latencyMs = 0 } = this.#options;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const fault = this.#nextFault(url.pathname);
    if (fault === undefined) sendAnswer(answer, response);
    else await sendSpoilt(fault, answer, response);
  }

  #answer(url: URL, headers: IncomingMessage["headers"]): Answer {
    const page = this.#options.answer(url, headers) ?? { status: 404, body: "not here" };
    const isBytes = page.body instanceof Uint8Array;
    const isText = typeof page.body === "string";
    const body = isBytes
      ? (page.body as Uint8Array)
      : Buffer.from(isText ? String(page.body) : json(page.body));
    const type = isBytes ? "application/octet-stream" : isText ? "text/plain" : "application/json";
    const etag = `"${sha256(body).slice(0, 32)}"`;
    const { status = 200, headers: own } = page;
    const told = { "Content-Type": type, ...own };
    if (status !== 200 || this.#options.validators === false) return { status, headers: told, body };
    if (headers["if-none-match"] === etag)
      return { status: 304, headers: { ...told, ETag: etag }, body: Buffer.alloc(0) };
    return { status, headers: { ...told, ETag: etag }, body };
  }

  #nextFault(path: string): Fault | undefined {
    const state = this.faults.get(path) ?? this.faults.get("*");
    let before = 0;
    for (const fault of state?.faults ?? []) {
      before += fault.times ?? Number.POSITIVE_INFINITY;
      if (state === undefined || state.met >= before) continue;
      state.met++;
      return fault;
    }
    return undefined;
  }
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
