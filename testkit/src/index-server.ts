// A package index on loopback, for tests: a real server that answers as the specification says, or goes wrong in
// exactly the way asked for. https://packaging.python.org/en/latest/specifications/simple-repository-api/

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { normalizeName } from "@thoth/pep";
import { type Answer, type Fault, sendAnswer, sendSpoilt } from "./fault.ts";
import {
  filePath,
  formatHtmlPage,
  formatHtmlRoot,
  formatJsonPage,
  formatJsonRoot,
  formatLinksPage,
  HTML_TYPE,
  JSON_TYPE,
} from "./index-pages.ts";
import { type Entry, entryOf, type Offer, type OfferedProject, sha256 } from "./offer.ts";
import { answerRange, type RangeManner } from "./range-answer.ts";

export interface IndexOptions {
  /** By name, in any spelling; spellings of one name are one project. */
  readonly projects?: Readonly<Record<string, readonly Offer[] | OfferedProject>>;
  /** Default `negotiated`: JSON for whoever accepts it, else HTML. */
  readonly format?: "negotiated" | "json" | "html";
  /** Whether PEP 658 files are offered. Default true. */
  readonly metadata?: boolean;
  /** How `Range` is answered. Default `honoured`. */
  readonly ranges?: RangeManner;
  /** ETags and 304. Default true. */
  readonly validators?: boolean;
  /** Of pages. Default `max-age=600, public`. */
  readonly cacheControl?: string | null;
  /** Whether pages are compressed for whoever accepts it. Default true. */
  readonly compress?: boolean;
  readonly authentication?: { readonly username: string; readonly password: string };
  /** Makes it an https server; see `makeCertificate`. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** By path, such as `/simple/flask/` or `/files/flask-1.0-py3-none-any.whl`; `*` for every path not listed. */
  readonly faults?: Readonly<Record<string, Fault | readonly Fault[]>>;
  /** Milliseconds before each answer: a network's latency. */
  readonly latencyMs?: number;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The status of the answer that a fault may have spoilt. */
  readonly status: number;
}

export interface IndexServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** What `--index-url` takes. */
  readonly indexUrl: string;
  /** The same with the credentials. */
  readonly authenticatedUrl: string;
  /** What `--find-links` takes. */
  readonly linksUrl: string;
  /** Every request so far, in order. */
  readonly requests: readonly LoggedRequest[];
  /** Replaces what is offered under a name. */
  offer(name: string, project: readonly Offer[] | OfferedProject): void;
  /** Replaces the faults of a path; none heals it. */
  spoil(path: string, ...faults: readonly Fault[]): void;
  /** Where a file lies. */
  urlOf(filename: string): string;
  close(): Promise<void>;
}

interface Project {
  readonly name: string;
  readonly entries: Entry[];
  readonly status: OfferedProject["status"];
}

