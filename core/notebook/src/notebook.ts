// A notebook as Thoth sees it: its bytes, its metadata and the source of its cells. Outputs are looked at only to
// tell whether the document is one; they are never built. https://nbformat.readthedocs.io/en/latest/format_description.html

import { quote, ThothError } from "@thoth/pep";
import type { Cell, JsonObject } from "./cell.ts";
import {
  elementsOf,
  isArray,
  isObject,
  isString,
  type JsonLimits,
  lastMember,
  type Member,
  membersOf,
  notJson,
  parseSpan,
  type Span,
  skipSpace,
  skipValue,
  textOf,
} from "./json-scan.ts";
import { judgeLanguage, type LanguageVerdict } from "./language.ts";
import { upgradeDocument } from "./upgrade.ts";

/** `ok`; read after an upgrade from an older format; read after a repair; language stated and cells disagree. */
export type Verdict = "ok" | "upgrade" | "repairable" | "ambiguous-language";

export interface Notebook {
  /** The document as it is, or as it became by the upgrade. */
  readonly bytes: Uint8Array;
  readonly nbformat: readonly [major: number, minor: number];
  readonly upgradedFrom?: readonly [major: number, minor: number];
  /** The metadata object; keys are what the file says, so look them up with `Object.hasOwn`. */
  readonly metadata: JsonObject;
  /** Language that the metadata states, in lower case; `python` where it states none. */
  readonly language: string;
  readonly kernelName?: string;
  readonly cells: readonly Cell[];
  readonly verdict: Verdict;
  readonly warnings: readonly string[];
  /** What had to be mended to read it; the file itself keeps it as it was. */
  readonly repaired: readonly string[];
}

export interface ParseOptions {
  readonly maxBytes?: number;
  readonly maxDepth?: number;
  /** Accept a notebook of another language than Python. */
  readonly anyLanguage?: boolean;
}

/** Bytes that are read at most: twice this, and the document that is written, stay below a gigabyte. */
export const MAXIMUM_BYTES = 400 * 1024 * 1024;
export const MAXIMUM_DEPTH = 512;
const KNOWN_CELLS = new Set(["code", "markdown", "raw"]);
const KNOWN_OUTPUTS = new Set(["execute_result", "display_data", "stream", "error"]);
const CELL_ID = /^[A-Za-z0-9_-]{1,64}$/;

interface Findings {
  readonly warnings: string[];
  readonly repaired: string[];
}

export function invalidNotebook(sentence: string, reason: string, hint?: string): ThothError {
  return new ThothError("invalid-notebook", sentence, { details: { reason }, hint });
}

/** Reads a notebook of nbformat 2 to 4; throws `invalid-notebook`, `limit-exceeded` or `unsupported-language`. */
export function parseNotebook(input: Uint8Array | string, options: ParseOptions = {}): Notebook {
  const bytes = typeof input === "string" ? encode(input) : input;
  const maxBytes = options.maxBytes ?? MAXIMUM_BYTES;
  if (bytes.length > maxBytes) {
    throw new ThothError(
      "limit-exceeded",
      `The notebook has ${bytes.length} bytes; at most ${maxBytes} are read.`,
      {
        details: { limit: "bytes", maximum: maxBytes, found: bytes.length },
        hint: "Clear the outputs of the notebook and try again.",
      },
    );
  }
  const limits = { maxDepth: options.maxDepth ?? MAXIMUM_DEPTH };
  const top = readTop(bytes, limits);
  const [major] = top.nbformat;
  if (major === 4) return readCurrent(bytes, limits, options);
  return readOlder(bytes, top, { limits, options });
}

function encode(text: string): Uint8Array {
  if (!text.isWellFormed()) throw invalidNotebook("The notebook holds half a surrogate pair.", "not-utf-8");
  return new TextEncoder().encode(text);
}

function readOlder(
  bytes: Uint8Array,
  top: Top,
  { limits, options }: { limits: JsonLimits; options: ParseOptions },
): Notebook {
  const [major, minor] = top.nbformat;
  if (major !== 2 && major !== 3) {
    const age = major < 2 ? "older than can be read" : "newer than can be read";
    throw invalidNotebook(
      `The notebook's format ${major} is ${age}.`,
      "nbformat",
      "Formats 2 to 4 are read.",
    );
  }
  const upgraded = upgradeDocument(parseSpan(bytes, top.span), major);
  const read = readCurrent(upgraded.bytes, limits, options);
  const verdict = read.verdict === "ambiguous-language" ? read.verdict : "upgrade";
  const from = `The notebook was upgraded from format ${major}.${minor} to ${read.nbformat.join(".")}.`;
  return {
    ...read,
    verdict,
    upgradedFrom: [major, minor],
    warnings: [from, ...upgraded.warnings, ...read.warnings],
  };
}

