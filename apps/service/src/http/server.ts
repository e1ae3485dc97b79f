// The HTTP server: routes from operations, checks, who asks, limits, logs, metrics. What it serves is given to it.

import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { type Operation, PROBLEM_TYPE } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Tracing } from "../tracing/tracing.ts";
import { failureOf, problemReply } from "./failure.ts";
import type { Api, Caller, Handler, Incoming, Reply } from "./handler.ts";
import { checkBody, checkHeaders, checkPlaces, checkQuery, invalid, parseBody } from "./incoming.ts";
import type { Metrics } from "./metrics.ts";
import { endWithReply, spanOf } from "./request-span.ts";

export interface Identity {
  /** Of the header `authorization`; absent: nobody in particular. */
  readonly authorization: string | undefined;
  /** Where the first API's clients put their token. */
  readonly token: string | undefined;
  readonly address: string;
}

/** Throws `unauthorized`, or `quota-exceeded` where the caller asks too often. */
export type Identify = (identity: Identity) => Promise<Caller>;

export interface ServerOptions {
  readonly apis: readonly Api[];
  readonly identify: Identify;
  readonly metrics: Metrics;
  /** Requests at a time; more are refused. */
  readonly most: number;
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly log: (line: LogLine) => void;
  readonly tracing?: Tracing | undefined;
  /** How many proxies stand in front, whose word on the caller's address is taken. */
  readonly proxies: number;
  /** What is served besides: pages, probes. */
  readonly more?: (server: FastifyInstance) => void;
}

export interface LogLine {
  readonly level: "info" | "error";
  readonly message: string;
  readonly request?: string;
  readonly [name: string]: unknown;
}

const SECONDS = 1000;
/** Of a request's head and body; a client that sends slower than that is not waited for. */
const REQUEST_TIME = 30 * SECONDS;
const HEADERS_TIME = 10 * SECONDS;
const IDLE_TIME = 65 * SECONDS;
/** A request without a body takes a little anyway, so that it is told and not cut off. */
const LEAST_BYTES = 1024;
const LONGEST_URL = 8192;
/** Bytes of a body that is too long. */
const MOST_DISCARDED = 64 * 1024 * 1024;

const JSON_TYPE = "application/json; charset=utf-8";

export function makeServer(options: ServerOptions): FastifyInstance {
  const { tls, proxies } = options;
  const server = Fastify({
    ...(tls === undefined ? {} : { https: tls }),
    logger: false,
    // The one that connects is hop 0.
    trustProxy: (_address: string, hop: number) => hop < proxies,
    requestTimeout: REQUEST_TIME,
    keepAliveTimeout: IDLE_TIME,
    http: { headersTimeout: HEADERS_TIME, connectionsCheckingInterval: SECONDS },
    genReqId: (request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> }) =>
      requestId(request.headers["x-request-id"]),
    bodyLimit: Math.max(LEAST_BYTES, ...options.apis.map(({ mostBytes }) => mostBytes)),
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true, caseSensitive: true },
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    // What still comes in over a connection that is there was sent before its end could be known.
    return503OnClosing: false,
  } as Parameters<typeof Fastify>[0]) as unknown as FastifyInstance;
  server.removeAllContentTypeParsers();
  // Bodies stay bytes until their operation is known: a signature is over them, and one that is wrong is told in its own way.
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const gate = new Gate(options);
  for (const api of options.apis) addApi(server, api, options, gate);
  options.more?.(server);
  answerTheRest(server, options);
  return server;
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Lets in as many as can be served; who is refused is told to come back. */
class Gate {
  readonly #options: ServerOptions;
  #inside = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  enter(): () => void {
    if (this.#inside >= this.#options.most) {
      this.#options.metrics.shed.inc({ reason: "requests" });
      throw new ThothError("overloaded", "the service is asked more than it can answer at a time", {
        hint: "Ask again after the time of `Retry-After`.",
      });
    }
    this.#inside++;
    return () => void this.#inside--;
  }
}

