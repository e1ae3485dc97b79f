// The span of a request. https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
// Neither the query (the first API takes tokens there) nor who asks is told.

import type { Operation } from "@thoth/contract/service";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Span, Tracing } from "../tracing/tracing.ts";
import type { Reply } from "./handler.ts";

export function spanOf(
  tracing: Tracing | undefined,
  request: FastifyRequest,
  operation: Operation,
): Span | undefined {
  if (tracing === undefined) return undefined;
  const { headers, method, protocol, hostname } = request;
  return tracing.begin({
    name: `${method} ${operation.path}`,
    kind: "server",
    parent: oneOf(headers["traceparent"]),
    state: oneOf(headers["tracestate"]),
    attributes: {
      "http.request.method": method,
      "http.route": operation.path,
      "url.path": request.url.split("?", 1)[0],
      "url.scheme": protocol,
      "server.address": hostname,
      "network.protocol.version": request.raw.httpVersion,
      "user_agent.original": headers["user-agent"],
      "thoth.request": request.id,
    },
  });
}

/** It lasts until all is sent: events may come for minutes. */
export function endWithReply(
  span: Span,
  reply: FastifyReply,
  { status, tenant }: Reply & { readonly tenant?: string },
): void {
  span.set({ "http.response.status_code": status, "thoth.tenant": tenant });
  if (status >= 500) span.fail(String(status));
  reply.raw.once("close", () => span.end());
}

/** https://www.w3.org/TR/trace-context/#tracestate-header: several are one. */
function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
