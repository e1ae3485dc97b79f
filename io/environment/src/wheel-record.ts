// RECORD: the list of a wheel's files with their digests.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file

import { quote } from "@thoth/pep";
import { invalid } from "./wheel-layout.ts";

export interface RecordedFile {
  readonly algorithm: string;
  /** Base 64 for URLs, without padding. */
  readonly digest: string;
  readonly size: number | undefined;
}

const ALGORITHMS: ReadonlySet<string> = new Set(["sha256", "sha384", "sha512"]);

/** By path; undefined for rows without a digest. Throws invalid-wheel. */
export function parseRecord(text: string): ReadonlyMap<string, RecordedFile | undefined> {
  const rows = new Map<string, RecordedFile | undefined>();
  for (const fields of readRows(text)) {
    if (fields.length === 1 && fields[0] === "") continue;
    const [path = "", hash = "", size = ""] = fields;
    const row = rowOf(path, hash, size);
    const earlier = rows.get(path);
    if (rows.has(path) && (earlier?.digest !== row?.digest || earlier?.algorithm !== row?.algorithm)) {
      throw invalid(`RECORD has two digests of ${quote(path)}`);
    }
    rows.set(path, row);
  }
  return rows;
}

function rowOf(path: string, hash: string, size: string): RecordedFile | undefined {
  if (hash === "") return undefined;
  const equals = hash.indexOf("=");
  const algorithm = hash.slice(0, Math.max(0, equals)).toLowerCase();
  if (!ALGORITHMS.has(algorithm)) throw invalid(`RECORD has no strong digest of ${quote(path)}`);
  const digest = hash
    .slice(equals + 1)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/={1,2}$/, "");
  return { algorithm, digest, size: /^\d{1,15}$/.test(size) ? Number(size) : undefined };
}

/** Rows of comma-separated values as Python's `csv` reads them, one pass. */
function* readRows(text: string): Generator<string[]> {
  let at = 0;
  while (at < text.length) {
    const fields: string[] = [];
    for (;;) {
      const [field, next] = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at);
      fields.push(field);
      at = next;
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    else if (at < text.length && text[at - 1] !== "\r") throw invalid("RECORD is damaged");
    yield fields;
  }
}

function readPlain(text: string, start: number): [string, number] {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") end++;
  return [text.slice(start, end), end];
}

function readQuoted(text: string, start: number): [string, number] {
  let field = "";
  let from = start + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end === -1) throw invalid("RECORD is damaged");
    field += text.slice(from, end);
    if (text[end + 1] !== '"') return [field, end + 1];
    field += '"';
    from = end + 2;
  }
}
