// Requirements: a name, extras, specifiers or a URL, and a marker, read left to right in one pass.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/

import { quote, ThothError } from "./error.ts";
import { convert, type Place, readTextList, type Table, within } from "./fields.ts";
import { formatMarker, type Marker, parseMarkerAt } from "./marker.ts";
import {
  type ExtraName,
  isAlphanumeric,
  isNameCharacter,
  LONGEST_NAME,
  normalizeName,
  type PackageName,
  parseExtraName,
} from "./name.ts";
import { formatSpecifiers, NO_SPECIFIERS, parseSpecifiers, type Specifiers } from "./specifier.ts";
import { repairSpecifiers } from "./specifier-repair.ts";

export interface Requirement {
  readonly name: PackageName;
  /** As written. */
  readonly displayName: string;
  /** Sorted, each once. */
  readonly extras: readonly ExtraName[];
  readonly specifiers: Specifiers;
  readonly url?: string;
  readonly marker?: Marker;
}

export interface RequirementOptions {
  /** Old metadata: `pytz (>=2011k)`, `>=2.7.*`, missing or spare commas, folded lines. */
  readonly lenient?: boolean;
}

const LONGEST_REQUIREMENT = 1_048_576;

/** Throws `invalid-requirement` with `details.position`, or `limit-exceeded`. */
export function parseRequirement(text: string, options: RequirementOptions = {}): Requirement {
  if (text.length > LONGEST_REQUIREMENT) {
    throw new ThothError("limit-exceeded", `The requirement ${quote(text, 60)} is too long`, {
      details: { limit: "length", maximum: LONGEST_REQUIREMENT },
    });
  }
  const lenient = options.lenient === true;
  const cursor: Cursor = { text: lenient ? unfold(text) : text, at: 0, lenient };
  skipSpace(cursor);
  const displayName = scanName(cursor, "the name of a package");
  skipSpace(cursor);
  const extras = scanExtras(cursor);
  skipSpace(cursor);
  const url = cursor.text[cursor.at] === "@" ? scanUrl(cursor) : undefined;
  const specifiers = url === undefined ? scanSpecifiers(cursor) : NO_SPECIFIERS;
  const marker = scanMarker(cursor, url !== undefined);
  return {
    name: normalizeName(displayName),
    displayName,
    extras,
    specifiers,
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** The form in which requirements are written: `name[extra]>=1; marker`, `name @ url ; marker`. */
export function formatRequirement(requirement: Requirement): string {
  const { displayName, extras, specifiers, url, marker } = requirement;
  let text: string = displayName;
  if (extras.length > 0) text += `[${extras.join(",")}]`;
  text += url === undefined ? formatSpecifiers(specifiers) : ` @ ${url}`;
  if (marker !== undefined) text += `${url === undefined ? "" : " "}; ${formatMarker(marker)}`;
  return text;
}

/** A list of requirements in a document. Throws with the code and the place of the document. */
export function readRequirements(
  table: Table,
  key: string,
  place: Place,
): readonly Requirement[] | undefined {
  const at = within(place, key);
  return readTextList(table, key, place)?.map((text, position) => {
    return convert(text, parseRequirement, within(at, position));
  });
}

interface Cursor {
  readonly text: string;
  readonly lenient: boolean;
  at: number;
}

function scanName(cursor: Cursor, expected: string): string {
  const { text } = cursor;
  const start = cursor.at;
  let end = start;
  if (isAlphanumeric(text.charCodeAt(end))) while (isNameCharacter(text.charCodeAt(end))) end++;
  while (end > start && !isAlphanumeric(text.charCodeAt(end - 1))) end--;
  if (end === start) throw invalid(cursor, expected);
  if (end - start > LONGEST_NAME) {
    throw new ThothError("limit-exceeded", `The name ${quote(text.slice(start, end), 60)} is too long`, {
      details: { limit: "length", maximum: LONGEST_NAME, position: start },
    });
  }
  cursor.at = end;
  return text.slice(start, end);
}

function scanExtras(cursor: Cursor): ExtraName[] {
  if (cursor.text[cursor.at] !== "[") return [];
  cursor.at++;
  skipSpace(cursor);
  const names = new Set<ExtraName>();
  while (cursor.text[cursor.at] !== "]") {
    names.add(parseExtraName(scanName(cursor, "the name of an extra or `]`")));
    skipSpace(cursor);
    if (cursor.text[cursor.at] === "]") break;
    if (cursor.text[cursor.at] !== ",") throw invalid(cursor, "`,` or `]`");
    cursor.at++;
    skipSpace(cursor);
    if (cursor.text[cursor.at] === "]" && !cursor.lenient)
      throw invalid(cursor, "the name of an extra after `,`");
  }
  cursor.at++;
  return [...names].sort();
}

function scanUrl(cursor: Cursor): string {
  cursor.at++;
  skipSpace(cursor);
  const start = cursor.at;
  while (cursor.at < cursor.text.length && cursor.text.charCodeAt(cursor.at) > 32) cursor.at++;
  const url = cursor.text.slice(start, cursor.at);
  if (url === "" || /[\s\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(url))
    throw invalid(cursor, "a URL after `@`");
  return url;
}

function scanSpecifiers(cursor: Cursor): Specifiers {
  const { text } = cursor;
  const parenthesised = text[cursor.at] === "(";
  if (parenthesised) cursor.at++;
  const start = cursor.at;
  let end = start;
  while (end < text.length && text[end] !== ";" && text[end] !== ")") end++;
  cursor.at = end;
  const source = text.slice(start, end);
  const specifiers = source === "" ? NO_SPECIFIERS : readSpecifiers(cursor, source, start);
  if (parenthesised) {
    if (text[end] !== ")") throw invalid(cursor, "`)`");
    cursor.at++;
  } else if (text[end] === ")") {
    throw invalid(cursor, "`;` or the end");
  }
  return specifiers;
}

function readSpecifiers(cursor: Cursor, source: string, start: number): Specifiers {
  if (cursor.lenient) return recall(specifierTexts, source, () => parseLeniently(source));
  const odd = /[^\t !-~]|^[\t ]*,|,[\t ]*,/.exec(source);
  if (odd !== null) throw invalid({ ...cursor, at: start + odd.index }, "a version specifier");
  try {
    return parseSpecifiers(source);
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "invalid-requirement") throw error;
    const position = start + (error.details?.["position"] as number);
    throw invalid({ ...cursor, at: position }, "a version specifier", error);
  }
}

function parseLeniently(source: string): Specifiers {
  try {
    return parseSpecifiers(source);
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "invalid-requirement") throw error;
    return parseSpecifiers(repairSpecifiers(source));
  }
}

function scanMarker(cursor: Cursor, afterUrl: boolean): Marker | undefined {
  const before = cursor.at;
  skipSpace(cursor);
  if (cursor.at === cursor.text.length) return undefined;
  if (cursor.text[cursor.at] !== ";" || (afterUrl && cursor.at === before)) {
    throw invalid(cursor, afterUrl ? "white space and `;` after the URL, or the end" : "`;` or the end");
  }
  const rest = cursor.at + 1;
  if (cursor.lenient && cursor.text.slice(rest).trim() === "") return undefined;
  return recall(markers, cursor.text.slice(rest), () => {
    const { marker, end } = parseMarkerAt(cursor.text, rest);
    cursor.at = end;
    if (end < cursor.text.length) throw invalid(cursor, "the end of the marker");
    return marker;
  });
}

/** Markers and specifiers by their text: few different ones make up the metadata of an index. */
const markers = new Map<string, Marker>();
const specifierTexts = new Map<string, Specifiers>();
const MOST_KEPT = 5_000;
const LONGEST_KEPT = 200;

function recall<T>(known: Map<string, T>, text: string, parse: () => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = parse();
  if (known.size >= MOST_KEPT) known.clear();
  if (text.length <= LONGEST_KEPT) known.set(text, made);
  return made;
}

function skipSpace(cursor: Cursor): void {
  while (cursor.text[cursor.at] === " " || cursor.text[cursor.at] === "\t") cursor.at++;
}

function unfold(text: string): string {
  return text.replace(/[\r\n]+[\t ]*/g, " ").trim();
}

function invalid(cursor: Cursor, expected: string, cause?: unknown): ThothError {
  return new ThothError(
    "invalid-requirement",
    `${quote(cursor.text)} is not a valid requirement: expected ${expected}`,
    {
      details: { position: cursor.at, expected, text: cursor.text.slice(0, 200) },
      cause,
    },
  );
}
