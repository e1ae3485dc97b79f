// What a notebook itself tells of when and with what it was run: dates that Jupyter, Colab and papermill keep, the kernel's
// Python, versions in what its cells have put out. Nothing is guessed here, and of outputs only the beginnings are read.

import type { JsonObject, JsonValue } from "./cell.ts";
import {
  elementsOf,
  isArray,
  isObject,
  isString,
  lastMember,
  type Member,
  membersOf,
  parseSpan,
  type Span,
  textOf,
} from "./json-scan.ts";
import { MAXIMUM_DEPTH, type Notebook, readTop } from "./notebook.ts";
import { matplotlibVersion } from "./png-text.ts";
import { type PythonEvidence, printedVersions, type VersionEvidence } from "./printed-versions.ts";

export interface DateEvidence {
  /** Seconds since 1970. */
  readonly seconds: number;
  /** As a sentence names it. */
  readonly source: string;
}

export interface PastEvidence {
  /** The latest of each source. */
  readonly dates: readonly DateEvidence[];
  /** The best first. */
  readonly pythons: readonly PythonEvidence[];
  readonly versions: readonly VersionEvidence[];
}

const LIMITS = { maxDepth: MAXIMUM_DEPTH };
const MOST_OUTPUT = 65_536;
const MOST_IMAGE = 16_384;
/** IPython is older than any notebook. */
const FIRST = Date.UTC(2011, 0, 1) / 1000;
const LAST = Date.UTC(2100, 0, 1) / 1000;

export function pastEvidence(notebook: Notebook): PastEvidence {
  const dates = new Map<string, number>();
  const noteDate = (source: string, seconds: number | undefined): void => {
    if (seconds === undefined || seconds < FIRST || seconds > LAST) return;
    dates.set(source, Math.max(dates.get(source) ?? 0, Math.floor(seconds)));
  };
  noteDocumentDates(notebook.metadata, noteDate);
  const pythons: PythonEvidence[] = [];
  const versions: VersionEvidence[] = [];
  for (const cell of cellsOf(notebook)) {
    noteCellDates(cell.metadata, noteDate);
    for (const { text, image } of cell.outputs.flatMap((span) => outputsOf(notebook.bytes, span))) {
      const drawn = image === undefined ? undefined : matplotlibVersion(image);
      if (drawn !== undefined)
        versions.push({ name: "matplotlib", version: drawn, source: "a picture it drew" });
      const printed = printedVersions({ source: cell.source, text });
      pythons.push(...printed.pythons);
      versions.push(...printed.versions);
    }
  }
  return {
    dates: [...dates].map(([source, seconds]) => ({ seconds, source })),
    pythons: [...reportedPython(notebook.metadata), ...pythons, ...namedPythons(notebook.metadata)],
    versions: distinct(versions),
  };
}

function distinct(versions: readonly VersionEvidence[]): VersionEvidence[] {
  const seen = new Set<string>();
  return versions.filter(({ name, version }) => {
    const key = `${name} ${version}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

type NoteDate = (source: string, seconds: number | undefined) => void;

function noteDocumentDates(metadata: JsonObject, note: NoteDate): void {
  const papermill = objectOf(metadata["papermill"]);
  note("papermill's record of its run", secondsOf(papermill?.["end_time"] ?? papermill?.["start_time"]));
}

function noteCellDates(metadata: JsonObject, note: NoteDate): void {
  const execution = objectOf(metadata["execution"]);
  for (const value of Object.values(execution ?? {}))
    note("the times at which Jupyter ran its cells", secondsOf(value));
  const colab = objectOf(metadata["executionInfo"])?.["timestamp"];
  note("the times at which Colab ran its cells", typeof colab === "number" ? colab / 1000 : undefined);
  const executed = objectOf(metadata["ExecuteTime"]);
  note("the times at which its cells ran", secondsOf(executed?.["end_time"] ?? executed?.["start_time"]));
}

function secondsOf(value: JsonValue | undefined): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return undefined;
  const milliseconds = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

function reportedPython(metadata: JsonObject): PythonEvidence[] {
  const language = objectOf(metadata["language_info"]);
  const told = textOfValue(language?.["version"]);
  const version = /^[23]\.\d{1,2}(?:\.\d{1,2})?(?![\d.])/.exec(told ?? "")?.[0];
  if (language?.["name"] !== "python" || version === undefined) return [];
  return [{ version, source: "its kernel's own report" }];
}

function namedPythons(metadata: JsonObject): PythonEvidence[] {
  const kernel = objectOf(metadata["kernelspec"]);
  return ["display_name", "name"].flatMap((key) => {
    const text = textOfValue(kernel?.[key]) ?? "";
    const version = /(?:^|[^\d.])([23]\.\d{1,2}(?:\.\d{1,2})?)(?![\d.])/.exec(text)?.[1];
    return version === undefined ? [] : [{ version, source: "its kernel's name" }];
  });
}

interface CellParts {
  readonly source: string;
  readonly metadata: JsonObject;
  readonly outputs: readonly Span[];
}

function* cellsOf({ bytes, cells }: Notebook): Generator<CellParts> {
  const list = lastMember(readTop(bytes, LIMITS).members, "cells")?.value;
  if (list === undefined || !isArray(bytes, list)) return;
  for (const [at, span] of elementsOf(bytes, list, LIMITS).entries()) {
    const cell = cells[at];
    if (cell?.type !== "code") continue;
    const { members } = membersOf(bytes, span.start, LIMITS);
    const outputs = lastMember(members, "outputs")?.value;
    yield {
      source: cell.source,
      metadata: objectAt(bytes, lastMember(members, "metadata")),
      outputs: outputs === undefined || !isArray(bytes, outputs) ? [] : elementsOf(bytes, outputs, LIMITS),
    };
  }
}

interface Output {
  readonly text: string;
  /** The beginning of a PNG in base64. */
  readonly image?: string;
}

function outputsOf(bytes: Uint8Array, span: Span): Output[] {
  if (!isObject(bytes, span)) return [];
  const { members } = membersOf(bytes, span.start, LIMITS);
  const text = lastMember(members, "text");
  const data = lastMember(members, "data")?.value;
  const found: Output[] = [];
  if (text !== undefined) found.push({ text: beginningOf(bytes, text.value, MOST_OUTPUT) });
  if (data !== undefined && isObject(bytes, data)) {
    const parts = membersOf(bytes, data.start, LIMITS).members;
    const plain = lastMember(parts, "text/plain");
    const image = lastMember(parts, "image/png");
    if (plain !== undefined) found.push({ text: beginningOf(bytes, plain.value, MOST_OUTPUT) });
    if (image !== undefined) found.push({ text: "", image: beginningOf(bytes, image.value, MOST_IMAGE) });
  }
  return found;
}

/** Of a text, or of a list of texts: as many bytes of JSON as are read at most. */
function beginningOf(bytes: Uint8Array, span: Span, most: number): string {
  const spans = isString(bytes, span) ? [span] : isArray(bytes, span) ? elementsOf(bytes, span, LIMITS) : [];
  let text = "";
  for (const part of spans) {
    if (text.length >= most) break;
    if (!isString(bytes, part)) continue;
    if (part.end - part.start <= most) text += parseSpan(bytes, part) as string;
    else text += textOf(bytes, { start: part.start + 1, end: part.start + most }).replace(/\\n/g, "\n");
  }
  return text;
}

function objectAt(bytes: Uint8Array, member: Member | undefined): JsonObject {
  if (member === undefined || !isObject(bytes, member.value)) return {};
  return parseSpan(bytes, member.value) as JsonObject;
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

function textOfValue(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
