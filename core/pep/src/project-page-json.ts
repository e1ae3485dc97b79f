// Index pages as JSON: https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-based-simple-api-for-python-package-indexes.
// Pages of 40 MB exist, so entries are read once, without intermediate tables.

import { parseDigest } from "./digests.ts";
import { quote } from "./error.ts";
import { fieldOf, isTable, placeOf, type Table } from "./fields.ts";
import type { IndexFile, PageContext, PageStatus, ProjectPage } from "./index-file.ts";
import { parseJsonOfAnyDepth } from "./json.ts";
import {
  checkApiVersion,
  filenameWarning,
  PageWarnings,
  pageError,
  problemOfFilename,
  resolveFileUrl,
} from "./project-page-entry.ts";
import { quoteUrl } from "./url.ts";

export function readJsonPage(body: string, context: PageContext): ProjectPage {
  const page = parseJsonOfAnyDepth(
    body,
    placeOf("index-response-invalid", `The index page ${quoteUrl(context.url)}`),
  );
  if (!isTable(page)) throw pageError(context, "is not a JSON object");
  const warnings = new PageWarnings();
  const meta = fieldOf(page, "meta");
  const version = isTable(meta) ? fieldOf(meta, "api-version") : undefined;
  if (typeof version === "string") checkApiVersion(version, context, warnings);
  else warnings.add("The index does not say which version of the interface it speaks.");
  const files = readFiles(page, context, warnings);
  const versions = fieldOf(page, "versions");
  const name = fieldOf(page, "name");
  return {
    name: typeof name === "string" ? name : (context.name ?? ""),
    files,
    ...(Array.isArray(versions) ? { versions: versions.filter((item) => typeof item === "string") } : {}),
    status: readStatus(
      fieldOf(page, "project-status") ?? (isTable(meta) ? fieldOf(meta, "project-status") : undefined),
      warnings,
    ),
    tracks: readTexts(isTable(meta) ? fieldOf(meta, "tracks") : undefined),
    alternateLocations: readTexts(fieldOf(page, "alternate-locations")),
    warnings: warnings.list(),
  };
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** PEP 792 allows a table; the reference index once gave bare text. */
function readStatus(value: unknown, warnings: PageWarnings): PageStatus {
  const status = isTable(value) ? fieldOf(value, "status") : value;
  const reason = isTable(value) ? fieldOf(value, "reason") : undefined;
  return statusOf(status, typeof reason === "string" ? reason : undefined, warnings);
}

export function statusOf(status: unknown, reason: string | undefined, warnings: PageWarnings): PageStatus {
  const why = reason === undefined || reason === "" ? {} : { reason };
  if (status === undefined || status === "active") return { status: "active", ...why };
  if (status === "archived" || status === "quarantined" || status === "deprecated") return { status, ...why };
  warnings.add(`The index gives the project a status that is not known: ${quote(String(status))}.`);
  return { status: "active", ...why };
}

function readFiles(page: Table, context: PageContext, warnings: PageWarnings): readonly IndexFile[] {
  const entries = fieldOf(page, "files");
  if (!Array.isArray(entries)) throw pageError(context, "has no list of files");
  const files: IndexFile[] = [];
  for (let position = 0; position < entries.length; position++) {
    const entry: unknown = entries[position];
    // Of a long page most entries are garbage before the last one is read.
    entries[position] = undefined;
    const file = isTable(entry) ? readFile(entry, context) : "it is not a JSON object";
    if (typeof file !== "string") files.push(file);
    else {
      const filename = isTable(entry) ? fieldOf(entry, "filename") : undefined;
      warnings.add(filenameWarning(typeof filename === "string" ? filename : `files[${position}]`, file));
    }
  }
  if (files.length === 0 && entries.length > 0) {
    throw pageError(context, `has no usable file: ${warnings.list().at(-1)?.replace(/\.$/, "")}`);
  }
  return files;
}

/** The file, or what is wrong with the entry, which the parser made: no key is one of its prototype's. */
function readFile(entry: Table, context: PageContext): IndexFile | string {
  const filename = entry["filename"];
  if (typeof filename !== "string") return "it has no file name";
  const problem = problemOfFilename(filename);
  if (problem !== undefined) return problem;
  const reference = entry["url"];
  if (typeof reference !== "string") return "it has no URL";
  const url = resolveFileUrl(reference, context);
  if (url === undefined) return "its URL is not one of http or https";
  const hashes = readHashes(entry["hashes"] ?? undefined);
  if (typeof hashes === "string") return hashes;
  const requiresPython = entry["requires-python"] ?? "";
  if (typeof requiresPython !== "string") return "`requires-python` is not text";
  const yanked = entry["yanked"] ?? false;
  if (typeof yanked !== "boolean" && typeof yanked !== "string")
    return "`yanked` is neither boolean nor text";
  const file: { -readonly [Key in keyof IndexFile]: IndexFile[Key] } = {
    filename,
    url: withoutFragment(url),
    hashes,
    yanked: yanked === "" ? false : yanked,
    coreMetadata: readCoreMetadata(entry["core-metadata"] ?? entry["dist-info-metadata"]),
  };
  if (requiresPython !== "") file.requiresPython = requiresPython;
  const size = entry["size"];
  if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) file.size = size;
  const uploadTime = entry["upload-time"];
  if (typeof uploadTime === "string" && isTime(uploadTime)) file.uploadTime = uploadTime;
  const provenance = entry["provenance"];
  const provenanceUrl = typeof provenance === "string" ? resolveFileUrl(provenance, context) : undefined;
  if (provenanceUrl !== undefined) file.provenance = provenanceUrl;
  return file;
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
/** One on a day that every month has needs no calendar (a page of 10,746 files: 10 to 3 ms). */
const plainTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,12})?Z$/;

function isTime(text: string): boolean {
  if (plainTime.test(text)) return true;
  return isoTime.test(text) && !Number.isNaN(Date.parse(text));
}

function withoutFragment(url: string): string {
  const mark = url.indexOf("#");
  return mark === -1 ? url : url.slice(0, mark);
}

/** The digests, or what is wrong with them. A table that is not there is an entry without digests. */
function readHashes(value: unknown): Readonly<Record<string, string>> | string {
  if (value === undefined) return noHashes;
  if (!isTable(value)) return "`hashes` is not a table";
  const names = Object.keys(value);
  if (names.length === 1 && names[0] === "sha256") {
    const sha256 = parseDigest("sha256", value["sha256"]);
    return sha256 === undefined
      ? "its sha256 is not a digest"
      : (new OneDigest(sha256) as unknown as Readonly<Record<string, string>>);
  }
  const hashes: Record<string, string> = Object.create(null);
  for (const name of names) {
    const digest = parseDigest(name, value[name]);
    if (digest === undefined) return `its ${quote(name, 20)} is not a digest`;
    hashes[name] = digest;
  }
  return hashes;
}

/** As nearly all files have it: nothing is inherited, and yet it is no dictionary, which would cost four times as much. */
class OneDigest {
  readonly sha256: string;

  constructor(sha256: string) {
    this.sha256 = sha256;
  }
}
Object.setPrototypeOf(OneDigest.prototype, null);
Reflect.deleteProperty(OneDigest.prototype, "constructor");

const noHashes: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

function readCoreMetadata(value: unknown): boolean | string {
  if (!isTable(value)) return value === true;
  return parseDigest("sha256", fieldOf(value, "sha256")) ?? true;
}
