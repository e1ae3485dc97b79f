// What all replies of the first API have in common.

import type { HttpFailure, Reply } from "../http/handler.ts";
import { invalid } from "../http/incoming.ts";

type Query = Readonly<Record<string, unknown>>;

/** A token, and what registries are told of who asks, whether or not the operation takes them. */
const SECRET = /^token$|registry_(?:user|password)$/i;

/** What was asked, without the secrets in it. */
export function parametersOf(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !SECRET.test(name)));
}

/** Statuses that the first API's clients do not know are told as the one that says the same to them. */
const SAME: Readonly<Record<number, number>> = { 413: 400, 414: 400, 422: 400 };

export function failedReply({ status, message, hint, retryAfter, query }: HttpFailure): Reply {
  const isBadToken = status === 401 && query["token"] !== undefined;
  const words = hint === undefined ? message : `${message}. ${hint}`;
  return {
    status: SAME[status] ?? status,
    document: { error: isBadToken ? "Bad token supplied" : words, parameters: parametersOf(query) },
    headers: retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter)) },
  };
}

export interface Page {
  readonly number: number;
  readonly size: number;
}

const USUAL_SIZE = 25;

/** Undefined where no page is asked for. */
export function pageOf({ page, per_page: size }: Query): Page | undefined {
  if (page === undefined && size === undefined) return undefined;
  return { number: Number(page ?? 0), size: Number(size ?? USUAL_SIZE) };
}

export const FIRST_PAGE: Page = { number: 0, size: USUAL_SIZE };

/** Those of `all` that are on the page, and the headers that tell of it. */
export function takePage<T>(all: readonly T[], { number, size }: Page) {
  const pages = Math.ceil(all.length / size);
  return {
    items: all.slice(number * size, (number + 1) * size),
    headers: {
      page: String(number),
      per_page: String(size),
      page_count: String(pages),
      entries_count: String(all.length),
      ...(number > 0 && number <= pages ? { prev: String(number - 1) } : {}),
      ...(number + 1 < pages ? { next: String(number + 1) } : {}),
    },
  };
}

/** Headers that a page of another origin may read. */
export const EXPOSED = [
  ...["x-thoth-version", "x-user-api-service-version", "x-thoth-search-ui-url", "x-request-id"],
  ...["page", "per_page", "page_count", "entries_count", "next", "prev"],
] as const;

/** Throws `invalid-request` where an operating system and a Python are told in part. */
export function wholePlace({ os_name, os_version, python_version }: Query): boolean {
  const told = [os_name, os_version, python_version].filter((one) => one !== undefined).length;
  if (told !== 0 && told !== 3)
    throw invalid("`os_name`, `os_version` and `python_version` are told all or none");
  return told === 3;
}
