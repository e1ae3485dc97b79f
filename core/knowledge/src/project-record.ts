// One project's page on one index as a compact binary record: columns of small integers for what every
// resolution reads (tags, Python bounds, dates, yanks), text that is sliced only when somebody asks for it.
// Releases are ordered newest first (PEP 440), files within a release as on the page.

import { type PackageName, parseVersion, type Version, type VersionSequence } from "@thoth/pep";
import { FileBlock } from "./file-block.ts";
import {
  FILES_PER_BLOCK,
  HEAD,
  HEAD_MAGIC,
  HEAD_WORDS,
  type HeadCounts,
  type HeadOffsets,
  headOffsets,
  LAYOUT_VERSION,
  NONE,
  RELEASE,
  type RecordLists,
} from "./record-layout.ts";

export interface ProjectStatus {
  readonly status: "active" | "archived" | "quarantined" | "deprecated";
  readonly reason?: string;
}

/** Columns by release, newest first; hot loops read them as they are. */
export interface ReleaseColumns {
  /** Files of release r are [firstFile[r], firstFile[r + 1]). */
  readonly firstFile: Uint32Array;
  /** First and last known upload of the files in seconds since 1970; 0 when none is known. */
  readonly earliest: Uint32Array;
  readonly latest: Uint32Array;
  /** Which series of tag sets the files have. */
  readonly shape: Uint32Array;
  /** Where all files agree: index into requiresPythonTexts, or NO_BOUND. */
  readonly python: Uint16Array;
  /** Bits of RELEASE. */
  readonly flags: Uint8Array;
}

/** Instead of an index into requiresPythonTexts. */
export const NO_BOUND = NONE;

/** Gives the bytes of block `block` of a record whose head alone was loaded. */
export type LoadBlock = (block: number) => Uint8Array | undefined;

const decoder = new TextDecoder();

/**
 * Read access to an encoded record; decoding costs the header only. Made from the whole record, or from its
 * head and a way to load the blocks of file particulars. Throws a plain Error on damaged bytes: see
 * `readProject` for bytes that may be.
 */
export class ProjectRecord {
  readonly bytes: Uint8Array;
  readonly releaseCount: number;
  readonly fileCount: number;
  /** Blocks of file particulars; what `splitProject` returns after the head. */
  readonly blockCount: number;
  readonly releases: ReleaseColumns;
  /** Tag sets of the shapes, one after the other. */
  readonly series: Uint16Array;
  readonly #loadBlock: LoadBlock | undefined;
  readonly #offsets: HeadOffsets;
  readonly #headLength: number;
  readonly #releaseRanks: Float64Array;
  readonly #versionEnd: Uint32Array;
  readonly #shapeEnd: Uint32Array;
  readonly #blockEnd: Uint32Array;
  readonly #interpreter: Uint16Array;
  readonly #platform: Uint16Array;
  readonly #versions: Version[] = [];
  readonly #blocks: FileBlock[] = [];
  #versionTexts: string | undefined;
  #lists: RecordLists | undefined;

  constructor(bytes: Uint8Array, loadBlock?: LoadBlock) {
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const fault = findFault(aligned, loadBlock !== undefined);
    if (fault !== undefined) throw new Error(`damaged project record: ${fault}`);
    const head = new Uint32Array(aligned.buffer, aligned.byteOffset, HEAD_WORDS);
    this.bytes = aligned;
    this.releaseCount = head[HEAD.releases]!;
    this.fileCount = head[HEAD.files]!;
    this.blockCount = head[HEAD.blocks]!;
    this.#headLength = head[HEAD.headLength]!;
    this.#loadBlock = aligned.length >= head[HEAD.totalLength]! ? undefined : loadBlock;
    const counts = countsOf(head);
    const offsets = headOffsets(counts);
    const { buffer, byteOffset } = aligned;
    const words = (start: number, length: number) => new Uint32Array(buffer, byteOffset + start, length);
    this.#offsets = offsets;
    this.#releaseRanks = new Float64Array(buffer, byteOffset + offsets.releaseRank, counts.releases);
    this.#versionEnd = words(offsets.versionEnd, counts.releases);
    this.#shapeEnd = words(offsets.shapeEnd, counts.shapes);
    this.#blockEnd = words(offsets.blockEnd, counts.blocks);
    const halves = (start: number, length: number) => new Uint16Array(buffer, byteOffset + start, length);
    this.series = halves(offsets.series, counts.series);
    this.#interpreter = halves(offsets.interpreter, counts.tagSets);
    this.#platform = halves(offsets.platform, counts.tagSets);
    this.releases = {
      firstFile: words(offsets.firstFile, counts.releases + 1),
      earliest: words(offsets.earliest, counts.releases),
      latest: words(offsets.latest, counts.releases),
      shape: words(offsets.shape, counts.releases),
      python: halves(offsets.python, counts.releases),
      flags: aligned.subarray(offsets.flags, offsets.flags + counts.releases),
    };
  }

