// Files are replaced whole or not at all: written beside the old one under a temporary name, then renamed.
// Symbolic links are followed, so that the link stays.

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import {
  access,
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";

export interface ReplaceOptions {
  /** What the file held when its new content was made; undefined: it did not exist. */
  readonly expected?: Uint8Array | undefined;
  /** Check `expected` at all. */
  readonly compare?: boolean;
  /** Make missing folders. */
  readonly makeFolders?: boolean;
}

/** Pieces are asked for one after the other, as they are written. */
type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Replaces the content of `path`. Throws file-failed, or lock-out-of-date when the file is not as expected. */
export async function replaceFile(
  path: string,
  content: Content,
  options: ReplaceOptions = {},
): Promise<void> {
  const target = await followLinks(resolve(path));
  if (options.makeFolders === true) await mkdir(dirname(target), { recursive: true });
  const mode = await writableMode(target, path);
  const temporary = join(
    dirname(target),
    `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    await writeDurably(temporary, content, mode);
    if (options.compare === true) await mustBeAsExpected(target, path, options.expected);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof ThothError ? error : failure(path, error);
  }
}

/** Where a chain of links ends; its last part need not exist. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw failure(path, error);
  }
  const info = await lstat(path).catch(() => undefined);
  if (info?.isSymbolicLink() !== true) return path;
  const link = await readlink(path);
  return isAbsolute(link) ? link : join(dirname(path), link);
}

/** The mode to keep. A file that its owner made read-only is not replaced, even where the system would allow it. */
async function writableMode(target: string, shown: string): Promise<number> {
  const info = await stat(target).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined;
    throw failure(shown, error);
  });
  if (info === undefined) return 0o644;
  if (!info.isFile()) throw new ThothError("file-failed", `${quote(shown)} is no file`);
  const refused = (info.mode & 0o222) === 0 || (await isRefused(target));
  if (refused) {
    throw new ThothError("file-failed", `${quote(shown)} is read-only`, {
      hint: "Make it writable, or work on a copy.",
      details: { path: shown, reason: "read-only" },
    });
  }
  return info.mode & 0o777;
}

async function isRefused(target: string): Promise<boolean> {
  return access(target, constants.W_OK).then(
    () => false,
    () => true,
  );
}

async function writeDurably(path: string, content: Content, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, mode);
}

async function mustBeAsExpected(
  target: string,
  shown: string,
  expected: Uint8Array | undefined,
): Promise<void> {
  if (await holds(target, expected)) return;
  throw new ThothError(
    "lock-out-of-date",
    `${quote(shown)} was changed by another program meanwhile; nothing was written`,
    {
      hint: "Run the command again.",
      details: { path: shown },
    },
  );
}

/** Compared piece by piece: a notebook may be as large as the memory that is left. */
async function holds(target: string, expected: Uint8Array | undefined): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(target, "r");
  } catch (error) {
    if (isCode(error, "ENOENT")) return expected === undefined;
    throw error;
  }
  try {
    if (expected === undefined || (await file.stat()).size !== expected.length) return false;
    const piece = Buffer.alloc(1 << 20);
    for (let at = 0; at < expected.length; ) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (
        bytesRead === 0 ||
        Buffer.compare(piece.subarray(0, bytesRead), expected.subarray(at, at + bytesRead)) !== 0
      )
        return false;
      at += bytesRead;
    }
    return true;
  } finally {
    await file.close();
  }
}

const sentences: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be larger than this process may write",
  ENOENT: "its folder does not exist",
};

function failure(path: string, error: unknown): ThothError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = Object.hasOwn(sentences, code) ? sentences[code] : code || "it cannot be written";
  return new ThothError("file-failed", `${quote(path)} was not written: ${reason}; it is as it was`, {
    details: { path, reason: code },
    cause: error,
  });
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
