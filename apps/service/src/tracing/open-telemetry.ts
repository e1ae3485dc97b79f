// Traces by OpenTelemetry's own library, sent as OTLP over HTTP in JSON. The usual variables are read by that library:
// endpoint, headers, time-outs, certificates and compression of the exporter; sampler and limits; name and attributes of the
// resource. https://opentelemetry.io/docs/specs/otel/protocol/exporter/

import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import {
  type Context,
  createTraceState,
  DiagLogLevel,
  diag,
  type HrTime,
  type Attributes as LibraryAttributes,
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
import type { Attributes, Beginning, Part, Span, Tracing, TracingOptions } from "./tracing.ts";

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
  const around = new AsyncLocalStorage<Within>();
  return {
    begin: (beginning) => begin(tracer, around, beginning),
    close: async () => {
      const late = new Promise((resolve) => setTimeout(resolve, LAST_WORDS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function begin(tracer: Tracer, around: AsyncLocalStorage<Within>, beginning: Beginning): Span {
  const { name, kind, parent, state, attributes } = beginning;
  const given = parent === undefined ? undefined : contextOf(parent, state);
  const outer = given === undefined ? around.getStore() : undefined;
  const before =
    outer?.context ?? (given === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, given));
  const zero = outer?.zero ?? Date.now() - performance.now();
  const now = () => zero + performance.now();
  const start = now();
  const options = { kind: KINDS[kind], attributes: known(attributes), startTime: timeOf(start) };
  const span = tracer.startSpan(name, options, before);
  return new TellingSpan(span, { tracer, around, context: trace.setSpan(before, span), zero, start, now });
}

/** What begins within a span. */
interface Within {
  readonly context: Context;
  /** When the clock that nobody sets was 0, in milliseconds since 1970: one for all spans of a process in a trace, so that parts lie within. */
  readonly zero: number;
}

interface Surroundings extends Within {
  readonly tracer: Tracer;
  readonly around: AsyncLocalStorage<Within>;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Or when it ended. */
  readonly now: () => number;
}

class TellingSpan implements Span {
  readonly trace: string;
  readonly parent: string;
  readonly isRecorded: boolean;
  readonly #span: LibrarySpan;
  readonly #near: Surroundings;

  constructor(span: LibrarySpan, near: Surroundings) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.trace = traceId;
    this.parent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
    this.isRecorded = span.isRecording();
    this.#span = span;
    this.#near = near;
  }

  within<T>(work: () => T): T {
    return this.#near.around.run(this.#near, work);
  }

  set(more: Attributes): void {
    this.#span.setAttributes(known(more));
  }

  part({ name, attributes, failure, ...told }: Part): Span {
    const near = this.#near;
    const latest = near.now();
    const start = Math.min(Math.max(told.start, near.start), latest);
    const end = Math.min(Math.max(told.end, start), latest);
    const span = near.tracer.startSpan(
      name,
      { kind: SpanKind.INTERNAL, attributes: known(attributes), startTime: timeOf(start) },
      near.context,
    );
    const now = () => end;
    const part = new TellingSpan(span, { ...near, context: trace.setSpan(near.context, span), start, now });
    if (failure !== undefined) part.fail(failure);
    part.end();
    return part;
  }

  link(other: string): void {
    const there = contextOf(other, undefined);
    if (there !== undefined) this.#span.addLink({ context: there });
  }

  fail(type: string): void {
    this.#span.setAttribute("error.type", type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.#span.end(timeOf(this.#near.now()));
  }
}

/** Seconds and nanoseconds: the library would take a number that is small for one of another clock. */
function timeOf(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1_000);
  return [seconds, Math.round((milliseconds - seconds * 1_000) * 1e6)];
}

function known(attributes: Attributes): LibraryAttributes {
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
