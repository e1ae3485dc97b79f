// One file that the user names by its URL and that may change there, such as an archive of advisories: brought to disk
// whole, or not at all where the server says that it is still the same. What is in it is the caller's business.

import { type FileHandle, open } from "node:fs/promises";
import type { Validators } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { conditions, validatorsOf } from "./cache-control.ts";
import { Credentials } from "./credentials.ts";
import { fileFailure, isFileError } from "./file-failure.ts";
import { type HttpAnswer, HttpClient, invalid } from "./http-client.ts";
import { parseIndexLocation } from "./index-location.ts";
import { DEFAULT_LIMITS, type IndexLimits } from "./limits.ts";
import { readNetrc } from "./netrc.ts";
import { type AnswerHead, Transport } from "./transport.ts";

export interface RemoteFileRequest {
  /** May carry credentials. */
  readonly url: string;
  /** What it is, for messages: `the archive of advisories`. */
  readonly subject: string;
  /** A path at which nothing is yet. */
  readonly target: string;
  /** Of the copy that is here already. */
  readonly known?: Validators | undefined;
  /** The most that is taken. */
  readonly bytes: number;
  /** For everything, further attempts included. */
  readonly seconds: number;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly certificate?: string | undefined;
  readonly trustedHosts?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** `total` where the server tells it. */
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined;
  readonly limits?: Partial<IndexLimits>;
}

export interface RemoteFile {
  /** `unchanged`: nothing was written. */
  readonly kind: "file" | "unchanged";
  readonly validators: Validators;
  /** Where redirects led, without credentials. */
  readonly url: string;
}

/**
 * Throws `usage` (no URL of http or https), `index-unreachable`, `unauthorized`, `index-response-invalid` (there is no such file,
 * or a redirection that may not be followed), `limit-exceeded`, `file-failed`, or the reason of the signal.
 */
export async function fetchRemoteFile(request: RemoteFileRequest): Promise<RemoteFile> {
  const location = parseIndexLocation(request.url, true);
  if (location.path !== undefined)
    throw new ThothError("usage", `${quote(request.url)} is no URL of http or https`);
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const transport = new Transport({
    variables: request.variables,
    certificate: request.certificate,
    trustedHosts: request.trustedHosts ?? [],
    connections: 1,
  });
  const credentials = new Credentials([location], () => readNetrc(request.variables));
  try {
    const file = await open(request.target, "wx", 0o600);
    try {
      return await fetchTo(file, request, {
        url: location.url,
        client: new HttpClient({ transport, credentials, limits }),
      });
    } finally {
      await file.close();
    }
  } catch (error) {
    throw isFileError(error) ? fileFailure(error, request.target) : error;
  } finally {
    await transport.close();
  }
}

interface Place {
  readonly url: string;
  readonly client: HttpClient;
}

async function fetchTo(
  file: FileHandle,
  request: RemoteFileRequest,
  { url, client }: Place,
): Promise<RemoteFile> {
  const { subject, known, signal, seconds } = request;
  const intake = new Intake(file, request);
  try {
    const answer = await client.get({
      url,
      subject,
      signal,
      seconds,
      headers: { accept: "*/*", "accept-encoding": "identity", ...conditions(known) },
      attempt: () => ({
        accept: (head) => (head.status === 200 ? intake.begin(head) : undefined),
      }),
    });
    const kind = kindOf(answer, request);
    await intake.finish();
    const validators = validatorsOf(answer, Math.floor(Date.now() / 1000));
    return { kind, validators: kind === "file" ? validators : { ...known, ...validators }, url: answer.url };
  } finally {
    await intake.settle();
  }
}

function kindOf({ status, url }: HttpAnswer, { subject, known }: RemoteFileRequest): RemoteFile["kind"] {
  if (status === 200) return "file";
  if (status === 304 && Object.keys(conditions(known)).length > 0) return "unchanged";
  throw invalid({ subject }, `is not there: ${quote(new URL(url).host)} answers ${status}`);
}

const BATCH = 1 << 20;

/** Writes one thing after the other, also where an attempt begins while the last one is still being written. */
class Intake {
  readonly #file: FileHandle;
  readonly #request: RemoteFileRequest;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #received = 0;
  #placed = 0;
  #total: number | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, request: RemoteFileRequest) {
    this.#file = file;
    this.#request = request;
  }

  /** An answer comes: whole, and so what came before is of no use. */
  begin({ headers }: AnswerHead) {
    const told = headers.get("content-length") ?? "";
    this.#total = /^\d{1,15}$/.test(told) ? Number(told) : undefined;
    if ((this.#total ?? 0) > this.#request.bytes) throw this.#tooLarge();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#received = 0;
    this.#placed = 0;
    this.#work = this.#work.catch(() => undefined).then(() => this.#file.truncate(0));
    return (chunk: Buffer) => this.#add(chunk);
  }

  #add(chunk: Buffer): Promise<void> | undefined {
    this.#received += chunk.length;
    if (this.#received > this.#request.bytes) throw this.#tooLarge();
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    return this.#waitingBytes < BATCH ? undefined : this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
  }

  /** Nothing is being written any more. */
  async settle(): Promise<void> {
    await this.#work.catch(() => undefined);
  }

  #flush(): Promise<void> {
    const chunks = this.#waiting;
    const position = this.#placed;
    const length = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#placed += length;
    if (length > 0) {
      this.#work = this.#work.then(async () => {
        const { bytesWritten } = await this.#file.writev(chunks, position);
        if (bytesWritten !== length)
          throw Object.assign(new Error("the disk is full"), { code: "ENOSPC", syscall: "write" });
      });
      this.#request.onProgress?.(this.#received, this.#total);
    }
    return this.#work;
  }

  #tooLarge(): ThothError {
    const { subject, bytes } = this.#request;
    return new ThothError("limit-exceeded", `The limit of ${bytes} bytes is exceeded by ${subject}.`, {
      details: { limit: "bytes", most: bytes },
    });
  }
}
