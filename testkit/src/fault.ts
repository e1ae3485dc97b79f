// Ways in which a server can go wrong. A fault meets an answer that was right and sends something else.

import type { ServerResponse } from "node:http";
import { gzipSpaces } from "./zeros.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Fault = (
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** `bytes` at a time with a pause after each. */
  | { readonly kind: "slow"; readonly bytes: number; readonly everyMs: number }
  /** The whole length is promised, `after` bytes come. */
  | { readonly kind: "cut"; readonly after: number }
  /** The connection is reset after `after` bytes (default none, not even a status). */
  | { readonly kind: "reset"; readonly after?: number }
  /** Nothing is ever answered. */
  | { readonly kind: "stall" }
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number }
  /** `Content-Encoding: gzip` of `size` spaces. */
  | { readonly kind: "bomb"; readonly size: number }
  /** `prefix`, then `size` spaces. */
  | { readonly kind: "flood"; readonly size: number; readonly prefix?: string }
  | { readonly kind: "type"; readonly contentType: string | null }
  | { readonly kind: "body"; readonly body: string | Uint8Array; readonly contentType?: string }
  /** Headers that replace or join the right ones. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
) & {
  /** How many requests meet this fault before the next one of the path, or the right answer. Default: all. */
  readonly times?: number;
};

const FLOOD_CHUNK = Buffer.alloc(1 << 16, 0x20);

/** Sends `answer` spoilt by `fault`; resolves when everything was sent or the client went away. */
export async function sendSpoilt(fault: Fault, answer: Answer, response: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case "status": {
      const after = fault.retryAfter === undefined ? {} : { "Retry-After": fault.retryAfter };
      const headers = { ...after, ...fault.headers };
      return sendAnswer({ status: fault.status, headers, body: Buffer.from(fault.body ?? "") }, response);
    }
    case "slow":
      return sendParts(answer, slices(answer.body, fault.bytes), response, fault.everyMs);
    case "cut":
      await sendParts(answer, [answer.body.subarray(0, fault.after)], response);
      response.socket?.destroy();
      return;
    case "reset":
      if (fault.after !== undefined)
        await sendParts(answer, [answer.body.subarray(0, fault.after)], response);
      response.socket?.resetAndDestroy();
      return;
    case "stall":
      return;
    case "redirect": {
      const body = Buffer.alloc(0);
      return sendAnswer({ status: fault.status ?? 302, headers: { Location: fault.to }, body }, response);
    }
    case "bomb": {
      const headers = { ...answer.headers, "Content-Encoding": "gzip" };
      return sendStream({ ...answer, headers }, gzipSpaces(fault.size), response);
    }
    case "flood":
      return sendStream(answer, flood(fault.prefix ?? "", fault.size), response);
    default:
      return sendAnswer(changed(fault, answer), response);
  }
}

function changed(fault: Extract<Fault, { kind: "type" | "body" | "headers" }>, answer: Answer): Answer {
  const { "Content-Type": type, ...headers } = answer.headers;
  switch (fault.kind) {
    case "type":
      return {
        ...answer,
        headers: { ...headers, ...(fault.contentType === null ? {} : { "Content-Type": fault.contentType }) },
      };
    case "body":
      return {
        status: 200,
        headers: { "Content-Type": fault.contentType ?? type ?? "application/octet-stream" },
        body: typeof fault.body === "string" ? Buffer.from(fault.body, "utf8") : fault.body,
      };
    case "headers":
      return { ...answer, headers: { ...answer.headers, ...fault.headers } };
    default:
      fault satisfies never;
      return answer;
  }
}

export function sendAnswer({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, {
    ...headers,
    ...(status === 304 ? {} : { "Content-Length": String(body.length) }),
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** Sends the headers of `answer` with its length, then `parts`, with a pause after each; ends nothing early. */
async function sendParts(
  answer: Answer,
  parts: Iterable<Uint8Array>,
  response: ServerResponse,
  pauseMs = 0,
): Promise<void> {
  response.writeHead(answer.status, { ...answer.headers, "Content-Length": String(answer.body.length) });
  let sent = 0;
  for (const part of parts) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    sent += part.length;
    if (pauseMs > 0) await pause(pauseMs, response);
  }
  if (sent === answer.body.length) response.end();
}

/** Sends parts of an unknown total as fast as the client takes them. */
async function sendStream(
  answer: Answer,
  parts: Iterable<Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(answer.status, { ...answer.headers });
  for (const part of parts) {
    if (response.destroyed) return;
    if (!response.write(part)) await heard(response, "drain");
  }
  response.end();
}

function* flood(prefix: string, size: number): Generator<Uint8Array> {
  yield Buffer.from(prefix, "utf8");
  for (let done = 0; done < size; done += FLOOD_CHUNK.length) yield FLOOD_CHUNK;
}

function* slices(body: Uint8Array, length: number): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += length) yield body.subarray(start, start + length);
}

function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    response.once("close", done);
  });
}

/** Resolves at the event, or when the client has gone. */
function heard(response: ServerResponse, event: string): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off(event, done);
      response.off("close", done);
      resolve();
    };
    response.once(event, done);
    response.once("close", done);
  });
}