  get name(): PackageName {
    return this.#list().name as PackageName;
  }

  /** URL of the index that owns the project, without credentials. */
  get index(): string {
    return this.#list().index;
  }

  get status(): ProjectStatus {
    const { status, reason } = this.#list();
    return reason === undefined ? ({ status } as ProjectStatus) : ({ status, reason } as ProjectStatus);
  }

  /** PEP 708: the projects on other indexes that this one says it extends. */
  get tracks(): readonly string[] {
    return this.#list().tracks ?? [];
  }

  /** PEP 708: other indexes on which the same project lives. */
  get alternateLocations(): readonly string[] {
    return this.#list().alternateLocations ?? [];
  }

  /** Distinct Python and ABI tags of wheels, compressed: `cp311-cp311`, `py2.py3-none`. */
  get interpreters(): readonly string[] {
    return this.#list().interpreters;
  }

  /** Distinct platform tags of wheels, compressed: `manylinux_2_17_x86_64.manylinux2014_x86_64`. */
  get platforms(): readonly string[] {
    return this.#list().platforms;
  }

  /** Distinct Requires-Python texts. */
  get requiresPythonTexts(): readonly string[] {
    return this.#list().requiresPython;
  }

  /** Canonical PEP 440 text. */
  versionText(release: number): string {
    this.#versionTexts ??= this.#versionTextColumn();
    const start = release === 0 ? 0 : this.#versionEnd[release - 1];
    return this.#versionTexts.slice(start, this.#versionEnd[release]);
  }

  version(release: number): Version {
    const known = this.#versions[release];
    if (known !== undefined) return known;
    const version = parseVersion(this.versionText(release));
    this.#versions[release] = version;
    return version;
  }

  /** All versions, newest first, each read when it is asked for. */
  get versions(): VersionSequence {
    return {
      length: this.releaseCount,
      at: (release) => this.version(release),
      releaseRanks: this.#releaseRanks,
    };
  }

  /** A pre-release or development release. */
  isPrerelease(release: number): boolean {
    return (this.releases.flags[release]! & RELEASE.prerelease) !== 0;
  }

  /** Number of different shapes: series of tag sets that the files of a release have. */
  get shapeCount(): number {
    return this.#shapeEnd.length;
  }

  /** A shape has the tag sets series[p] for p in [seriesStart(s), seriesStart(s + 1)), in the order of the files. */
  seriesStart(shape: number): number {
    return shape === 0 ? 0 : this.#shapeEnd[shape - 1]!;
  }

  /** Number of different tag sets; an sdist counts as having one. */
  get tagSetCount(): number {
    return this.#interpreter.length;
  }

  /** Index into interpreters, or -1 for that of an sdist. */
  interpreterOf(tagSet: number): number {
    const interpreter = this.#interpreter[tagSet]!;
    return interpreter === NONE ? -1 : interpreter;
  }

  /** Such as `cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64`; undefined for that of an sdist. */
  tagSetText(tagSet: number): string | undefined {
    const interpreter = this.interpreterOf(tagSet);
    return interpreter < 0
      ? undefined
      : `${this.interpreters[interpreter]}-${this.platforms[this.#platform[tagSet]!]}`;
  }

  /** Files of a release are [firstFile(r), firstFile(r + 1)). */
  firstFile(release: number): number {
    return this.releases.firstFile[release]!;
  }

