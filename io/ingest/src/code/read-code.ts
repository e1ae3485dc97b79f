// A look at the code of a release that lies on this machine, as a wheel or a source distribution; nothing of it is run.

import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { codeOf, isCodeMember, type MemberReader, topFolder } from "@thoth/artifact";
import { openLocalWheel, TarScan, type WheelArchive } from "@thoth/index";
import type { CodeFact } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { type Analysers, analysePython } from "./run-analysers.ts";

const UNPACKED_BYTES = 2 * 1024 * 1024 * 1024;
/** Of a member, and of those that are kept together. */
const MEMBER_BYTES = 64 * 1024 * 1024;
const KEPT_BYTES = 512 * 1024 * 1024;

export interface ReadCodeOptions {
  /** Programs that look at it, too; none by default. */
  readonly analysers?: Analysers;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Our own findings, then those of the analysers. Throws `file-failed`, `invalid-wheel`, `invalid-metadata`, `limit-exceeded`,
 * `environment-failed`.
 */
export async function readLocalCode(path: string, options: ReadCodeOptions = {}): Promise<CodeFact> {
  const { analysers, signal } = options;
  const filename = basename(path);
  const files = /\.tar\.gz$|\.tgz$/.test(filename)
    ? await readTarCode(createReadStream(path), path, signal)
    : await readZipCode(path, signal);
  const own = codeIn(filename, files);
  if (analysers === undefined) return own;
  const members = membersOf(files);
  const top = topFolder({ filename, members });
  const python = new Map(
    [...files]
      .filter(([name]) => name.endsWith(".py"))
      .map(([name, content]) => [name.slice(top.length), content]),
  );
  const { findings = [], lines = own.lines } = await analysePython(python, analysers, signal);
  return { filename, lines, findings: [...own.findings, ...findings] };
}

/** Our own findings in an open wheel; it stays open. Throws `invalid-wheel`, `limit-exceeded`. */
export async function readCode(wheel: WheelArchive, signal?: AbortSignal): Promise<CodeFact> {
  return codeIn(wheel.filename, await codeMembers(wheel, signal));
}

/** The same in a source distribution, a `.tar.gz` that `packed` gives. Throws `invalid-metadata`, `limit-exceeded`, `file-failed`. */
export async function readSdistCode(
  packed: Readable,
  filename: string,
  signal?: AbortSignal,
): Promise<CodeFact> {
  return codeIn(filename, await readTarCode(packed, filename, signal));
}

type Files = ReadonlyMap<string, Buffer>;

function codeIn(filename: string, files: Files): CodeFact {
  return supplyAtOnce(codeOf({ filename, members: membersOf(files) }), files);
}

function membersOf(files: Files) {
  return Array.from(files, ([name, content]) => ({ name, size: content.length }));
}

/** The code of a wheel, or of a source distribution of that form, by path. */
async function readZipCode(path: string, signal?: AbortSignal): Promise<Files> {
  const archive = await openLocalWheel(path, basename(path));
  try {
    return await codeMembers(archive, signal);
  } finally {
    await archive.close();
  }
}

async function codeMembers(archive: WheelArchive, signal?: AbortSignal): Promise<Files> {
  const files = new Map<string, Buffer>();
  let kept = 0;
  for (const member of archive.members) {
    signal?.throwIfAborted();
    if (!isCodeMember(member.name)) continue;
    const content = await archive.read(member, MEMBER_BYTES);
    kept += content?.length ?? 0;
    if (kept > KEPT_BYTES) throw exceeded();
    if (content !== undefined) files.set(member.name, content);
  }
  return files;
}

/** The code of a source distribution, by path. */
async function readTarCode(packed: Readable, path: string, signal?: AbortSignal): Promise<Files> {
  const scan = new TarScan(isCodeMember, { bytes: UNPACKED_BYTES, memberBytes: MEMBER_BYTES });
  const files = new Map<string, Buffer>();
  let kept = 0;
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    for await (const chunk of unpacked) {
      signal?.throwIfAborted();
      scan.add(chunk as Buffer);
      for (const [name, content] of scan.found) {
        files.set(name, content);
        kept += content.length;
      }
      scan.found.clear();
      if (kept > KEPT_BYTES) throw exceeded();
      if (scan.ended) break;
    }
    return files;
  } catch (error) {
    throw failureOf(error, path);
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

function failureOf(error: unknown, path: string): unknown {
  if (error instanceof ThothError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (/^Z_/.test(code))
    return new ThothError("invalid-metadata", `The archive ${quote(basename(path))} is damaged.`, {
      cause: error,
    });
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new ThothError("file-failed", `${quote(path)} cannot be read.`, { cause: error });
}

function supplyAtOnce<Result>(reader: MemberReader<Result>, files: ReadonlyMap<string, Uint8Array>): Result {
  let step = reader.next();
  while (step.done !== true) step = reader.next(files.get(step.value));
  return step.value;
}

function exceeded(): ThothError {
  return new ThothError(
    "limit-exceeded",
    `The archive exceeds the limit of ${KEPT_BYTES} for bytes of code.`,
    {
      details: { limit: "bytes", most: KEPT_BYTES },
    },
  );
}
