// Documents of services that are no package indexes, by the same rules: bounded, with credentials for their own origin
// only, asked again only for what has changed. How often to ask, and whether again, is the caller's business.

import type { FileHandle } from "node:fs/promises";
import type { Validators } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { fetchBody, tooLong } from "./body.ts";
import { conditions, validatorsOf } from "./cache-control.ts";
import { Credentials } from "./credentials.ts";
import { HttpClient, type HttpRequest, invalid } from "./http-client.ts";
import { type IndexLocation, parseIndexLocation } from "./index-location.ts";
import { DEFAULT_LIMITS, type IndexLimits } from "./limits.ts";
import { readNetrc } from "./netrc.ts";
import { fetchPassingFile, fetchPassingWheel, type WholeFileRequest } from "./passing-file.ts";
import { FileGone, NoRanges } from "./ranged-file.ts";
import { fetchRemoteMetadata } from "./remote-wheel.ts";
import type { Secret } from "./secret.ts";
import { type Sink, Transport } from "./transport.ts";
import { openRemoteWheel, type WheelArchive } from "./wheel-archive.ts";

export interface WebClientOptions {
  /** Where it begins: a URL of http or https, which may carry credentials. */
  readonly base: string;
  /** For requests to the origin of `base`; that of the URL, where it is absent. */
  readonly authorization?: Secret | undefined;
  /** Environment variables: proxies, NETRC, SSL_CERT_FILE, THOTH_ALLOWED_HOSTS … */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly certificate?: string | undefined;
  readonly trustedHosts?: readonly string[] | undefined;
  readonly limits?: Partial<IndexLimits> | undefined;
}

export interface WebRequest
  extends Pick<HttpRequest, "subject" | "authorization" | "signal" | "seconds" | "refusesFor"> {
  readonly url: string;
  /** Value of `Accept`; default: anything. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of what is here already. */
  readonly known?: Pick<Validators, "etag" | "lastModified"> | undefined;
  /** Bytes after decompression. */
  readonly limit: number;
}

export interface WebAnswer {
  /** 2xx, 304, 404 or 410. */
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Where redirects led, without credentials. */
  readonly url: string;
  /** Of a 2xx. */
  readonly body: Buffer | undefined;
  readonly validators: Validators;
}

export interface WebExchange
  extends Omit<WebRequest, "known" | "refusesFor">,
    Pick<HttpRequest, "method" | "body"> {}

export interface Exchanged {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface WheelRequest {
  readonly url: string;
  readonly filename: string;
  /** As the index says; it may lie. */
  readonly size: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export class WebClient {
  /** The base without credentials. */
  readonly base: string;
  readonly #transport: Transport;
  readonly #client: HttpClient;

  /** Throws `usage` for a base that is no URL of http or https. */
  constructor(options: WebClientOptions) {
    const location = locationOf(options);
    const limits = { ...DEFAULT_LIMITS, retries: 0, ...options.limits };
    this.base = location.url;
    this.#transport = new Transport({
      variables: options.variables,
      certificate: options.certificate,
      trustedHosts: options.trustedHosts ?? [],
      connections: limits.connections,
    });
    this.#client = new HttpClient({
      transport: this.#transport,
      credentials: new Credentials([location], () => readNetrc(options.variables)),
      limits,
    });
  }

  /**
   * Throws `index-unreachable` (with `retryAfter`, in seconds, among its details where the server tells it), `unauthorized`,
   * `index-response-invalid`, `limit-exceeded`, or the reason of the signal.
   */
  async get(request: WebRequest): Promise<WebAnswer> {
    const { known, accept = "*/*", headers, ...rest } = request;
    const fetched = await fetchBody(this.#client, {
      ...rest,
      headers: { accept, "accept-encoding": "gzip", ...headers, ...conditions(asValidators(known)) },
    });
    const { status, url, body } = fetched;
    return {
      status,
      headers: fetched.headers,
      url,
      body,
      validators: validatorsOf(fetched, Math.floor(Date.now() / 1000)),
    };
  }

  /**
   * One exchange with a service that has more to tell than a document: whatever its status is, it is the answer. Throws as
   * `get` where there is none.
   */
  async exchange({ accept = "*/*", headers, ...request }: WebExchange): Promise<Exchanged> {
    const { status, ...answer } = await fetchBody(this.#client, {
      ...request,
      takesAll: true,
      wants: () => request.method !== "HEAD",
      headers: { accept, "accept-encoding": "gzip", ...headers },
    });
    return { status, headers: answer.headers, body: answer.body ?? Buffer.alloc(0) };
  }

  /**
   * Gives the body, as it comes and as it was sent, to `take`; `limit` is for what is sent. Throws as `get`, what `take`
   * throws, and `index-response-invalid` for a part of it.
   */
  async receive(request: WebRequest, take: Sink): Promise<Omit<WebAnswer, "body">> {
    const { known, accept = "*/*", headers, limit, ...rest } = request;
    let received = 0;
    const answer = await this.#client.get({
      ...rest,
      headers: { accept, "accept-encoding": "identity", ...headers, ...conditions(asValidators(known)) },
      attempt: () => ({
        accept: (head) => {
          if (head.status < 200 || head.status >= 300) return undefined;
          if (head.status !== 200) throw invalid(request, "came as a part that nobody asked for");
          if (Number(head.headers.get("content-length") ?? 0) > limit) throw tooLong(request);
          return (chunk) => {
            received += chunk.length;
            if (received > limit) throw tooLong(request);
            return take(chunk);
          };
        },
      }),
    });
    const validators = validatorsOf(answer, Math.floor(Date.now() / 1000));
    return { status: answer.status, headers: answer.headers, url: answer.url, validators };
  }

  /**
   * A file that was fetched whole and has the hash, to be read once: it is gone when it is closed. Undefined where there is
   * none. Throws as `receive`, `hash-mismatch`, `file-failed`.
   */
  async fetchFile(file: WholeFileRequest): Promise<FileHandle | undefined> {
    return await fetchPassingFile(this.receive.bind(this), file);
  }

  /** The same, opened as a wheel. Throws `invalid-wheel` too. */
  async fetchWheel(wheel: WholeFileRequest): Promise<WheelArchive | undefined> {
    return await fetchPassingWheel(this.receive.bind(this), wheel, this.#client.limits);
  }

  /** A wheel of which parts are fetched; undefined where its server knows no ranges. Throws as `get`, `invalid-wheel`. */
  async openWheel(wheel: WheelRequest): Promise<WheelArchive | undefined> {
    return await openRemoteWheel(this.#client, { ...wheel, limits: this.#client.limits });
  }

  /**
   * METADATA of a wheel that stays where it is, read by ranges; undefined where there is no such wheel, or its server knows
   * no ranges. Throws as `get`.
   */
  async wheelMetadata(wheel: WheelRequest): Promise<Buffer | undefined> {
    const { limits } = this.#client;
    try {
      return (await fetchRemoteMetadata(this.#client, { ...wheel, layout: undefined, limits })).bytes;
    } catch (error) {
      if (error instanceof NoRanges || error instanceof FileGone) return undefined;
      if (error instanceof ThothError && error.code === "invalid-wheel") return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }
}

function locationOf({ base, authorization }: WebClientOptions): IndexLocation {
  const location = parseIndexLocation(base, true);
  if (location.path !== undefined) throw new ThothError("usage", `${quote(base)} is no URL of http or https`);
  return authorization === undefined ? location : { ...location, authorization };
}

function asValidators(known: WebRequest["known"]): Validators | undefined {
  return known === undefined ? undefined : { ...known, fetchedAt: 0, freshUntil: 0 };
}
