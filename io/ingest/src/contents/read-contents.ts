// What wheels hold, by the members that the reader of contents asks for: of a remote wheel only those are fetched.

import { basename } from "node:path";
import { contentsOf, type MemberReader } from "@thoth/artifact";
import { type ArtifactRequest, type IndexSession, openLocalWheel, type WheelArchive } from "@thoth/index";
import type { ContentsFact } from "@thoth/knowledge";

export interface ReadContentsOptions {
  /** Whether native files are read, which of most wheels that have them is nearly all of it. Default true. */
  readonly native?: boolean;
  /** Bytes of one member; of native files that are larger nothing but the name is told. Default 512 MiB. */
  readonly largest?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of one member. */
const LARGEST_MEMBER = 512 * 1024 * 1024;

/** A wheel on this machine. Throws `file-failed`, `invalid-wheel`, `invalid-metadata`, `limit-exceeded`. */
export async function readLocalContents(
  path: string,
  options: ReadContentsOptions = {},
): Promise<ContentsFact> {
  return await readAndClose(await openLocalWheel(path, basename(path)), options);
}

/** A wheel of an index. Throws as `IndexSession.openWheel`, and `invalid-metadata`. */
export async function readRemoteContents(
  session: IndexSession,
  file: ArtifactRequest,
  options: ReadContentsOptions = {},
): Promise<ContentsFact> {
  return await readAndClose(await session.openWheel(file, options.signal), options);
}

async function readAndClose(wheel: WheelArchive, options: ReadContentsOptions): Promise<ContentsFact> {
  try {
    return await readContents(wheel, options);
  } finally {
    await wheel.close();
  }
}

/** An open wheel; it stays open. Throws `invalid-wheel`, `invalid-metadata`, `limit-exceeded`. */
export async function readContents(
  wheel: WheelArchive,
  options: ReadContentsOptions = {},
): Promise<ContentsFact> {
  const { filename, size, members } = wheel;
  return await supplyMembers(
    wheel,
    contentsOf({ filename, size, members, native: options.native ?? true }),
    options,
  );
}

/** Gives a reader the members that it asks for, until it has its result. */
export async function supplyMembers<Result>(
  wheel: WheelArchive,
  reader: MemberReader<Result>,
  { signal, largest = LARGEST_MEMBER }: Pick<ReadContentsOptions, "signal" | "largest"> = {},
): Promise<Result> {
  const byName = new Map(wheel.members.map((member) => [member.name, member]));
  let step = reader.next();
  while (step.done !== true) {
    signal?.throwIfAborted();
    const member = byName.get(step.value);
    step = reader.next(member === undefined ? undefined : await wheel.read(member, largest));
  }
  return step.value;
}