/** Starts an index on a free port of 127.0.0.1. */
export async function startIndex(options: IndexOptions = {}): Promise<IndexServer> {
  const index = new Index(options);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    index.handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(handle)
      : createSecureServer({ key: tls.key, cert: tls.certificate }, handle);
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scheme = tls === undefined ? "http" : "https";
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  index.origin = `${scheme}://${host}`;
  const { username = "", password = "" } = options.authentication ?? {};
  const account = username === "" ? "" : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return {
    origin: index.origin,
    indexUrl: `${index.origin}/simple/`,
    authenticatedUrl: `${scheme}://${account}${host}/simple/`,
    linksUrl: `${index.origin}/links/`,
    requests: index.requests,
    offer: (name, project) => index.offer(name, project, true),
    spoil: (path, ...faults) => index.spoil(path, faults),
    urlOf: (filename) => `${index.origin}${filePath(filename)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Index {
  origin = "";
  readonly requests: LoggedRequest[] = [];
  readonly #options: IndexOptions;
  readonly #projects = new Map<string, Project>();
  /** The files of all projects by name. */
  #files = new Map<string, Entry>();
  readonly #faults = new Map<string, { readonly faults: readonly Fault[]; met: number }>();

  constructor(options: IndexOptions) {
    this.#options = options;
    for (const [name, project] of Object.entries(options.projects ?? {})) this.offer(name, project, false);
    for (const [path, faults] of Object.entries(options.faults ?? {})) this.spoil(path, [faults].flat());
  }

  offer(name: string, project: readonly Offer[] | OfferedProject, replace: boolean): void {
    const { files, status }: OfferedProject = "files" in project ? project : { files: project };
    const key = normalizeName(name);
    const known = this.#projects.get(key)?.entries ?? [];
    const [earlier, replaced] = replace ? [[], known] : [known, []];
    this.#projects.set(key, { name, entries: [...earlier, ...files.map(entryOf)], status });
    for (const { filename } of replaced) this.#files.delete(filename);
    for (const entry of this.#projects.get(key)?.entries ?? []) this.#files.set(entry.filename, entry);
  }

  spoil(path: string, faults: readonly Fault[]): void {
    this.#faults.set(path, { faults, met: 0 });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { pathname } = new URL(request.url ?? "/", "http://index");
    const answer = this.#revalidated(request, this.#answer(request, pathname));
    this.requests.push({
      method: request.method ?? "",
      path: pathname,
      headers: request.headers,
      status: answer.status,
    });
    const fault = this.#nextFault(pathname);
    const { latencyMs = 0 } = this.#options;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    if (fault === undefined) sendAnswer(answer, response);
    else await sendSpoilt(fault, answer, response);
  }

  /** The first fault of the path that has not been met as often as it says. */
  #nextFault(path: string): Fault | undefined {
    const state = this.#faults.get(path) ?? this.#faults.get("*");
    if (state === undefined) return undefined;
    let before = 0;
    for (const fault of state.faults) {
      before += fault.times ?? Number.POSITIVE_INFINITY;
      if (state.met < before) {
        state.met++;
        return fault;
      }
    }
    return undefined;
  }

  #answer(request: IncomingMessage, path: string): Answer {
    if (!this.#isAllowed(request)) {
      return { ...plain(401, "who are you?\n"), headers: { "WWW-Authenticate": 'Basic realm="index"' } };
    }
    const [, folder, name = "", rest] = path.split("/");
    if (folder === "simple" && rest === undefined && name === "") return this.#page(request, this.#root());
    if (folder === "simple" && (rest === undefined || rest === ""))
      return this.#projectPage(request, decode(name));
    if (folder === "links") return this.#page(request, { html: () => formatLinksPage(this.#entries()) });
    if (folder === "files" && rest === undefined) return this.#file(request, decode(name));
    return plain(404, "not here\n");
  }

  #isAllowed(request: IncomingMessage): boolean {
    const { authentication } = this.#options;
    if (authentication === undefined) return true;
    const account = Buffer.from(`${authentication.username}:${authentication.password}`, "utf8").toString(
      "base64",
    );
    return request.headers.authorization === `Basic ${account}`;
  }

  #root(): PageForms {
    const names = [...this.#projects.keys()].sort();
    return { html: () => formatHtmlRoot(names), json: () => formatJsonRoot(names) };
  }

  #projectPage(request: IncomingMessage, name: string): Answer {
    const project = this.#projects.get(normalizeName(name));
    if (project === undefined) return plain(404, "no such project\n");
    const page = { ...project, metadata: this.#options.metadata ?? true, origin: this.origin };
    return this.#page(request, { html: () => formatHtmlPage(page), json: () => formatJsonPage(page) });
  }

  #page(request: IncomingMessage, { html, json }: PageForms): Answer {
    const { format = "negotiated", cacheControl = "max-age=600, public", compress = true } = this.#options;
    const { accept = "", "accept-encoding": encodings = "" } = request.headers;
    const asJson =
      json !== undefined && (format === "json" || (format === "negotiated" && accept.includes(JSON_TYPE)));
    const type = asJson ? JSON_TYPE : accept.includes(HTML_TYPE) ? HTML_TYPE : "text/html; charset=utf-8";
    const body = Buffer.from(asJson ? json() : html(), "utf8");
    const packed = compress && /\bgzip\b/.test(String(encodings)) && body.length > 1000;
    const headers = {
      "Content-Type": type,
      Vary: "Accept, Accept-Encoding",
      ...(cacheControl === null ? {} : { "Cache-Control": cacheControl }),
      ...(packed ? { "Content-Encoding": "gzip" } : {}),
    };
    return { status: 200, headers, body: packed ? gzipSync(body) : body };
  }

  #file(request: IncomingMessage, name: string): Answer {
    const entry = this.#files.get(name);
    if (entry !== undefined) {
      const headers = { "Content-Type": "application/octet-stream" };
      return answerRange(
        { status: 200, headers, body: entry.bytes },
        request,
        this.#options.ranges ?? "honoured",
      );
    }
    const owner = name.endsWith(".metadata")
      ? this.#files.get(name.slice(0, -".metadata".length))
      : undefined;
    if (owner?.metadata === undefined || this.#options.metadata === false)
      return plain(404, "no such file\n");
    return { ...plain(200, owner.metadata.text), headers: { "Content-Type": "binary/octet-stream" } };
  }

  #entries(): Entry[] {
    return [...this.#projects.values()].flatMap(({ entries }) => entries);
  }

  /** 304 for whoever already holds the answer. */
  #revalidated(request: IncomingMessage, answer: Answer): Answer {
    if (this.#options.validators === false || answer.status !== 200) return answer;
    const etag = `"${sha256(answer.body).slice(0, 32)}"`;
    const headers = { ...answer.headers, ETag: etag };
    if (request.headers["if-none-match"] === etag) return { status: 304, headers, body: Buffer.alloc(0) };
    return { ...answer, headers };
  }
}

interface PageForms {
  readonly html: () => string;
  readonly json?: () => string;
}

function plain(status: number, text: string): Answer {
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8" },
    body: Buffer.from(text, "utf8"),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
