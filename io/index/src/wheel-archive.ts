// A wheel of which single members are read, whether it lies on this machine or at an index: one directory, one check of
// every member, and below them either a file or ranges. What is read of a remote one is not proven by its hash, which
// only the whole file could be: it tells what a release is, and never what is installed.

import { type FileHandle, open } from "node:fs/promises";
import { quote, ThothError } from "@thoth/pep";
import type { ByteSource } from "./byte-source.ts";
import { fileFailure, isFileError } from "./file-failure.ts";
import type { HttpClient } from "./http-client.ts";
import { DEFAULT_LIMITS, type IndexLimits } from "./limits.ts";
import { FileGone, NoRanges, RangedFile, type RangedPlace } from "./ranged-file.ts";
import { readZipDirectory, type ZipDirectory, type ZipMember } from "./zip-directory.ts";
import { checkMemberForm, readMemberContent } from "./zip-member.ts";

export interface WheelArchive {
  readonly filename: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Its files, in their order; two may have one name. */
  readonly members: readonly ZipMember[];
  /** The bytes of one of them, checked; undefined where it has more than `most`. Throws `invalid-wheel`. */
  read(member: ZipMember, most: number): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

const MOST_MEMBERS = 1_000_000;
/** Bytes of a remote wheel's end that are fetched first: its directory, and mostly the folder `.dist-info`. */
const TAIL = 128 * 1024;
/** Bytes that are fetched at once of a remote member. */
const WINDOW = 8 * 1024 * 1024;
const READ_AHEAD = 64 * 1024;

/** Throws `file-failed`, `invalid-wheel`, `limit-exceeded`. */
export async function openLocalWheel(
  path: string,
  filename: string,
  limits: IndexLimits = DEFAULT_LIMITS,
): Promise<WheelArchive> {
  try {
    return await openWheelFile(await open(path), filename, limits);
  } catch (error) {
    throw isFileError(error) ? fileFailure(error, path) : error;
  }
}

/** An open file, which is closed with the archive, or where it is none. Throws `invalid-wheel`, `limit-exceeded`. */
export async function openWheelFile(
  file: FileHandle,
  filename: string,
  limits: IndexLimits,
): Promise<WheelArchive> {
  try {
    const { size } = await file.stat();
    const directory = await readZipDirectory(file, size, directoryLimits(limits));
    const close = file.close.bind(file);
    return new Archive({ filename, size, source: file, directory, close });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Undefined where the server knows no ranges, or its parts make no archive that is small enough to be doubted. Throws as
 * `HttpClient.get`, `invalid-wheel`, `limit-exceeded`.
 */
export async function openRemoteWheel(
  client: HttpClient,
  place: RangedPlace,
): Promise<WheelArchive | undefined> {
  const file = new RangedFile(client, place);
  try {
    await file.fetchTail(Math.min(place.size ?? TAIL, TAIL));
    const source = new RangeSource(file);
    const directory = await readZipDirectory(source, file.size, directoryLimits(place.limits));
    const close = async () => file.giveBack();
    return new Archive({ filename: place.filename, size: file.size, source, directory, close });
  } catch (error) {
    file.giveBack();
    if (error instanceof NoRanges) return undefined;
    const isDamage = error instanceof ThothError && error.code === "invalid-wheel";
    if (isDamage && file.size <= place.limits.doubtedBytes) return undefined;
    throw error instanceof FileGone ? gone(place) : error;
  }
}

function directoryLimits({ directoryBytes }: IndexLimits) {
  return { members: MOST_MEMBERS, directoryBytes };
}

function gone({ filename }: RangedPlace): ThothError {
  return new ThothError("index-response-invalid", `${quote(filename)} is not where its index says.`, {
    details: { file: filename },
  });
}

interface Parts {
  readonly filename: string;
  readonly size: number;
  readonly source: ByteSource & { expect?(end: number): void };
  readonly directory: ZipDirectory;
  readonly close: () => Promise<void>;
}

class Archive implements WheelArchive {
  readonly filename: string;
  readonly size: number;
  readonly members: readonly ZipMember[];
  readonly #parts: Parts;
  /** Where each member ends. */
  readonly #ends: ReadonlyMap<ZipMember, number>;

  constructor(parts: Parts) {
    const { members, start } = parts.directory;
    this.#parts = parts;
    this.filename = parts.filename;
    this.size = parts.size;
    this.members = members.filter(({ directory }) => !directory);
    this.#ends = new Map(members.map((member, index) => [member, members[index + 1]?.offset ?? start]));
  }

  async read(member: ZipMember, most: number): Promise<Buffer | undefined> {
    if (member.size > most) return undefined;
    const end = this.#ends.get(member);
    if (end === undefined) throw new Error("a member of another archive");
    checkMemberForm(member);
    const { source } = this.#parts;
    source.expect?.(end);
    const request = { algorithms: [], keep: true };
    const { bytes } = await readMemberContent(source, member, end, request).catch((error: unknown) => {
      throw error instanceof NoRanges || error instanceof FileGone ? changed(this.filename) : error;
    });
    return bytes;
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }
}

function changed(filename: string): ThothError {
  return new ThothError("index-response-invalid", `${quote(filename)} changed while it was read.`, {
    details: { file: filename },
  });
}

/** The end of a remote file, which stays, and one window of the rest. */
class RangeSource implements ByteSource {
  readonly #file: RangedFile;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;
  /** Up to where what follows is known to be of use. */
  #expected = 0;

  constructor(file: RangedFile) {
    this.#file = file;
  }

  /** A member that ends at `end` is about to be read. */
  expect(end: number): void {
    this.#expected = end;
  }

  async read(buffer: Buffer, offset: number, length: number, position: number) {
    const { tailStart, size } = this.#file;
    if (position >= tailStart) {
      const bytes = this.#file.view(position, Math.min(size, position + length));
      return { bytesRead: bytes.copy(buffer, offset) };
    }
    if (position < this.#start || position >= this.#start + this.#window.length) {
      const wanted = Math.max(position + Math.max(length, READ_AHEAD), this.#expected);
      const end = Math.min(tailStart, wanted, position + WINDOW);
      this.#window = await this.#file.fetchPart(position, end);
      this.#start = position;
    }
    const at = position - this.#start;
    return { bytesRead: this.#window.copy(buffer, offset, at, Math.min(this.#window.length, at + length)) };
  }
}