function addApi(server: FastifyInstance, api: Api, options: ServerOptions, gate: Gate): void {
  for (const [name, operation] of Object.entries(api.operations)) {
    const handler = api.handlers[name];
    if (handler === undefined) throw new Error(`nothing answers ${name}`);
    server.route({
      method: operation.method.toUpperCase(),
      url: operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      bodyLimit: api.mostBytes,
      handler: async (request, reply) => {
        const began = performance.now();
        const span = spanOf(options.tracing, request, operation);
        const one: One = { request, api, operation, handler, options, gate, trace: span?.trace };
        const answer = await (span === undefined ? answerOne(one) : span.within(() => answerOne(one)));
        if (span !== undefined) endWithReply(span, reply, answer);
        // What the service is not set up for is no failure of it.
        const failed = answer.status >= 500 && answer.status !== 501;
        options.metrics.requests.inc({ operation: name, status: answer.status });
        options.metrics.seconds.observe({ operation: name }, (performance.now() - began) / SECONDS);
        options.log({
          level: failed ? "error" : "info",
          message: "request",
          request: request.id,
          operation: name,
          status: answer.status,
          milliseconds: Math.round((performance.now() - began) * 10) / 10,
          ...(answer.tenant === undefined ? {} : { tenant: answer.tenant }),
          ...(span === undefined ? {} : { trace: span.trace }),
        });
        return send(reply, answer, api.headers ?? {});
      },
    });
  }
}

interface One {
  readonly request: FastifyRequest;
  readonly api: Api;
  readonly operation: Operation;
  readonly handler: Handler;
  readonly options: ServerOptions;
  readonly gate: Gate;
  readonly trace: string | undefined;
}

async function answerOne(one: One): Promise<Reply & { readonly tenant?: string }> {
  const { request, api, handler, options, gate } = one;
  const given = (request.query ?? {}) as Readonly<Record<string, unknown>>;
  let leave: (() => void) | undefined;
  try {
    leave = gate.enter();
    const incoming = await incomingOf(one, given);
    const reply = await handler(incoming);
    return { ...reply, tenant: incoming.caller.tenant };
  } catch (error) {
    const failure = failureOf(error, { request: request.id, query: given });
    if (failure.status >= 500) logCause(options, error, { request: request.id, trace: one.trace });
    return api.failed(failure);
  } finally {
    leave?.();
  }
}

function logCause(
  { log }: ServerOptions,
  error: unknown,
  { request, trace }: { readonly request: string; readonly trace?: string | undefined },
): void {
  const cause =
    error instanceof ThothError ? error.message : error instanceof Error ? error.stack : String(error);
  log({ level: "error", message: "failed", request, cause, ...(trace === undefined ? {} : { trace }) });
}

async function incomingOf(
  { request, operation, options }: One,
  given: Readonly<Record<string, unknown>>,
): Promise<Incoming> {
  const { authorization } = request.headers;
  const token = typeof given["token"] === "string" && operation.query?.["token"] ? given["token"] : undefined;
  const caller = await options.identify({ authorization, token, address: request.ip });
  if (operation.scope !== undefined && !caller.scopes.has(operation.scope))
    throw notAllowed(caller, operation.scope);
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const gone = new AbortController();
  request.raw.once("close", () => {
    if (!request.raw.complete || request.raw.destroyed) gone.abort();
  });
  return {
    places: checkPlaces(operation, request.params as Record<string, unknown>) as Record<string, string>,
    query: checkQuery(operation, given),
    headers: checkHeaders(operation, request.headers),
    body: bodyOf(operation, request, bytes),
    bytes,
    caller,
    request: request.id,
    signal: gone.signal,
  };
}

function notAllowed({ isAnonymous }: Caller, scope: string): ThothError {
  return isAnonymous
    ? new ThothError("unauthorized", "a token is needed", { hint: "Send `Authorization: Bearer TOKEN`." })
    : new ThothError("forbidden", `the token does not have the scope \`${scope}\``);
}

function bodyOf(operation: Operation, request: FastifyRequest, bytes: Buffer): unknown {
  if (operation.body === undefined) {
    if (!isEmpty(bytes)) throw invalid("the operation takes no body");
    return undefined;
  }
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (bytes.length > 0 && type !== (operation.bodyType ?? "application/json"))
    throw invalid(`the body must be of type \`${operation.bodyType ?? "application/json"}\``, 415);
  const value = parseBody(bytes);
  checkBody(operation.body, value);
  return value;
}

