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
import type { AnswerHead, Sink } from "./transport.ts";

type Decode = (bytes: Uint8Array, options: ZlibOptions & BrotliOptions) => Promise<Buffer>;

function decoderOf(encoding: string): Decode | undefined {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return promisify(gunzip);
    case "deflate":
      return promisify(inflate);
    case "br":
      return promisify(brotliDecompress);
    default:
      return undefined;
  }
}

const AT_ONCE = 65_536;
/** A promised length up to which memory is set aside before anything has arrived. */
const TOLD_AT_MOST = 8 * 1024 * 1024;

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
  const intake = new Intake(client, request);
  try {
    const answer = await client.get({
      ...request,
      attempt: () => ({
        accept: (head) => {
          const wanted = request.wants?.(head) ?? (head.status >= 200 && head.status < 300);
          return intake.begin(head, wanted);
        },
      }),
    });
    const bytes = intake.bytes();
    if (bytes === undefined) return { ...answer, body: undefined };
    return { ...answer, body: await decode(bytes, answer.headers.get("content-encoding"), request) };
  } finally {
    intake.release();
  }
}

/** Frees the memory of a body that nobody looks at again: otherwise it stays taken until garbage is collected. */
export function giveBack(body: Buffer): void {
  const { buffer } = body;
  // A short one may share its memory with others.
  if (body.length >= AT_ONCE && buffer instanceof ArrayBuffer && buffer.byteLength === body.length)
    buffer.transfer(0);
}

/** A body while it arrives: one piece of memory where its length is told. */
class Intake {
  readonly #client: HttpClient;
  readonly #request: BodyRequest;
  #whole: Buffer | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = false;

  constructor(client: HttpClient, request: BodyRequest) {
    this.#client = client;
    this.#request = request;
  }

  begin(head: AnswerHead, wanted: boolean): Sink | undefined {
    this.release();
    this.#wanted = wanted;
    if (!wanted) return undefined;
    const told = Number(head.headers.get("content-length") ?? Number.NaN);
    if (told > this.#request.limit) throw tooLong(this.#request);
    this.#whole = told > 0 && told <= TOLD_AT_MOST ? Buffer.allocUnsafeSlow(told) : undefined;
    return (chunk) => this.#add(chunk);
  }

  bytes(): Buffer | undefined {
    if (!this.#wanted) return undefined;
    if (this.#whole !== undefined) return this.#whole.subarray(0, this.#length);
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  /** Forgets what arrived. */
  release(): void {
    this.#client.held -= this.#length;
    this.#length = 0;
    this.#chunks = [];
    this.#whole = undefined;
  }

  #add(chunk: Buffer): undefined {
    const { limit } = this.#request;
    const start = this.#length;
    this.#length += chunk.length;
    this.#client.held += chunk.length;
    if (this.#length > limit || this.#client.held > this.#client.limits.heldBytes)
      throw tooLong(this.#request);
    if (this.#whole !== undefined && this.#length > this.#whole.length) {
      // More than was told: kept as it comes from here on.
      this.#chunks = [this.#whole.subarray(0, start)];
      this.#whole = undefined;
    }
    if (this.#whole === undefined) this.#chunks.push(chunk);
    else this.#whole.set(chunk, start);
    return undefined;
  }
}

async function decode(bytes: Buffer, encoding: string | undefined, request: BodyRequest): Promise<Buffer> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return bytes;
  const decoder = decoderOf(name);
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

export function tooLong({ subject, limit }: Pick<BodyRequest, "subject" | "limit">): ThothError {
  return new ThothError("limit-exceeded", `The limit of ${limit} bytes is exceeded by ${subject}.`, {
    details: { limit: "bytes", most: limit },
  });
}
