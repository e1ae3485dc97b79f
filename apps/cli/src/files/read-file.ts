// Files that a command line names, read whole and within bounds.

import { createReadStream, readFileSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { quote, ThothError } from "@thoth/pep";
import { isCode } from "./replace-file.ts";

/** Larger than any honest notebook or requirements file. */
const MAXIMUM_BYTES = 512 * 1024 * 1024;

/** Throws usage when the file does not exist, file-failed when it cannot be read, limit-exceeded. */
export async function readGivenFile(path: string, maximum = MAXIMUM_BYTES): Promise<Buffer> {
  try {
    const info = statSync(path);
    if (!info.isFile() && !info.isFIFO() && !info.isCharacterDevice()) {
      throw new ThothError("usage", `${quote(path)} is no file`, { details: { path } });
    }
    if (info.size > maximum) throw tooLarge(path, maximum);
    // A file at once: nothing else can be done meanwhile, and the promises of `node:fs` take 2 ms to load.
    return info.isFile() ? readFileSync(path) : await readStream(createReadStream(path), path, maximum);
  } catch (error) {
    throw error instanceof ThothError ? error : unreadable(path, error);
  }
}

/** A pipe, a terminal, a file or a socket: the last cannot be opened by name. */
export function readStandardInput(maximum = MAXIMUM_BYTES): Promise<Buffer> {
  return readStream(process.stdin, "standard input", maximum);
}

/** Of pipes and devices nobody knows the size before. */
async function readStream(stream: Readable, path: string, maximum: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > maximum) throw tooLarge(path, maximum);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** UTF-8 text; a byte order mark is dropped. */
export async function readGivenText(path: string, maximum = 64 * 1024 * 1024): Promise<string> {
  const bytes = await readGivenFile(path, maximum);
  return new TextDecoder().decode(bytes);
}

function tooLarge(path: string, maximum: number): ThothError {
  return new ThothError("limit-exceeded", `${quote(path)} is larger than ${maximum / 1_048_576} MiB`, {
    details: { path, limit: "file size", maximum },
  });
}

function unreadable(path: string, error: unknown): ThothError {
  if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) {
    return new ThothError("usage", `${quote(path)} does not exist`, { details: { path }, cause: error });
  }
  if (isCode(error, "EISDIR"))
    return new ThothError("usage", `${quote(path)} is a folder`, { details: { path } });
  if (isCode(error, "ERR_INVALID_ARG_VALUE"))
    return new ThothError("usage", `${quote(path)} is no file name`, { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new ThothError("file-failed", `${quote(path)} cannot be read: ${code}`, {
    details: { path, reason: code },
    cause: error,
  });
}
