// Traces of what the service does, where an operator has named a collector. Without one there is no tracing at all:
// whoever would tell of his work finds `undefined`, and no library is loaded. Nothing secret belongs into a span: no
// queries of addresses, no bodies, no sentences of failures.

import { ThothError } from "@thoth/pep";

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Beginning {
  readonly name: string;
  /** What others see of it: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
  readonly kind: "server" | "producer" | "consumer" | "internal";
  /** A `traceparent`; else it belongs to the span in which it begins, and where there is none, to no other. */
  readonly parent?: string | undefined;
  /** The `tracestate` beside it. */
  readonly state?: string | undefined;
  readonly attributes: Attributes;
}

/** What somebody else has told of, and is over. */
export interface Part {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  /** As of `Span.fail`. */
  readonly failure?: string | undefined;
}

export interface Span {
  /** Somebody will get to see it: sampling may have decided otherwise. */
  readonly isRecorded: boolean;
  /** 32 hexadecimal digits, of all spans of a trace. */
  readonly trace: string;
  /** For those who come after it: https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly parent: string;
  /** What begins in `work` belongs to this span. */
  within<T>(work: () => T): T;
  set(attributes: Attributes): void;
  /** A span inside of it that has ended; what of its time lies outside is cut off. */
  part(part: Part): Span;
  /** A `traceparent` that it has to do with. */
  link(parent: string): void;
  /** `type`: a code, or a name of a class. */
  fail(type: string): void;
  end(): void;
}

export interface Tracing {
  begin(beginning: Beginning): Span;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

export type Role = "serve" | "worker";

export interface TracingOptions {
  readonly version: string;
  readonly role: Role;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Called where traces cannot be sent. */
  readonly failed: (cause: string) => void;
}

/** Undefined where no collector is named, or none is wanted. */
export async function openTracing(options: TracingOptions): Promise<Tracing | undefined> {
  if (!isWanted(options.variables)) return undefined;
  const { startOpenTelemetry } = await import("@thoth/service/open-telemetry");
  return startOpenTelemetry(options);
}

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
function isWanted(variables: TracingOptions["variables"]): boolean {
  const isSet = (name: string) => (variables[name] ?? "") !== "";
  return (
    (isSet("OTEL_EXPORTER_OTLP_ENDPOINT") || isSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) &&
    variables["OTEL_SDK_DISABLED"]?.toLowerCase() !== "true" &&
    variables["OTEL_TRACES_EXPORTER"] !== "none"
  );
}

/** Does `work` in a span that ends with it. */
export async function inSpan<T>(
  tracing: Tracing | undefined,
  beginning: () => Beginning,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (tracing === undefined) return await work(undefined);
  const span = tracing.begin(beginning());
  try {
    return await span.within(() => work(span));
  } catch (error) {
    span.fail(failureType(error));
    throw error;
  } finally {
    span.end();
  }
}

function failureType(error: unknown): string {
  if (error instanceof ThothError) return error.code;
  return error instanceof Error ? error.name : "unknown";
}