  /** The release that a file belongs to. */
  releaseOf(file: number): number {
    let low = 0;
    let high = this.releaseCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firstFile(middle) <= file) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  isSdist(file: number): boolean {
    return this.interpreterOf(this.#tagSetOf(file)) < 0;
  }

  /** Python and ABI tags of a wheel, compressed; undefined for an sdist. */
  interpreter(file: number): string | undefined {
    return this.interpreters[this.interpreterOf(this.#tagSetOf(file))];
  }

  /** Compressed tag set; undefined for an sdist. */
  tagSet(file: number): string | undefined {
    return this.tagSetText(this.#tagSetOf(file));
  }

  /** Index into requiresPythonTexts, or NO_BOUND. */
  pythonBoundOf(file: number): number {
    return this.#block(file).python(file % FILES_PER_BLOCK);
  }

  requiresPython(file: number): string | undefined {
    return this.requiresPythonTexts[this.pythonBoundOf(file)];
  }

  /** Seconds since 1970, or 0 when unknown. */
  uploadTime(file: number): number {
    return this.#block(file).uploadTime(file % FILES_PER_BLOCK);
  }

  isYanked(file: number): boolean {
    return this.#block(file).isYanked(file % FILES_PER_BLOCK);
  }

  /**
   * Eight bytes that stand for the file's content within this project: a new hash is a new file. Not against
   * forgers: whoever serves a project's page decides about its metadata anyway.
   */
  fingerprint(file: number): Uint8Array {
    return this.#block(file).fingerprint(file % FILES_PER_BLOCK);
  }

  yankReason(file: number): string | undefined {
    return this.#block(file).rare.yankReasons?.[file % FILES_PER_BLOCK];
  }

  filename(file: number): string {
    return this.#block(file).filename(file % FILES_PER_BLOCK);
  }

  url(file: number): string {
    return this.#block(file).url(file % FILES_PER_BLOCK);
  }

  /** Lower-case hexadecimal. */
  sha256(file: number): string | undefined {
    return this.#block(file).sha256(file % FILES_PER_BLOCK);
  }

  hashes(file: number): Readonly<Record<string, string>> {
    return this.#block(file).hashes(file % FILES_PER_BLOCK);
  }

  size(file: number): number | undefined {
    return this.#block(file).size(file % FILES_PER_BLOCK);
  }

  /** PEP 658: `true` when offered without a hash, a SHA-256 when offered with one. */
  coreMetadata(file: number): boolean | string {
    return this.#block(file).coreMetadata(file % FILES_PER_BLOCK);
  }

  /** PEP 740: URL of the attestations. */
  provenance(file: number): string | undefined {
    return this.#block(file).rare.provenance?.[file % FILES_PER_BLOCK];
  }

  /** Bytes of one block, from the record itself or from where the head came from. */
  blockBytes(block: number): Uint8Array {
    if (this.#loadBlock !== undefined) {
      const loaded = this.#loadBlock(block);
      if (loaded === undefined) throw new Error(`block ${block} of project record ${this.name} is gone`);
      return loaded;
    }
    const start = this.#headLength + (block === 0 ? 0 : this.#blockEnd[block - 1]!);
    return this.bytes.subarray(start, this.#headLength + this.#blockEnd[block]!);
  }

  /** The record's head alone, as a store keeps it beside the blocks. */
  headBytes(): Uint8Array {
    return this.bytes.subarray(0, this.#headLength);
  }

  #tagSetOf(file: number): number {
    const release = this.releaseOf(file);
    return this.series[this.seriesStart(this.releases.shape[release]!) + file - this.firstFile(release)]!;
  }

  #block(file: number): FileBlock {
    const index = Math.floor(file / FILES_PER_BLOCK);
    const known = this.#blocks[index];
    if (known !== undefined) return known;
    const block = new FileBlock(this.blockBytes(index));
    this.#blocks[index] = block;
    return block;
  }

  #versionTextColumn(): string {
    const start = this.#offsets.versionText;
    return decoder.decode(this.bytes.subarray(start, start + (this.#versionEnd[this.releaseCount - 1] ?? 0)));
  }

  #list(): RecordLists {
    if (this.#lists !== undefined) return this.#lists;
    const head = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, HEAD_WORDS);
    const start = this.#offsets.versionText + head[HEAD.versionTextLength]!;
    const text = decoder.decode(this.bytes.subarray(start, start + head[HEAD.listsLength]!));
    this.#lists = JSON.parse(text) as RecordLists;
    return this.#lists;
  }
}

function countsOf(head: Uint32Array): HeadCounts {
  return {
    releases: head[HEAD.releases]!,
    blocks: head[HEAD.blocks]!,
    shapes: head[HEAD.shapes]!,
    series: head[HEAD.series]!,
    tagSets: head[HEAD.tagSets]!,
  };
}

/** Why these bytes are no record, or undefined. Lengths and the order of columns are checked, not their content. */
function findFault(bytes: Uint8Array, headSuffices: boolean): string | undefined {
  if (bytes.length < HEAD_WORDS * 4) return "too short";
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset, HEAD_WORDS);
  if (head[HEAD.magic] !== HEAD_MAGIC) return "wrong magic number";
  if (head[HEAD.layout] !== LAYOUT_VERSION) return "another layout version";
  const headLength = head[HEAD.headLength]!;
  const wanted = headSuffices ? [headLength, head[HEAD.totalLength]!] : [head[HEAD.totalLength]!];
  if (!wanted.includes(bytes.length)) return "wrong length";
  const offsets = headOffsets(countsOf(head));
  const end = offsets.versionText + head[HEAD.versionTextLength]! + head[HEAD.listsLength]!;
  return end > headLength || headLength - end > 7 ? "columns do not fit" : undefined;
}

/** The record in `bytes`, or undefined when they are damaged or of another layout. */
export function readProject(bytes: Uint8Array, loadBlock?: LoadBlock): ProjectRecord | undefined {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  return findFault(aligned, loadBlock !== undefined) === undefined
    ? new ProjectRecord(aligned, loadBlock)
    : undefined;
}
