// What each layer holds, before any of it is written: every path once in the whole image, whoever brings it.

import type { InspectedWheel } from "@thoth/environment";
import { quote, ThothError } from "@thoth/pep";
import { FOLDER_TIME, folderRights } from "./image-folders.ts";
import type { LayerWriter } from "./layer-writer.ts";

export interface LayerFile {
  /** In the image, without a slash at its beginning. */
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  /** `sha256=…` as RECORD has it. */
  readonly hash: string;
  /** The package that brings it, or what else does. */
  readonly owner: string;
  readonly user?: number;
  /** Seconds since 1970; default: that of folders. */
  readonly time?: number | undefined;
  readonly source: { readonly bytes: Buffer } | WheelSource;
}

export interface WheelSource {
  readonly wheel: InspectedWheel;
  readonly member: InspectedMember;
}

type InspectedMember = NonNullable<ReturnType<InspectedWheel["files"]["get"]>>;

export interface LayerLink {
  readonly path: string;
  readonly link: string;
}

export interface LayerPlan {
  /** What it holds, in the history of the image. */
  readonly title: string;
  readonly files: readonly LayerFile[];
  readonly links?: readonly LayerLink[];
  /** Besides those in which something lies. */
  readonly folders?: readonly string[];
}

/** What is remembered of a file, of which an image may have a hundred thousand. */
type TakenFile = Pick<LayerFile, "path" | "mode" | "hash" | "owner">;

/** The paths that are taken. */
export class TakenPaths {
  /** By their paths as they are without the size of letters: of two that differ in that alone, one may be there. */
  readonly #files = new Map<string, TakenFile>();
  /** With one of the files in each. */
  readonly #folders = new Map<string, TakenFile>();

  /**
   * Those of the files that are new: what another package brings alike is there already. Throws `conflict` where two bring
   * different things to one path, or to two that differ only in the size of letters; `path-escape` and `invalid-wheel` for
   * one that no layer may have.
   */
  take(files: readonly LayerFile[]): readonly LayerFile[] {
    return files.filter(({ path, mode, hash, owner }) => this.#takeOne({ path, mode, hash, owner }));
  }

  #takeOne(file: TakenFile): boolean {
    checkPath(file);
    const folded = foldedPath(file.path);
    const known = this.#files.get(folded);
    if (known?.path === file.path && known.hash === file.hash && known.mode === file.mode) return false;
    const alike = known ?? this.#folders.get(file.path);
    if (alike !== undefined) throw conflict(alike, file);
    for (const folder of foldersAbove(file.path)) {
      // Those above a known one are known.
      if (this.#folders.has(folder)) break;
      const blocking = this.#files.get(foldedPath(folder));
      if (blocking?.path === folder) throw conflict(blocking, file);
      this.#folders.set(folder, file);
    }
    this.#files.set(folded, file);
    return true;
  }
}

/** What begins so in a layer removes what lies below it: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
const WHITEOUT = /(?:^|\/)\.wh\./;
/** Bytes of a path that Linux opens, without the root that it is unpacked in. */
const LONGEST_PATH = 3072;

function checkPath({ path, owner }: TakenFile): void {
  const isWhiteout = WHITEOUT.test(path);
  if (!isWhiteout && Buffer.byteLength(path) <= LONGEST_PATH) return;
  const why = isWhiteout ? "would remove what another layer has" : "is too long for a file";
  throw new ThothError(
    isWhiteout ? "path-escape" : "invalid-wheel",
    `${quote(owner)} has ${quote(`/${path}`)}, which ${why}.`,
    { details: { package: owner, path: quote(path) } },
  );
}

function foldedPath(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function conflict(first: TakenFile, second: TakenFile): ThothError {
  const paths =
    first.path === second.path
      ? quote(`/${second.path}`)
      : `${quote(`/${first.path}`)} and ${quote(`/${second.path}`)}`;
  const who =
    first.owner === second.owner
      ? `${quote(first.owner)} brings ${paths}, which cannot both be there`
      : `${quote(first.owner)} and ${quote(second.owner)} put different files at ${paths}`;
  return new ThothError("conflict", `${who}.`, {
    hint: "Leave one of them out, or take another release of it.",
    details: { paths: [first.path, second.path], packages: [first.owner, second.owner] },
  });
}

function* foldersAbove(path: string): Generator<string> {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) yield path.slice(0, at);
}

type Step =
  | { readonly path: string; readonly file: LayerFile }
  | { readonly path: string; readonly link: string }
  | { readonly path: string };

export interface LayerSettings {
  /** Nothing is of a later time; seconds since 1970. */
  readonly latest: number;
  /** For what is read of a wheel, again and again. */
  readonly memory: Buffer;
  readonly signal?: AbortSignal | undefined;
}

/** In the order of their paths, each folder before what lies in it. Throws what reading the wheels throws, or the signal's reason. */
export async function writeLayer(
  { files, links = [], folders = [] }: LayerPlan,
  writer: LayerWriter,
  { latest, memory, signal }: LayerSettings,
): Promise<void> {
  const time = Math.min(FOLDER_TIME, latest);
  const steps = new Map<string, Step>();
  for (const { path } of [...files, ...links, ...folders.map((path) => ({ path: `${path}/` }))])
    for (const folder of foldersAbove(path)) steps.set(folder, { path: folder });
  for (const link of links) steps.set(link.path, link);
  for (const file of files) steps.set(file.path, { path: file.path, file });
  for (const step of [...steps.values()].sort((left, right) => compare(left.path, right.path))) {
    signal?.throwIfAborted();
    if ("file" in step) {
      const ownTime = Math.min(step.file.time ?? time, latest);
      await writeFile(step.file, writer, { time: ownTime, memory });
    } else if ("link" in step)
      writer.add({ path: step.path, kind: "symlink", mode: 0o777, link: step.link, time });
    else writer.add({ path: step.path, kind: "folder", ...folderRights(step.path), time });
  }
}

async function writeFile(
  file: LayerFile,
  writer: LayerWriter,
  { time, memory }: { readonly time: number; readonly memory: Buffer },
): Promise<void> {
  const { path, mode, size, user = 0, source } = file;
  if ("bytes" in source) {
    writer.add({ path, kind: "file", mode, user, time }, source.bytes);
    return;
  }
  const { wheel, member } = source;
  await writer.addPacked(
    { path, kind: "file", mode, size, user, time },
    {
      crc: member.crc,
      isDeflated: member.method !== 0,
      read: async (take, takePacked) => await wheel.read(member.name, { take, takePacked, memory }),
    },
  );
}

/** By the numbers of their letters, whatever the language. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