interface Top {
  readonly nbformat: readonly [number, number];
  readonly members: readonly Member[];
  readonly span: Span;
  readonly repaired: readonly string[];
  readonly warnings: readonly string[];
}

/** The members of the whole document; every byte of it has then been seen to be JSON. */
export function readTop(bytes: Uint8Array, limits: JsonLimits): Top {
  checkUtf8(bytes);
  const start = skipSpace(bytes, hasBom(bytes) ? 3 : 0);
  if (start >= bytes.length) throw notJson("there is nothing", start);
  if (!isObject(bytes, { start, end: start })) {
    skipValue(bytes, start, limits);
    throw invalidNotebook("The notebook is JSON but no object.", "no-object");
  }
  const { members, end } = membersOf(bytes, start, limits);
  const rest = skipSpace(bytes, end);
  if (rest < bytes.length) throw notJson("something follows the document", rest);
  return { ...readFormat(bytes, members), members, span: { start, end } };
}

function readFormat(bytes: Uint8Array, members: readonly Member[]) {
  const major = numberAt(bytes, lastMember(members, "nbformat"));
  if (major === undefined) {
    throw invalidNotebook(
      "The notebook does not say its format: `nbformat` is missing or no number.",
      "nbformat",
    );
  }
  const minor = numberAt(bytes, lastMember(members, "nbformat_minor"));
  const repaired = minor === undefined && major === 4 ? ["`nbformat_minor` is missing: 0 is assumed"] : [];
  const duplicates = new Set<string>();
  const seen = new Set<string>();
  for (const { key } of members) seen.has(key) ? duplicates.add(key) : seen.add(key);
  const warnings = [...duplicates]
    .slice(0, 8)
    .map((key) => `${quote(key)} stands more than once: the last one counts`);
  return { nbformat: [major, minor ?? 0] as const, repaired, warnings };
}

