// What an index says of a file beside the file itself: right by default, wrong where a test wants it so.

import { createHash } from "node:crypto";
import type { Artifact } from "./wheel.ts";

export interface OfferedFile {
  readonly artifact: Artifact;
  /** Default: the METADATA's field. Null: the index does not say. */
  readonly requiresPython?: string | null;
  /** RFC 3339. Default {@link UPLOAD_TIME}; null: the index does not say. */
  readonly uploadTime?: string | null;
  readonly yanked?: boolean | string;
  /** The SHA-256 that the index claims, in hex; null: none. */
  readonly sha256?: string | null;
  /** The size that the index claims; null: none. */
  readonly size?: number | null;
  /** Where the index says that the file lies. */
  readonly url?: string;
  /** The file name that the index gives. */
  readonly filename?: string;
  /** What the PEP 658 file holds instead of the METADATA; null: the index has none for this file. */
  readonly metadataText?: string | null;
  /** The SHA-256 that the index claims for it; true: it is there, without a hash. */
  readonly metadataSha256?: string | true;
  /** Fields of the JSON entry that replace or join the others. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A file that was made, alone or with what the index says of it. */
export type Offer = Artifact | OfferedFile;

export interface OfferedProject {
  readonly files: readonly Offer[];
  /** PEP 792. */
  readonly status?: { readonly status: string; readonly reason?: string };
}

/** An offer with every default filled in. */
export interface Entry {
  readonly filename: string;
  readonly url: string | undefined;
  readonly bytes: Uint8Array;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly requiresPython: string | null;
  readonly uploadTime: string | null;
  readonly yanked: boolean | string;
  readonly metadata: { readonly text: string; readonly sha256: string | true } | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const UPLOAD_TIME = "2024-03-24T00:00:00.000000Z";

export function entryOf(offer: Offer): Entry {
  const file: OfferedFile = "artifact" in offer ? offer : { artifact: offer };
  const { artifact } = file;
  return {
    filename: file.filename ?? artifact.filename,
    url: file.url,
    bytes: artifact.bytes,
    sha256: file.sha256 === undefined ? sha256(artifact.bytes) : file.sha256,
    size: file.size === undefined ? artifact.bytes.length : file.size,
    requiresPython: file.requiresPython === undefined ? declaredPython(artifact) : file.requiresPython,
    uploadTime: file.uploadTime === undefined ? UPLOAD_TIME : file.uploadTime,
    yanked: file.yanked ?? false,
    metadata: metadataOf(file),
    fields: file.fields ?? {},
  };
}

/** Only wheels have a metadata file beside them. */
function metadataOf({ artifact, metadataText, metadataSha256 }: OfferedFile): Entry["metadata"] {
  if (metadataText === null) return undefined;
  if (metadataText === undefined && !artifact.filename.endsWith(".whl")) return undefined;
  const text = metadataText ?? artifact.metadata;
  return { text, sha256: metadataSha256 ?? sha256(Buffer.from(text, "utf8")) };
}

function declaredPython({ metadata }: Artifact): string | null {
  return /^Requires-Python: (.*)$/m.exec(metadata)?.[1] ?? null;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