/** Clients that are made from descriptions send a document without anything in it where there is none to be sent. */
function isEmpty(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length < 64 && /^\s*(?:null|\{\s*\})\s*$/.test(bytes.toString("utf8")));
}

function send(reply: FastifyReply, answer: Reply, headers: Readonly<Record<string, string>>): FastifyReply {
  const { status, document, bytes, gzip, events } = answer;
  reply.code(status).headers({ ...COMMON, ...headers, "x-request-id": reply.request.id, ...answer.headers });
  if (events !== undefined)
    return reply.type("text/event-stream").headers({ "x-accel-buffering": "no" }).send(Readable.from(events));
  if (bytes === undefined && document === undefined) return reply.send();
  if (!reply.hasHeader("content-type")) reply.type(JSON_TYPE);
  if (bytes === undefined) return reply.send(JSON.stringify(document));
  if (gzip === undefined) return reply.send(viewOf(bytes));
  reply.header("vary", "accept-encoding");
  if (!takesGzip(reply.request.headers["accept-encoding"])) return reply.send(viewOf(bytes));
  return reply.header("content-encoding", "gzip").send(viewOf(gzip));
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3; who refuses it by a weight of 0 is minded. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(accepted ?? ""));
}

/** Without a copy. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const COMMON: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** What the framework itself refuses, and what nobody offers. */
function answerTheRest(server: FastifyInstance, options: ServerOptions): void {
  const tell = (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    const query = (request.query ?? {}) as Readonly<Record<string, unknown>>;
    const api = apiOf(options, request);
    const failure = failureOf(error, { request: request.id, query });
    if (failure.status >= 500) logCause(options, error, { request: request.id });
    return send(reply, (api?.failed ?? problemReply)(failure), api?.headers ?? {});
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const known = Object.values(options.apis.flatMap(({ operations }) => Object.values(operations)));
    const path = request.url.split("?")[0] ?? "";
    const methods = known
      .filter((operation) => matches(operation.path, path))
      .map(({ method }) => method.toUpperCase());
    if (methods.length === 0)
      return tell(request, reply, new ThothError("not-found", "there is no such place"));
    reply.header("allow", methods.join(", "));
    const { preflight, headers } = apiOf(options, request) ?? {};
    if (request.method === "OPTIONS" && preflight !== undefined) {
      const allowed = { ...preflight, "access-control-allow-methods": methods.join(", ") };
      return send(reply, { status: 204, headers: allowed }, headers ?? {});
    }
    return tell(request, reply, invalid(`it takes ${methods.join(", ")}`, 405));
  };
  server.setNotFoundHandler(refuse);
  // Whatever else is wrong with a request: that nobody takes it is told first.
  server.setErrorHandler((error, request, reply) => {
    // Who is still sending when the connection is closed sees no answer: the rest is read, and thrown away.
    if (Number(request.headers["content-length"]) <= MOST_DISCARDED) reply.removeHeader("connection");
    return request.is404 ? refuse(request, reply) : tell(request, reply, frameworkError(error));
  });
}

/** The API below whose first two names the address is. */
function apiOf({ apis }: ServerOptions, { url }: FastifyRequest): Api | undefined {
  return apis.find(({ operations }) =>
    Object.values(operations).some(({ path }) => url.startsWith(path.split("/").slice(0, 3).join("/"))),
  );
}

function matches(pattern: string, path: string): boolean {
  const [parts, given] = [pattern.split("/"), path.split("/")];
  return (
    parts.length === given.length && parts.every((part, at) => part.startsWith("{") || part === given[at])
  );
}

function frameworkError(error: unknown): unknown {
  const status = (error as { readonly statusCode?: unknown }).statusCode;
  if (typeof status !== "number" || status < 400 || status >= 500) return error;
  const sentences: Readonly<Record<number, string>> = {
    408: "the request was not sent within its time",
    413: "the body is larger than the service takes",
    414: `the address is longer than ${LONGEST_URL} characters`,
  };
  return invalid(sentences[status] ?? "the request cannot be read", status);
}

export { PROBLEM_TYPE };
