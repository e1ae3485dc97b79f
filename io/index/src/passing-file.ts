// A file of a release that is fetched whole to be read once. It has lost its name by then, so that nothing of it is left,
// however this process ends.

import { createHash } from "node:crypto";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { fileFailure, isFileError } from "./file-failure.ts";
import type { IndexLimits } from "./limits.ts";
import type { Sink } from "./transport.ts";
import { openWheelFile, type WheelArchive } from "./wheel-archive.ts";

export interface WholeFileRequest {
  readonly url: string;
  readonly filename: string;
  readonly sha256: string;
  /** The most bytes that are taken. */
  readonly most: number;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
}

/** `WebClient.receive`. */
export type Receive = (
  request: Pick<WholeFileRequest, "url" | "seconds" | "signal"> & {
    readonly subject: string;
    readonly limit: number;
  },
  take: Sink,
) => Promise<{ readonly status: number }>;

const BATCH = 1 << 20;

/** Undefined: there is no such file. Whoever gets it closes it. */
export async function fetchPassingFile(
  receive: Receive,
  request: WholeFileRequest,
): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await openNameless();
    if (await fillFile(file, receive, request)) return file;
    await file.close();
    return undefined;
  } catch (error) {
    await file?.close();
    throw isFileError(error) ? fileFailure(error, tmpdir()) : error;
  }
}

/** Undefined: there is no such wheel. */
export async function fetchPassingWheel(
  receive: Receive,
  wheel: WholeFileRequest,
  limits: IndexLimits,
): Promise<WheelArchive | undefined> {
  const file = await fetchPassingFile(receive, wheel);
  return file && (await openWheelFile(file, wheel.filename, limits));
}

async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-file-"));
  try {
    return await open(join(folder, "file"), "wx+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False: there is no such file. */
async function fillFile(file: FileHandle, receive: Receive, request: WholeFileRequest): Promise<boolean> {
  const { url, filename, sha256, most, seconds, signal } = request;
  const hash = createHash("sha256");
  let waiting: Buffer[] = [];
  let length = 0;
  const flush = async () => {
    const chunks = waiting;
    waiting = [];
    length = 0;
    if (chunks.length > 0) await file.writev(chunks);
  };
  const asked = { url, subject: quote(filename), limit: most, seconds, signal };
  const { status } = await receive(asked, (chunk) => {
    hash.update(chunk);
    waiting.push(chunk);
    length += chunk.length;
    return length < BATCH ? undefined : flush();
  });
  await flush();
  if (status === 404 || status === 410) return false;
  const found = hash.digest("hex");
  if (found === sha256) return true;
  throw new ThothError(
    "hash-mismatch",
    `What is sent as ${quote(filename)} is not what the index page promises.`,
    {
      details: { file: filename, algorithm: "sha256", expected: sha256, found },
    },
  );
}
