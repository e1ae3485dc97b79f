// Makes wheels in memory: correct by default (METADATA, WHEEL, RECORD), and wrong in exactly the ways asked for.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/

import { createHash } from "node:crypto";
import { type Declared, formatMetadata } from "./metadata-text.ts";
import type { Compressed } from "./zeros.ts";
import { bytesOf, makeZip, type ZipMember } from "./zip-writer.ts";

/** A file that an index offers. */
export interface Artifact {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** What the METADATA (or PKG-INFO) in it says. */
  readonly metadata: string;
}

export interface RecordRow {
  readonly path: string;
  /** `sha256=…` in unpadded URL-safe base 64; empty for RECORD itself. */
  readonly hash: string;
  readonly size: string;
}

export interface WheelOptions extends Declared {
  /** Default `py3-none-any`. */
  readonly tag?: string;
  /** Beside METADATA, WHEEL and RECORD; default one module that says the version. */
  readonly files?: Readonly<Record<string, string | Uint8Array | Compressed>>;
  /** The whole METADATA instead of the one made of the fields; null leaves the member out. */
  readonly metadataText?: string | Uint8Array | null;
  readonly wheelText?: string;
  readonly entryPoints?: string;
  /** Changes RECORD; null leaves the member out. */
  readonly record?: ((rows: readonly RecordRow[]) => readonly RecordRow[]) | null;
  /** Members added as they are, unknown to RECORD. */
  readonly members?: readonly ZipMember[];
  /** Changes the members before they are written. */
  readonly rewrite?: (members: readonly ZipMember[]) => readonly ZipMember[];
  /** The file name instead of the right one. */
  readonly filename?: string;
  /** The `.dist-info` folder's name without its ending. */
  readonly distInfo?: string;
}

export function buildWheel(options: WheelOptions): Artifact {
  const tag = options.tag ?? "py3-none-any";
  const stem = `${fileName(options.name)}-${options.version.replaceAll("-", "_")}`;
  const folder = `${options.distInfo ?? stem}.dist-info`;
  const metadata = formatMetadata(options);
  const members: ZipMember[] = Object.entries(options.files ?? moduleOf(options)).map(([name, data]) => ({
    name,
    data,
  }));
  if (options.metadataText !== null) {
    members.push({ name: `${folder}/METADATA`, data: options.metadataText ?? metadata });
  }
  members.push({ name: `${folder}/WHEEL`, data: options.wheelText ?? wheelText(tag) });
  if (options.entryPoints !== undefined) {
    members.push({ name: `${folder}/entry_points.txt`, data: options.entryPoints });
  }
  if (options.record !== null) members.push(recordOf(members, `${folder}/RECORD`, options.record));
  members.push(...(options.members ?? []));
  return {
    filename: options.filename ?? `${stem}-${tag}.whl`,
    bytes: makeZip(options.rewrite?.(members) ?? members),
    metadata: typeof options.metadataText === "string" ? options.metadataText : metadata,
  };
}

/** The RECORD member that lists `members` and itself. */
function recordOf(members: readonly ZipMember[], path: string, change: WheelOptions["record"]): ZipMember {
  const rows = [...members.map(rowOf), { path, hash: "", size: "" }];
  const text = (change?.(rows) ?? rows).map((row) => `${csv(row.path)},${row.hash},${row.size}\n`);
  return { name: path, data: text.join("") };
}

function rowOf({ name, data }: ZipMember): RecordRow {
  const path = typeof name === "string" ? name : Buffer.from(name).toString("utf8");
  if (typeof data === "object" && "deflated" in data) {
    return { path, hash: `sha256=${"A".repeat(43)}`, size: String(data.size) };
  }
  const bytes = bytesOf(data);
  return {
    path,
    hash: `sha256=${createHash("sha256").update(bytes).digest("base64url")}`,
    size: String(bytes.length),
  };
}

function csv(path: string): string {
  return /[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

function moduleOf({ name, version }: Declared): Record<string, string> {
  const folder = fileName(name).toLowerCase();
  return { [`${folder}/__init__.py`]: `__version__ = ${JSON.stringify(version)}\n` };
}

function wheelText(tag: string): string {
  const [python = "", abi = "", platform = ""] = tag.split("-");
  const tags = python
    .split(".")
    .flatMap((one) =>
      abi.split(".").flatMap((two) => platform.split(".").map((three) => `Tag: ${one}-${two}-${three}`)),
    );
  const pure = abi === "none" && platform === "any";
  return `Wheel-Version: 1.0\nGenerator: thoth-testkit\nRoot-Is-Purelib: ${pure}\n${tags.join("\n")}\n`;
}

/** A project's name as file names spell it. */
export function fileName(name: string): string {
  return name.replace(/[-_.]+/g, "_");
}
