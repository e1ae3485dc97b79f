// The client of what operations describe: their parameters and answers are known to the compiler by the same schemas that the
// server checks. Whoever uses it brings the connection. What comes back is hostile until it fits its schema; what is refused is
// a value.

import { findViolations, type Schema } from "../schema.ts";
import type { ValueOf } from "../shape.ts";
import type { Operation, Operations } from "./operation.ts";
import { problemDocument } from "./problem.ts";

/** One request, ready to be sent. */
export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Response {
  readonly status: number;
  /** By a name in lower case. */
  readonly header: (name: string) => string | null;
  readonly text: string;
}

/** Undefined where the service was not reached. Throws where `signal` is aborted. */
export type Send = (request: Request, signal?: AbortSignal) => Promise<Response | undefined>;

export interface Refusal {
  readonly kind: "refused";
  /** Of HTTP; 0 where the service was not reached. */
  readonly status: number;
  /** Of the problem that the service tells; `unreachable`, `invalid-answer`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

export interface Answered<Status extends number, T> {
  readonly kind: "answered";
  readonly status: Status;
  readonly value: T;
  /** The job that the answer is about, where its headers name one. */
  readonly job: string | undefined;
}

type Success = 200 | 201 | 202 | 204;
type ValueAt<A> = A extends { readonly schema: infer S extends Schema } ? ValueOf<S> : undefined;
type AnswerAt<O extends Operation, Status> = Status extends Success
  ? O["answers"] extends { readonly [At in Status]: infer A }
    ? Answered<Status, ValueAt<A>>
    : never
  : never;
export type OutcomeOf<O extends Operation> = AnswerAt<O, Success> | Refusal;

type NeededOf<P> = {
  readonly [Name in keyof P as P[Name] extends { readonly required: true } ? Name : never]: string;
};
type OptionalOf<P> = {
  readonly [Name in keyof P as P[Name] extends { readonly required: true } ? never : Name]?:
    | string
    | undefined;
};
type Given<P> = NeededOf<P> & OptionalOf<P>;
type Unless<Empty, Wrapped extends object> = object extends Empty ? Partial<Wrapped> : Wrapped;

/** What a call of an operation takes. */
export type CallOf<O extends Operation> = (O extends { readonly places: infer P }
  ? { readonly places: { readonly [Name in keyof P]: string } }
  : unknown) &
  (O extends { readonly query: infer Q } ? Unless<Given<Q>, { readonly query: Given<Q> }> : unknown) &
  (O extends { readonly headers: infer H } ? Unless<Given<H>, { readonly headers: Given<H> }> : unknown) &
  (O extends { readonly body: infer S extends Schema } ? { readonly body: ValueOf<S> } : unknown) & {
    readonly signal?: AbortSignal | undefined;
  };

export type ClientOf<All extends Operations> = {
  readonly [Name in keyof All]: (
    ...call: object extends CallOf<All[Name]> ? [call?: CallOf<All[Name]>] : [call: CallOf<All[Name]>]
  ) => Promise<OutcomeOf<All[Name]>>;
};

type Texts = Readonly<Record<string, string | undefined>>;

export interface AnyCall {
  readonly places?: Texts;
  readonly query?: Texts;
  readonly headers?: Texts;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface ClientOptions {
  readonly send: Send;
  /** Of a JSON text; undefined where it is none. What it returns is held against the schema. */
  readonly parse?: (text: string) => unknown;
}

export function clientOf<All extends Operations>(
  operations: All,
  { send, parse = parseJson }: ClientOptions,
): ClientOf<All> {
  const callOf =
    (operation: Operation) =>
    (call: AnyCall = {}): Promise<Answered<number, unknown> | Refusal> =>
      send(requestOf(operation, call), call.signal).then((response) =>
        response === undefined ? UNREACHABLE : outcomeOf(operation, response, parse),
      );
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, callOf(operation)]),
  ) as unknown as ClientOf<All>;
}

export function requestOf(operation: Operation, call: AnyCall): Request {
  const { body, headers = {} } = call;
  return {
    method: operation.method.toUpperCase(),
    address: addressOf(operation, call),
    headers: {
      accept: acceptedBy(operation),
      ...(body === undefined ? {} : { "content-type": operation.bodyType ?? "application/json" }),
      ...given(headers),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

function acceptedBy({ answers }: Operation): string {
  const types = Object.values(answers).map(({ type = "application/json" }) => type);
  return [...new Set(types)].join(", ");
}

/** Path and query of a call. */
export function addressOf({ path }: Pick<Operation, "path">, { places = {}, query = {} }: AnyCall): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(places[place] ?? ""));
  const parameters = given(query);
  return Object.keys(parameters).length === 0 ? filled : `${filled}?${new URLSearchParams(parameters)}`;
}

function given(texts: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const UNREACHABLE: Refusal = {
  kind: "refused",
  status: 0,
  code: "unreachable",
  message: "the service does not answer",
  hint: "Look whether this machine is connected, and try again.",
};

function outcomeOf(
  operation: Operation,
  { status, header, text }: Response,
  parse: (text: string) => unknown,
): Answered<number, unknown> | Refusal {
  const value = parse(text);
  if (status < 200 || status > 299) return refusalOf(status, value, header("retry-after"));
  const schema = operation.answers[status]?.schema;
  if (schema !== undefined && !fits(schema, value))
    return {
      kind: "refused",
      status,
      code: "invalid-answer",
      message: "the service answered something that is not known here",
      hint: "The service and what asks it may be of different versions: update the older one, or load the page anew.",
    };
  const place = header("location") ?? header("content-location") ?? "";
  const job = /\/api\/v2\/jobs\/([A-Za-z0-9._-]{1,100})(?:\/|$)/.exec(place)?.[1];
  return { kind: "answered", status, value: schema === undefined ? undefined : value, job };
}

/** Members that the schema does not know are nothing to mind: the service may be newer. */
export function fits(schema: Schema, value: unknown): boolean {
  return findViolations(schema, value).every(({ expected }) => expected === "nothing");
}

function refusalOf(status: number, value: unknown, retryAfter: string | null): Refusal {
  const known = fits(problemDocument, value) ? (value as Readonly<Record<string, string>>) : {};
  const seconds = Number(retryAfter ?? Number.NaN);
  return {
    kind: "refused",
    status,
    code: known["code"] ?? "unreachable",
    message: known["detail"] ?? known["title"] ?? `the service answered with the status ${status}`,
    hint: known["hint"],
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (name, value) => (name === "__proto__" ? undefined : value));
  } catch {
    return undefined;
  }
}