function numberAt(bytes: Uint8Array, member: Member | undefined): number | undefined {
  if (member === undefined || isObject(bytes, member.value) || isArray(bytes, member.value)) return undefined;
  const value = parseSpan(bytes, member.value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

export function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function checkUtf8(bytes: Uint8Array): void {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const step = 1 << 20;
  try {
    for (let at = 0; at < bytes.length; at += step) {
      decoder.decode(bytes.subarray(at, at + step), { stream: at + step < bytes.length });
    }
  } catch (cause) {
    throw new ThothError("invalid-notebook", "The notebook is not UTF-8 text.", {
      details: { reason: "not-utf-8" },
      cause,
    });
  }
}

function readCurrent(bytes: Uint8Array, limits: JsonLimits, options: ParseOptions): Notebook {
  const { nbformat, members, repaired, warnings } = readTop(bytes, limits);
  const noted = [...warnings];
  // Of a format that nobody knows yet it cannot be said what is missing: remarks instead of repairs.
  const findings: Findings = { warnings: noted, repaired: nbformat[1] > 5 ? noted : [...repaired] };
  if (nbformat[1] > 5)
    findings.warnings.push(`Format 4.${nbformat[1]} is newer than 4.5: read as far as it is known`);
  const metadata = readMetadata(bytes, lastMember(members, "metadata"), findings);
  const cells = readCells(bytes, lastMember(members, "cells"), { limits, minor: nbformat[1], findings });
  const language = judgeLanguage(metadata, cells);
  if (language.kind === "refused" && options.anyLanguage !== true) throw unsupportedLanguage(language);
  if (language.kind === "ambiguous") findings.warnings.push(language.because);
  return {
    bytes,
    nbformat,
    metadata,
    language: language.stated ?? "python",
    ...(language.kernelName === undefined ? {} : { kernelName: language.kernelName }),
    cells,
    verdict: verdictOf(language, findings),
    warnings: findings.warnings,
    repaired: nbformat[1] > 5 ? [] : findings.repaired,
  };
}

function verdictOf(language: LanguageVerdict, findings: Findings): Verdict {
  if (language.kind === "ambiguous") return "ambiguous-language";
  return findings.repaired.length > 0 && findings.repaired !== findings.warnings ? "repairable" : "ok";
}

function unsupportedLanguage(language: LanguageVerdict): ThothError {
  const sentence = `The notebook is written in ${quote(language.refused ?? "another language")}, not in Python.`;
  return new ThothError("unsupported-language", sentence, {
    details: { language: language.refused, kernel: language.kernelName },
    hint: "Only notebooks in Python are read.",
  });
}

function readMetadata(bytes: Uint8Array, member: Member | undefined, findings: Findings): JsonObject {
  if (member === undefined) {
    findings.repaired.push("`metadata` is missing: an empty one is assumed");
    return {};
  }
  if (!isObject(bytes, member.value))
    throw invalidNotebook("The notebook's `metadata` is no object.", "metadata");
  return parseSpan(bytes, member.value) as JsonObject;
}

interface CellContext {
  readonly limits: JsonLimits;
  readonly minor: number;
  readonly findings: Findings;
}

function readCells(bytes: Uint8Array, member: Member | undefined, context: CellContext): Cell[] {
  if (member === undefined) throw invalidNotebook("The notebook has no `cells`.", "cells");
  if (!isArray(bytes, member.value)) throw invalidNotebook("The notebook's `cells` are no list.", "cells");
  const seen = new Set<string>();
  let without = 0;
  let twice = 0;
  const cells = elementsOf(bytes, member.value, context.limits).map((span, index) => {
    const cell = readCell(bytes, span, { ...context, index });
    if (cell.id === undefined) without++;
    else if (seen.has(cell.id)) twice++;
    else seen.add(cell.id);
    return cell;
  });
  if (context.minor >= 5 && without > 0) context.findings.repaired.push(`${without} cells had no valid id`);
  if (context.minor >= 5 && twice > 0) context.findings.repaired.push(`${twice} cells had the id of another`);
  return cells;
}

function readCell(bytes: Uint8Array, span: Span, context: CellContext & { readonly index: number }): Cell {
  const { index, limits, minor, findings } = context;
  if (!isObject(bytes, span)) throw invalidNotebook(`Cell ${index} is no object.`, "cell");
  const { members } = membersOf(bytes, span.start, limits);
  const find = (key: string): Member | undefined => lastMember(members, key);
  const type = stringAt(bytes, find("cell_type"));
  if (type === undefined) throw invalidNotebook(`Cell ${index} does not say its type.`, "cell-type");
  if (!KNOWN_CELLS.has(type)) {
    if (minor <= 5)
      throw invalidNotebook(`Cell ${index} is of the unknown type ${quote(type, 40)}.`, "cell-type");
    findings.warnings.push(`Cell ${index} is of the unknown type ${quote(type, 40)}`);
  }
  const source = find("source");
  if (source === undefined) {
    if (minor <= 5) throw invalidNotebook(`Cell ${index} has no \`source\`.`, "cell-source");
    findings.warnings.push(`Cell ${index} has no \`source\``);
    return { index, type, source: "", span };
  }
  const metadata = find("metadata");
  if (metadata === undefined) findings.repaired.push(`Cell ${index} has no \`metadata\``);
  else if (!isObject(bytes, metadata.value))
    throw invalidNotebook(`Cell ${index}: \`metadata\` is no object.`, "cell");
  if (type === "code") checkOutputs(bytes, find("outputs"), context);
  const id = stringAt(bytes, find("id"));
  if (id !== undefined && minor >= 5 && !CELL_ID.test(id))
    findings.repaired.push(`Cell ${index} has the invalid id ${quote(id, 70)}`);
  return {
    index,
    type,
    source: readSource(bytes, source.value, context),
    ...(id === undefined ? {} : { id }),
    span: source.value,
  };
}

function checkOutputs(
  bytes: Uint8Array,
  member: Member | undefined,
  context: CellContext & { readonly index: number },
): void {
  const { index, limits, minor, findings } = context;
  if (member === undefined) {
    findings.repaired.push(`Cell ${index} has no \`outputs\``);
    return;
  }
  if (!isArray(bytes, member.value))
    throw invalidNotebook(`Cell ${index}: \`outputs\` are no list.`, "outputs");
  if (minor > 5) return;
  for (const span of elementsOf(bytes, member.value, limits)) {
    const members = isObject(bytes, span) ? membersOf(bytes, span.start, limits).members : [];
    const type = stringAt(bytes, lastMember(members, "output_type"));
    if (type === undefined || !KNOWN_OUTPUTS.has(type)) {
      throw invalidNotebook(
        `Cell ${index} has an output of the unknown type ${quote(String(type), 40)}.`,
        "outputs",
      );
    }
  }
}

function stringAt(bytes: Uint8Array, member: Member | undefined): string | undefined {
  if (member === undefined || !isString(bytes, member.value)) return undefined;
  return parseSpan(bytes, member.value) as string;
}

function readSource(
  bytes: Uint8Array,
  span: Span,
  { index, limits }: { index: number; limits: JsonLimits },
): string {
  if (isString(bytes, span)) return parseSpan(bytes, span) as string;
  const lines = isArray(bytes, span) ? elementsOf(bytes, span, limits) : undefined;
  if (lines?.every((line) => isString(bytes, line))) return (parseSpan(bytes, span) as string[]).join("");
  throw invalidNotebook(`Cell ${index}: \`source\` is neither text nor a list of texts.`, "cell-source");
}

/** The document as text: for small notebooks and for tests. */
export function notebookText(notebook: Notebook): string {
  return textOf(notebook.bytes, { start: 0, end: notebook.bytes.length });
}
