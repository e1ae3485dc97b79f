// Inspects a wheel before anything of it is unpacked: one archive with one meaning, members only where they
// belong, every file listed and hashed in RECORD, metadata of the release that was asked for. What an installer
// then unpacks is what was inspected.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/

import { open } from "node:fs/promises";
import { basename } from "node:path";
import {
  type ByteSource,
  type ContentRequest,
  checkMemberForm,
  exceeded,
  readMemberContent,
  readZipDirectory,
  type ZipDirectory,
  type ZipMember,
} from "@thoth/index";
import {
  type CoreMetadata,
  normalizeName,
  parseMetadata,
  parseWheelFilename,
  quote,
  ThothError,
  tryParseVersion,
} from "@thoth/pep";
import { disk } from "./temporary-folder.ts";
import {
  checkLayout,
  checkProgramName,
  checkRecordedPath,
  invalid,
  type WheelLayout,
} from "./wheel-layout.ts";
import { parseRecord, type RecordedFile } from "./wheel-record.ts";

/** What the index said of the wheel before it was fetched. */
export interface DeclaredMetadata {
  readonly requiresDist: readonly string[];
  readonly requiresPython: string | undefined;
}

export interface ExpectedWheel {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  /** Compared with the METADATA in the wheel when given. */
  readonly metadata?: DeclaredMetadata | undefined;
}

export interface WheelLimits {
  readonly members: number;
  readonly directoryBytes: number;
  /** Of all members, unpacked. */
  readonly unpackedBytes: number;
  /** Unpacked to packed; counts only above `freeBytes`. */
  readonly ratio: number;
  readonly freeBytes: number;
  /** Of each member of `.dist-info` that is read as a text. */
  readonly textBytes: number;
}

export const WHEEL_LIMITS: WheelLimits = {
  members: 500_000,
  directoryBytes: 128 << 20,
  unpackedBytes: 32 * 2 ** 30,
  ratio: 60,
  freeBytes: 192 << 20,
  textBytes: 16 << 20,
};

/** How many members are read at once: one inflates while another is hashed. */
const AT_ONCE = 4;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Throws invalid-wheel, path-escape, hash-mismatch, metadata-mismatch, invalid-metadata or limit-exceeded, each
 * with the file's name. Returns what METADATA says.
 */
export async function verifyWheel(
  path: string,
  expected: ExpectedWheel,
  limits: WheelLimits = WHEEL_LIMITS,
): Promise<CoreMetadata> {
  const file = await disk(path, () => open(path, "r"));
  try {
    const { size } = await file.stat();
    const { metadata, layout, record, reader } = await inspect(file, { size, expected, limits });
    await reader.checkAll(layout, record);
    return metadata;
  } catch (error) {
    throw named(error, expected.filename);
  } finally {
    await file.close();
  }
}

/** The text of METADATA of a wheel that was made here. Throws invalid-wheel, invalid-metadata or limit-exceeded. */
export async function readWheelMetadata(path: string): Promise<string> {
  const filename = parseWheelFilename(basename(path));
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const directory = await readZipDirectory(file, size, WHEEL_LIMITS);
    checkSizes(directory, size, WHEEL_LIMITS);
    const layout = checkLayout(directory.members, filename);
    return await new MemberReader(file, directory, WHEEL_LIMITS).text(layout, "METADATA");
  } finally {
    await file.close();
  }
}

/** A wheel whose form, list of files and metadata are right; of its files each is checked when it is read. */
export class InspectedWheel {
  readonly metadata: CoreMetadata;
  readonly distInfo: string;
  /** Members that are files, by their names. */
  readonly files: ReadonlyMap<string, ZipMember>;
  /** Of every file but RECORD and its signatures. */
  readonly record: ReadonlyMap<string, RecordedFile | undefined>;
  /** The text of `entry_points.txt`. */
  readonly entryPoints: string | undefined;
  readonly #reader: MemberReader;
  readonly #filename: string;

  constructor(parts: InspectedParts) {
    const { metadata, layout, record, entryPoints, reader, filename } = parts;
    this.metadata = metadata;
    this.distInfo = layout.distInfo;
    this.files = layout.files;
    this.record = record;
    this.entryPoints = entryPoints;
    this.#reader = reader;
    this.#filename = filename;
  }

