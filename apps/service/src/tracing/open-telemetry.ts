// Traces by OpenTelemetry's own library, sent as OTLP over HTTP in JSON. The usual variables are read by that library:
// endpoint, headers, time-outs, certificates and compression of the exporter; sampler and limits; name and attributes of the
// resource. https://opentelemetry.io/docs/specs/otel/protocol/exporter/

import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import {
  type Attributes,
  type Context,
  createTraceState,
  DiagLogLevel,
  diag,
  type Span as LibrarySpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Beginning, Span, Tracing, TracingOptions } from "./tracing.ts";

const KINDS: Readonly<Record<Beginning["kind"], SpanKind>> = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};
/** Milliseconds that the end of a process waits for a collector. */
const LAST_WORDS = 2_000;
/** Milliseconds between two complaints: a collector that is gone would else fill the log. */
const COMPLAINT = 60_000;

export function startOpenTelemetry({ version, role, failed }: TracingOptions): Tracing {
  complainTo(failed);
  const own = resourceFromAttributes({
    "service.name": `thoth-${role}`,
    "service.version": version,
    "service.instance.id": randomUUID(),
    "process.pid": process.pid,
  });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("thoth", version);
  const around = new AsyncLocalStorage<Context>();
  return {
    begin: (beginning) => begin(tracer, around, beginning),
    close: async () => {
      const late = new Promise((resolve) => setTimeout(resolve, LAST_WORDS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function begin(tracer: Tracer, around: AsyncLocalStorage<Context>, beginning: Beginning): Span {
  const { name, kind, parent, state, attributes } = beginning;
  const given = parent === undefined ? undefined : contextOf(parent, state);
  const before =
    given === undefined ? (around.getStore() ?? ROOT_CONTEXT) : trace.setSpanContext(ROOT_CONTEXT, given);
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: known(attributes) }, before);
  return tellingSpan(span, around, trace.setSpan(before, span));
}

function tellingSpan(span: LibrarySpan, around: AsyncLocalStorage<Context>, context: Context): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    trace: traceId,
    parent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
    within: (work) => around.run(context, work),
    set: (more) => void span.setAttributes(known(more)),
    link: (other) => {
      const there = contextOf(other, undefined);
      if (there !== undefined) span.addLink({ context: there });
    },
    fail: (type) => {
      span.setAttribute("error.type", type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
  };
}

function known(attributes: Beginning["attributes"]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** Undefined where it is none: then a trace begins here. https://www.w3.org/TR/trace-context/#versioning-of-traceparent */
function contextOf(parent: string, state: string | undefined): SpanContext | undefined {
  const [, version, traceId, spanId, flags, rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(parent.trim()) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(state === undefined ? {} : { traceState: createTraceState(state) }),
  };
}

/** Errors alone: what the library warns of may quote a header. */
function complainTo(failed: TracingOptions["failed"]): void {
  let last = Number.NEGATIVE_INFINITY;
  const error = (message: string) => {
    if (performance.now() - last < COMPLAINT) return;
    last = performance.now();
    failed(causeOf(message));
  };
  const silent = () => undefined;
  diag.setLogger(
    { error, warn: silent, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}

/** The library tells an error as JSON, with its stack and all. */
function causeOf(message: string): string {
  try {
    return String((JSON.parse(message) as { readonly message?: unknown }).message ?? message).slice(0, 500);
  } catch {
    return message.slice(0, 500);
  }
}
