// What TOML locks of several programs have in common: places of errors, digests, files, markers.

import { isKnownAlgorithm, parseDigest } from "./digests.ts";
import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  fieldError,
  fieldOf,
  type Place,
  placeOf,
  readAs,
  readCount,
  readTableList,
  readText,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import type { ForeignFile } from "./foreign-lock.ts";
import { type Marker, parseMarker } from "./marker.ts";
import { isValidName, normalizeName, type PackageName } from "./name.ts";
import { parseToml, TomlTime } from "./toml.ts";

const limits = { packages: 100_000, files: 2_000 } as const;

export interface LockTables {
  readonly table: Table;
  readonly place: Place;
  readonly packages: readonly { readonly table: Table; readonly place: Place }[];
}

/** The tables `package`. Throws invalid-lock with `details.path` or `details.line`, or limit-exceeded. */
export function readLockTables(text: string, filename: string): LockTables {
  const place = placeOf("invalid-lock", `The lock file ${quote(filename)}`);
  const table = parseToml(text, place);
  const tables = readTableList(table, "package", place) ?? [];
  checkLimit(tables.length, "packages", place);
  const at = within(place, "package");
  return {
    table,
    place,
    packages: tables.map((entry, position) => ({ table: entry, place: within(at, position) })),
  };
}

function checkLimit(count: number, limit: keyof typeof limits, place: Place): void {
  if (count <= limits[limit]) return;
  throw new ThothError("limit-exceeded", `${place.document} has more than ${limits[limit]} ${limit}.`, {
    details: { limit, allowed: limits[limit], path: place.path },
  });
}

export function readName(table: Table, key: string, place: Place): PackageName {
  return nameOf(requireText(table, key, place), within(place, key));
}

/** Of a package, a group or an extra. */
export function nameOf(text: string, place: Place): PackageName {
  if (isValidName(text)) return normalizeName(text);
  throw fieldError(place, `is ${quote(text)}, which is no valid name`);
}

/** The empty text is no condition. */
export function readMarkerText(table: Table, key: string, place: Place): Marker | undefined {
  const text = readText(table, key, place);
  return text === undefined || text.trim() === "" || text.trim() === "*"
    ? undefined
    : convert(text, parseMarker, within(place, key));
}

/** `sha256:…` as a table of one digest. */
export function readDigest(text: string, place: Place): Readonly<Record<string, string>> {
  const [algorithm = "", ...digits] = text.split(":");
  const digest = isKnownAlgorithm(algorithm) ? parseDigest(algorithm, digits.join(":")) : undefined;
  if (digest === undefined) throw fieldError(place, `is ${quote(text)}, which is no digest`);
  return { [algorithm]: digest };
}

/** Those of Poetry (`file`, `hash`), PDM (`file` or `url`, `hash`) and uv (`url` or `path`, `hash`, `size`). */
export function readFiles(table: Table, key: string, place: Place): readonly ForeignFile[] {
  const files = readTableList(table, key, place) ?? [];
  checkLimit(files.length, "files", within(place, key));
  return files.map((file, position) => readLockedFile(file, within(within(place, key), position)));
}

export function readLockedFile(table: Table, place: Place): ForeignFile {
  const time = fieldOf(table, "upload-time") ?? fieldOf(table, "upload_time");
  return compact<ForeignFile>({
    name: readAs(table, "file", place, checkedFilename) ?? readAs(table, "filename", place, checkedFilename),
    url: readText(table, "url", place),
    path: readText(table, "path", place),
    size: readCount(table, "size", place),
    uploadTime: time instanceof TomlTime ? time.text : uploadTime(time),
    hashes: readDigest(requireText(table, "hash", place), within(place, "hash")),
  });
}

/** One that is written in another way is not needed for anything. */
function uploadTime(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)?$/.test(value)
    ? value
    : undefined;
}

function checkedFilename(text: string): string {
  if (text !== "" && text.length <= 1000 && !/[\u0000-\u001f\u007f/\\]/.test(text)) return text;
  throw new ThothError("invalid-lock", `${quote(text)} is no name of a file`);
}
