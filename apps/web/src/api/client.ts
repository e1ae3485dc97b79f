// Asks the service by the contract's own operations. What comes back is hostile until it fits the contract; what is refused is a
// value.

import { findViolations, type Schema } from "@thoth/contract";
import {
  type AdviceRequest,
  type ComparisonDocument,
  type JobDocument,
  type Operation,
  type PackageDocument,
  problemDocument,
  type StatusDocument,
  v2Operations,
} from "@thoth/contract/service";
import { parseHarmless } from "../frame/harmless.ts";
import { currentToken } from "./token.ts";

export interface Refusal {
  readonly kind: "refused";
  /** Of HTTP; 0 where the service was not reached. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

export interface Answered<T> {
  readonly kind: "answered";
  readonly status: number;
  readonly value: T;
  /** The job that the answer is about, where its headers name one. */
  readonly job?: string | undefined;
}

export type Outcome<T> = Answered<T> | Refusal;

type Name = keyof typeof v2Operations;

interface Call {
  readonly places?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export function addressOfCall(name: Name, { places = {}, query = {} }: Call): string {
  const { path }: Operation = v2Operations[name];
  const filled = path.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(places[place] ?? ""));
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given)}`;
}

export function authorization(): Readonly<Record<string, string>> {
  const token = currentToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Throws only where `signal` is aborted. */
async function call<T>(name: Name, given: Call): Promise<Outcome<T>> {
  const operation: Operation = v2Operations[name];
  const { body, signal } = given;
  let response: Response;
  let text: string;
  try {
    response = await fetch(addressOfCall(name, given), {
      method: operation.method.toUpperCase(),
      headers: {
        accept: "application/json, application/problem+json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...authorization(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    text = await response.text();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    return unreachable();
  }
  return outcomeOf<T>(operation, response, text);
}

function unreachable(): Refusal {
  return {
    kind: "refused",
    status: 0,
    code: "unreachable",
    message: "the service does not answer",
    hint: "Look whether this machine is connected, and try again.",
  };
}

function outcomeOf<T>(operation: Operation, response: Response, text: string): Outcome<T> {
  const { status, headers } = response;
  const value = parseHarmless(text);
  if (status < 200 || status > 299) return refusalOf(status, value, headers.get("retry-after"));
  const schema = operation.answers[status]?.schema;
  if (schema !== undefined && !fits(schema, value))
    return {
      kind: "refused",
      status,
      code: "invalid-answer",
      message: "the service answered something that this page does not know",
      hint: "Load the page anew: the service may have become newer meanwhile.",
    };
  const place = headers.get("location") ?? headers.get("content-location") ?? "";
  const job = /\/api\/v2\/jobs\/([A-Za-z0-9._-]{1,100})(?:\/|$)/.exec(place)?.[1];
  return { kind: "answered", status, value: value as T, job };
}

/** Members that the schema does not know are nothing to mind. */
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

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

type Signal = AbortSignal | undefined;

export const api = {
  ask: (body: AdviceRequest, signal?: Signal) =>
    call<JobDocument | Readonly<Record<string, unknown>>>("askAdvice", { body, signal }),
  job: (id: string, signal?: Signal) => call<JobDocument>("readJob", { places: { id }, signal }),
  cancel: (id: string) => call<JobDocument>("cancelJob", { places: { id } }),
  result: (id: string, signal?: Signal) => call<unknown>("readResult", { places: { id }, signal }),
  log: (id: string, signal?: Signal) =>
    call<{ readonly lines: readonly { readonly at: string; readonly text: string }[] }>("readLog", {
      places: { id },
      signal,
    }),
  compare: (before: string, after: string, signal?: Signal) =>
    call<ComparisonDocument>("compareResults", { query: { before, after }, signal }),
  find: (like: string, after?: string, signal?: Signal) =>
    call<Page<string>>("findPackages", {
      query: { like: like === "" ? undefined : like, after, limit: "50" },
      signal,
    }),
  package: (name: string, signal?: Signal) =>
    call<PackageDocument>("readPackage", { places: { name }, signal }),
  status: (signal?: Signal) => call<StatusDocument>("readStatus", { signal }),
};
