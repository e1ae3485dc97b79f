// One attempt to send something to a place that a stranger named. Whatever is answered is not trusted: nothing of it but the
// status is minded, no redirect is followed, and it has but its time.

import http from "node:http";
import https from "node:https";
import { getCACertificates } from "node:tls";
import { ThothError } from "@thoth/pep";
import { lookupOf, type PlaceRules } from "./callback-place.ts";

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface PostRules extends PlaceRules {
  /** Milliseconds for all of it. */
  readonly time: number;
  /** PEM of authorities that are trusted besides those that Node knows. */
  readonly certificates?: string | undefined;
}

export type Posted =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfter: number | undefined }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "aborted" };

/** Bytes of an answer's head, and of its body before it is hung up on. */
const MOST_HEAD = 16 * 1024;
const MOST_BODY = 64 * 1024;
const SECONDS = 1000;

export async function post({ url, headers, body, signal }: Post, rules: PostRules): Promise<Posted> {
  const over = AbortSignal.timeout(rules.time);
  try {
    return await send({ url, headers, body, signal: AbortSignal.any([signal, over]) }, rules);
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (over.aborted) return { kind: "failed", reason: `no answer within ${rules.time / SECONDS} seconds` };
    return { kind: "failed", reason: reasonOf(error) };
  }
}

async function send({ url, headers, body, signal }: Post, rules: PostRules): Promise<Posted> {
  const lookup = lookupOf(url, rules);
  const isPlain = url.protocol === "http:";
  const { promise, resolve, reject } = Promise.withResolvers<Posted>();
  const request = (isPlain ? http : https).request(
    url,
    {
      method: "POST",
      // A connection of its own: one that is kept was judged for somebody else.
      agent: false,
      maxHeaderSize: MOST_HEAD,
      signal,
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      ...(lookup === undefined ? {} : { lookup }),
      ...(rules.certificates === undefined ? {} : { ca: [...getCACertificates(), rules.certificates] }),
    },
    (response) => {
      drain(response);
      resolve({
        kind: "answered",
        status: response.statusCode ?? 0,
        retryAfter: waitOf(response.headers["retry-after"]),
      });
    },
  );
  request.on("error", reject);
  request.end(body);
  return await promise;
}

/** So that a server which writes before it reads is not told of a broken connection, where it is brief. */
function drain(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on("error", () => undefined);
  response.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > MOST_BODY) response.destroy();
  });
}

/** Milliseconds. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECONDS;
  const time = Date.parse(header);
  return Number.isNaN(time) ? undefined : Math.max(0, time - Date.now());
}

function reasonOf(error: unknown): string {
  if (error instanceof ThothError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code = (first as { readonly code?: unknown }).code;
  return typeof code === "string" ? code : (first as Error).message;
}
