// Part of a file, as asked for by a `Range` header of one range, or as bad servers give it.
// https://www.rfc-editor.org/rfc/rfc9110#name-range-requests

import type { IncomingMessage } from "node:http";
import type { Answer } from "./fault.ts";

/**
 * `ignored`: the whole file with status 200. `refused`: 416. `no-suffix`: `bytes=-n` alone is refused.
 * `lying`: the answer says that it is what was asked for, and holds other bytes. `whole`: status 206 and the
 * whole file.
 */
export type RangeManner = "honoured" | "ignored" | "refused" | "no-suffix" | "lying" | "whole";

export function answerRange(whole: Answer, request: IncomingMessage, manner: RangeManner): Answer {
  const asked = request.headers.range;
  if (manner === "ignored") return whole;
  const headers = { ...whole.headers, "Accept-Ranges": "bytes" };
  if (asked === undefined) return { ...whole, headers };
  const { length } = whole.body;
  const range = manner === "refused" ? undefined : readRange(asked, length, manner !== "no-suffix");
  if (range === undefined) {
    return {
      status: 416,
      headers: { ...headers, "Content-Range": `bytes */${length}` },
      body: Buffer.alloc(0),
    };
  }
  const { first, last } = range;
  const said = { ...headers, "Content-Range": `bytes ${first}-${last}/${length}` };
  if (manner === "whole") return { status: 206, headers: said, body: whole.body };
  if (manner === "lying")
    return { status: 206, headers: said, body: whole.body.subarray(0, last - first + 1) };
  return { status: 206, headers: said, body: whole.body.subarray(first, last + 1) };
}

function readRange(
  text: string,
  length: number,
  suffixes: boolean,
): { first: number; last: number } | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, from = "", to = ""] = parts;
  if (from === "") {
    if (to === "" || !suffixes) return undefined;
    return { first: Math.max(0, length - Number(to)), last: length - 1 };
  }
  const first = Number(from);
  const last = Math.min(to === "" ? length - 1 : Number(to), length - 1);
  return first >= length || last < first ? undefined : { first, last };
}
