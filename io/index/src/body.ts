// A whole body in memory, up to a limit, as it was before compression.

import { promisify } from "node:util";
import {
  type BrotliOptions,
  brotliDecompress,
  gunzip,
  gunzipSync,
  inflate,
  type ZlibOptions,
} from "node:zlib";
import { ThothError } from "@thoth/pep";
import { type HttpAnswer, type HttpClient, type HttpRequest, invalid } from "./http-client.ts";
import type { AnswerHead } from "./transport.ts";

type Decode = (bytes: Uint8Array, options: ZlibOptions & BrotliOptions) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

const AT_ONCE = 65_536;

export interface BodyRequest extends Omit<HttpRequest, "attempt"> {
  /** Bytes after decompression. */
  readonly limit: number;
  /** Whether the body of this answer is wanted; default: of every 2xx. */
  readonly wants?: (head: AnswerHead) => boolean;
}

export interface Fetched extends HttpAnswer {
  /** Undefined when it was not wanted. */
  readonly body: Buffer | undefined;
}

/** Throws as `HttpClient.get` does, and `limit-exceeded`. */
export async function fetchBody(client: HttpClient, request: BodyRequest): Promise<Fetched> {
  let chunks: Buffer[] = [];
  let wanted = false;
  const answer = await client.get({
    ...request,
    attempt: () => {
      chunks = [];
      wanted = false;
      let length = 0;
      return {
        accept: (head) => {
          wanted = request.wants?.(head) ?? (head.status >= 200 && head.status < 300);
          if (!wanted) return undefined;
          if (Number(head.headers.get("content-length") ?? 0) > request.limit) throw tooLong(request);
          return (chunk) => {
            length += chunk.length;
            if (length > request.limit) throw tooLong(request);
            chunks.push(chunk);
            return undefined;
          };
        },
      };
    },
  });
  if (!wanted) return { ...answer, body: undefined };
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return { ...answer, body: await decode(bytes, answer.headers.get("content-encoding"), request) };
}

async function decode(bytes: Buffer, encoding: string | undefined, request: BodyRequest): Promise<Buffer> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return bytes;
  const decoder = DECODERS.get(name);
  if (decoder === undefined) throw invalid(request, "is compressed in an unknown way");
  try {
    // A short one is done sooner than another thread would begin.
    if (bytes.length < AT_ONCE && name.endsWith("gzip"))
      return gunzipSync(bytes, { maxOutputLength: request.limit });
    return await decoder(bytes, { maxOutputLength: request.limit });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLong(request);
    if (/^Z_|^ERR_|BROTLI/.test(code)) throw invalid(request, "is compressed, and damaged");
    throw error;
  }
}

function tooLong({ subject, limit }: BodyRequest): ThothError {
  return new ThothError("limit-exceeded", `The limit of ${limit} bytes is exceeded by ${subject}.`, {
    details: { limit: "bytes", most: limit },
  });
}
