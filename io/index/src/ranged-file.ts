// One file of an index of which only parts are fetched, by HTTP ranges.
// https://www.rfc-editor.org/rfc/rfc9110#name-range-requests

import { ThothError } from "@thoth/pep";
import { fetchBody, giveBack } from "./body.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import type { AnswerHead } from "./transport.ts";

export interface RangedPlace {
  readonly url: string;
  readonly filename: string;
  /** As the index page says; it may lie. */
  readonly size: number | undefined;
  readonly limits: IndexLimits;
  readonly signal: AbortSignal | undefined;
}

/** Ranges do not help with this file: the server does not know them, or its answers do not fit together. */
export class NoRanges extends Error {
  /** The server sent the whole file. */
  readonly ignored: boolean;

  constructor(ignored: boolean) {
    super("no ranges");
    this.ignored = ignored;
  }
}

/** A file that the page names and the server does not have. */
export class FileGone extends Error {}

/** A server that ignores ranges may as well send a small file whole. */
const SMALL_FILE = 2 * 1024 * 1024;

/** The part of a file that was fetched: always its end, growing towards its beginning, and single members. */
export class RangedFile {
  readonly #client: HttpClient;
  readonly #place: RangedPlace;
  #segments: { start: number; bytes: Buffer }[] = [];
  #size = 0;
  #tailStart = 0;

  constructor(client: HttpClient, place: RangedPlace) {
    this.#client = client;
    this.#place = place;
  }

  get size(): number {
    return this.#size;
  }

  get tailStart(): number {
    return this.#tailStart;
  }

  async fetchTail(length: number): Promise<void> {
    const known = this.#place.size;
    const range = known === undefined ? `bytes=-${length}` : `bytes=${known - length}-${known - 1}`;
    let { start, bytes, size } = await this.#request(range).catch(async (error: unknown) => {
      // Some servers know no ranges that count from the end, but tell the size with any other.
      if (known !== undefined || !(error instanceof NoRanges)) throw error;
      return await this.#request("bytes=0-0");
    });
    if (start + bytes.length !== size) {
      // The page does not know the size.
      ({ start, bytes, size } = await this.#request(`bytes=${Math.max(0, size - length)}-${size - 1}`));
      if (start + bytes.length !== size) throw new NoRanges(false);
    }
    this.#size = size;
    this.#add(start, bytes);
  }

  async fetchHead(length: number): Promise<void> {
    const { start, bytes, size } = await this.#request(`bytes=0-${length - 1}`);
    if (start !== 0 || bytes.length < length) throw new NoRanges(false);
    this.#size = size;
    this.#add(0, bytes);
  }

  /** Makes sure that the bytes from `start` up to `end` are there. */
  async fetch(start: number, end: number): Promise<void> {
    if (end > this.#size) throw damaged("it ends too early");
    if (this.#find(start, end) !== undefined) return;
    const answer = await this.#request(`bytes=${start}-${end - 1}`);
    if (answer.size !== this.#size || answer.start > start || answer.start + answer.bytes.length < end)
      throw new NoRanges(false);
    this.#add(answer.start, answer.bytes);
  }

  /** The bytes from `start` up to `end`, asked for anew and not kept. */
  async fetchPart(start: number, end: number): Promise<Buffer> {
    if (end > this.#size) throw damaged("it ends too early");
    const answer = await this.#request(`bytes=${start}-${end - 1}`);
    if (answer.size !== this.#size || answer.start > start || answer.start + answer.bytes.length < end)
      throw new NoRanges(false);
    return answer.bytes.subarray(start - answer.start, end - answer.start);
  }

  /** Bytes that were fetched. */
  view(start: number, end: number): Buffer {
    const segment = this.#find(start, end);
    if (segment === undefined) throw damaged("it ends too early");
    return segment.bytes.subarray(start - segment.start, end - segment.start);
  }

  /** Nothing that `view` gave may be used afterwards. */
  giveBack(): void {
    for (const { bytes } of this.#segments) giveBack(bytes);
    this.#segments = [];
  }

  #find(start: number, end: number): { start: number; bytes: Buffer } | undefined {
    return this.#segments.find((one) => one.start <= start && end <= one.start + one.bytes.length);
  }

  #add(start: number, bytes: Buffer): void {
    const tail = this.#segments.find((one) => one.start === start + bytes.length);
    const whole = tail === undefined ? bytes : Buffer.concat([bytes, tail.bytes]);
    this.#segments = [...this.#segments.filter((one) => one !== tail), { start, bytes: whole }];
    if (start + whole.length === this.#size) this.#tailStart = start;
  }

  async #request(range: string): Promise<{ start: number; bytes: Buffer; size: number }> {
    const { url, filename, limits, signal } = this.#place;
    const fetched = await fetchBody(this.#client, {
      url,
      subject: `\`${filename}\``,
      headers: { range, "accept-encoding": "identity" },
      limit: limits.directoryBytes + limits.metadataBytes,
      signal,
      wants: (head) => head.status === 206 || (head.status === 200 && lengthOf(head) <= SMALL_FILE),
    });
    const { body, status } = fetched;
    if (status === 404 || status === 410) throw new FileGone();
    if (body === undefined) throw new NoRanges(status === 200);
    if (status === 200) return { start: 0, bytes: body, size: body.length };
    const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(
      fetched.headers.get("content-range") ?? "",
    );
    if (match === null) throw new NoRanges(false);
    const [start, last, size] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (last >= size || last - start + 1 !== body.length) throw new NoRanges(false);
    return { start, bytes: body, size };
  }
}

function lengthOf({ headers }: AnswerHead): number {
  const text = headers.get("content-length");
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

export function damaged(why: string): ThothError {
  return new ThothError("invalid-wheel", `the archive is not valid: ${why}`);
}