  /**
   * Reads one file and compares it with RECORD, which is done when the promise is settled. Throws invalid-wheel or
   * hash-mismatch.
   */
  async read(name: string, request: Pick<ContentRequest, "take" | "takePacked" | "memory">): Promise<void> {
    const member = this.files.get(name);
    if (member === undefined) throw new Error("a member of another wheel");
    try {
      await this.#reader.checkFile(member, this.record.get(name), request);
    } catch (error) {
      throw named(error, this.#filename);
    }
  }
}

interface InspectedParts {
  readonly metadata: CoreMetadata;
  readonly layout: WheelLayout;
  readonly record: ReadonlyMap<string, RecordedFile | undefined>;
  readonly entryPoints: string | undefined;
  readonly reader: MemberReader;
  readonly filename: string;
}

/**
 * Inspects all of a wheel but the content of its files; `source` stays open for what is read of it later. Throws as
 * `verifyWheel`.
 */
export async function inspectWheel(
  source: ByteSource,
  size: number,
  expected: ExpectedWheel,
): Promise<InspectedWheel> {
  try {
    const parts = await inspect(source, { size, expected, limits: WHEEL_LIMITS });
    await parts.reader.checkFolders(parts.layout);
    return new InspectedWheel(parts);
  } catch (error) {
    throw named(error, expected.filename);
  }
}

interface Inspection {
  readonly size: number;
  readonly expected: ExpectedWheel;
  readonly limits: WheelLimits;
}

async function inspect(source: ByteSource, { size, expected, limits }: Inspection): Promise<InspectedParts> {
  const filename = parseWheelFilename(expected.filename);
  const directory = await readZipDirectory(source, size, limits);
  checkSizes(directory, size, limits);
  const layout = checkLayout(directory.members, filename);
  const reader = new MemberReader(source, directory, limits);
  const text = async (name: string) => await reader.text(layout, name);
  const record = parseRecord(await text("RECORD"));
  checkWheelFile(await text("WHEEL"));
  const metadata = parseMetadata(await text("METADATA"));
  checkIdentity(metadata, expected);
  const hasPrograms = layout.files.has(`${layout.distInfo}/entry_points.txt`);
  const entryPoints = hasPrograms ? await text("entry_points.txt") : undefined;
  if (entryPoints !== undefined) checkPrograms(entryPoints);
  checkRecord(layout, record);
  return { metadata, layout, record, entryPoints, reader, filename: expected.filename };
}

/** RECORD lists every file, and nothing that lies elsewhere. */
function checkRecord(layout: WheelLayout, record: InspectedParts["record"]): void {
  const unlisted = [`RECORD`, `RECORD.jws`, `RECORD.p7s`].map((name) => `${layout.distInfo}/${name}`);
  for (const name of layout.files.keys()) {
    if (record.get(name) === undefined && !unlisted.includes(name)) {
      throw invalid(`RECORD has no digest of ${quote(name)}`);
    }
  }
  for (const path of record.keys()) checkRecordedPath(path);
}

/** Only what the directory declares is ever produced, so its sums bound everything that follows. */
function checkSizes(directory: ZipDirectory, fileSize: number, limits: WheelLimits): void {
  let total = 0;
  let position = 0;
  for (const member of directory.members) {
    checkMemberForm(member);
    total += member.size;
    // A member whose header would lie within another one is told before anything is read.
    if (member.offset < position) throw invalid(`${quote(member.name)} overlaps another member`);
    position = member.offset + member.compressedSize;
  }
  if (total > limits.unpackedBytes) throw exceeded("unpackedBytes", limits.unpackedBytes, total);
  if (total > limits.freeBytes && total > limits.ratio * fileSize) {
    throw exceeded("ratio", limits.ratio, Math.round(total / fileSize));
  }
  if ((directory.members[0]?.offset ?? 0) !== 0) throw invalid("something precedes its first member");
}

/** https://packaging.python.org/en/latest/specifications/binary-distribution-format/#installing-a-wheel-distribution-1-0-py32-none-any-whl */
function checkWheelFile(text: string): void {
  const [, major] = /^Wheel-Version:\s*(\d{1,9})\.\d{1,9}\s*$/im.exec(text) ?? [];
  if (major === undefined) throw invalid("WHEEL does not say its version");
  if (Number(major) !== 1) throw invalid(`version ${major} of the wheel format is not known`);
}

function checkIdentity(metadata: CoreMetadata, expected: ExpectedWheel): void {
  const { name, version, metadata: declared } = expected;
  const wanted = tryParseVersion(version)?.text ?? version;
  if (metadata.name !== normalizeName(name)) throw mismatch("Name", name, metadata.displayName);
  if (metadata.version !== wanted) throw mismatch("Version", wanted, metadata.version);
  if (declared === undefined) return;
  const [said, says] = [declared.requiresDist, metadata.requiresDist].map((list) => [...list].sort());
  const index = says!.findIndex((line, position) => line !== said![position]);
  if (index !== -1 || says!.length !== said!.length) {
    throw mismatch("Requires-Dist", said!.at(index) ?? "nothing", says!.at(index) ?? "nothing");
  }
  if ((declared.requiresPython?.trim() || undefined) !== metadata.requiresPython) {
    throw mismatch(
      "Requires-Python",
      declared.requiresPython ?? "nothing",
      metadata.requiresPython ?? "nothing",
    );
  }
}

function mismatch(field: string, expected: string, found: string): ThothError {
  return new ThothError(
    "metadata-mismatch",
    `The METADATA in the wheel differ from what was expected: ${field} is ${quote(found)}, not ${quote(expected)}.`,
    { details: { field, expected: quote(expected), found: quote(found) } },
  );
}

/** Names of programs that an installer makes. https://packaging.python.org/en/latest/specifications/entry-points/ */
function checkPrograms(text: string): void {
  let programs = false;
  for (const raw of text.split(/\r?\n|\r/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (line.startsWith("[")) programs = /^\[\s*(?:console_scripts|gui_scripts)\s*\]/.test(line);
    else if (programs) checkProgramName(line.split(/[=:]/, 1)[0]!.trim());
  }
}

/** Adds the file to an error of the archive readers, which do not know its name. */
function named(error: unknown, filename: string): unknown {
  if (!(error instanceof ThothError)) return error;
  return new ThothError(error.code, `${quote(filename)} is refused. ${sentence(error.message)}`, {
    hint: error.hint ?? "Do not use this file; report it to the index that offers it.",
    details: { ...error.details, filename },
    cause: error,
  });
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return first.endsWith(".") ? first : `${first}.`;
}

/** Reads members with their checks; each knows where the next one begins. */
class MemberReader {
  private readonly file: ByteSource;
  private readonly limits: WheelLimits;
  private readonly ends = new Map<ZipMember, number>();

  constructor(file: ByteSource, directory: ZipDirectory, limits: WheelLimits) {
    this.file = file;
    this.limits = limits;
    for (const [index, member] of directory.members.entries()) {
      this.ends.set(member, directory.members[index + 1]?.offset ?? directory.start);
    }
  }

  async text(layout: WheelLayout, name: string): Promise<string> {
    const path = `${layout.distInfo}/${name}`;
    const member = layout.files.get(path);
    if (member === undefined) throw invalid(`${quote(path)} is missing`);
    if (member.size > this.limits.textBytes) throw exceeded(name, this.limits.textBytes, member.size);
    const content = await this.content(member, { algorithms: [], keep: true });
    try {
      return utf8.decode(content.bytes);
    } catch (cause) {
      throw new ThothError("invalid-metadata", `${quote(path)} is not UTF-8.`, { cause });
    }
  }

  /** Every file against RECORD. */
  async checkAll(layout: WheelLayout, record: ReadonlyMap<string, RecordedFile | undefined>): Promise<void> {
    const waiting = [...layout.files.values()].reverse();
    const folders = this.checkFolders(layout);
    const worker = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await this.checkFile(next, record.get(next.name));
      }
    };
    await Promise.all([...Array.from({ length: AT_ONCE }, worker), folders]);
  }

  async checkFile(
    member: ZipMember,
    row: RecordedFile | undefined,
    takers: Pick<ContentRequest, "take" | "takePacked" | "memory"> = {},
  ): Promise<void> {
    const algorithms = row === undefined ? [] : [row.algorithm];
    const content = await this.content(member, { algorithms, keep: false, ...takers });
    if (row === undefined) return;
    const found = content.digests.get(row.algorithm);
    if (found !== row.digest || (row.size !== undefined && row.size !== content.size)) {
      throw new ThothError(
        "hash-mismatch",
        `${quote(member.name)} in the wheel is not what its RECORD says.`,
        {
          details: { member: quote(member.name), expected: row.digest, found },
        },
      );
    }
  }

  /** Folders have headers too, which must agree. */
  async checkFolders(layout: WheelLayout): Promise<void> {
    for (const member of this.ends.keys()) {
      if (!layout.files.has(member.name)) await this.content(member, { algorithms: [], keep: false });
    }
  }

  private async content(member: ZipMember, request: ContentRequest) {
    return await readMemberContent(this.file, member, this.ends.get(member)!, request);
  }
}
