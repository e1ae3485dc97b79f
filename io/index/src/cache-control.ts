// How long an answer stays fresh: https://www.rfc-editor.org/rfc/rfc9111#section-4.2. A private cache; where
// the server says nothing, as pip and uv do.

import type { Validators } from "@thoth/knowledge";
import type { AnswerHead } from "./transport.ts";

const DEFAULT_SECONDS = 600;
const LONGEST_SECONDS = 24 * 3600;

/** `now` in seconds since 1970. */
export function validatorsOf({ headers }: AnswerHead, now: number): Validators {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...(etag === undefined || etag.length > 1024 ? {} : { etag }),
    ...(lastModified === undefined || lastModified.length > 64 ? {} : { lastModified }),
    fetchedAt: now,
    freshUntil: now + freshness(headers),
  };
}

function freshness(headers: AnswerHead["headers"]): number {
  const control = headers.get("cache-control")?.toLowerCase() ?? "";
  if (/\bno-(?:store|cache)\b/.test(control)) return 0;
  const age = /\bmax-age\s*=\s*"?(\d{1,10})/.exec(control)?.[1];
  if (age === undefined) return DEFAULT_SECONDS;
  const spent = Number(headers.get("age") ?? 0);
  return Math.min(
    LONGEST_SECONDS,
    Math.max(0, Number(age) - (Number.isFinite(spent) ? Math.max(0, spent) : 0)),
  );
}

/** Headers that let the server answer "not modified". */
export function conditions(validators: Validators | undefined): Record<string, string> {
  return {
    ...(validators?.etag === undefined ? {} : { "if-none-match": validators.etag }),
    ...(validators?.lastModified === undefined ? {} : { "if-modified-since": validators.lastModified }),
  };
}
