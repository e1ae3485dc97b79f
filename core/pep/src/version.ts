// Versions: one linear scan from text to a value that knows its normal form and its place in the order.
// https://packaging.python.org/en/latest/specifications/version-specifiers/#version-scheme

import { quote, ThothError } from "./error.ts";

/** A non-negative integer of any size; a `bigint` only where a `number` would not be exact. */
export type VersionNumber = number | bigint;
export type PreReleasePhase = "a" | "b" | "rc";
export type LocalSegment = string | VersionNumber;

export interface VersionParts {
  readonly epoch: VersionNumber;
  /** At least one number, trailing zeros as written. */
  readonly release: readonly VersionNumber[];
  readonly pre: readonly [phase: PreReleasePhase, number: VersionNumber] | undefined;
  readonly post: VersionNumber | undefined;
  readonly dev: VersionNumber | undefined;
  readonly local: readonly LocalSegment[] | undefined;
}

export interface Version extends VersionParts {
  /** The normal form, trailing zeros of the release kept. */
  readonly text: string;
  /** Epoch 0 and the first three release numbers as one integer, or NaN where they do not fit; for ordering only. */
  readonly releaseRank: number;
  /** Pre, post and dev as one integer when nothing else could tell equal `releaseRank`s apart, else NaN. */
  readonly suffixRank: number;
}

/** Longest text, in UTF-16 units, and longest single number, in digits, that are read. */
const LONGEST_TEXT = 8192;
const LONGEST_NUMBER = 4300;

/** Throws `invalid-version` (with `details.position`), or `limit-exceeded` for a text or number that is too long. */
export function parseVersion(text: string): Version {
  const result = scanVersion(text);
  if (result.version !== undefined) return result.version;
  if (result.limit !== undefined) {
    throw new ThothError("limit-exceeded", `The version ${quote(text, 60)} is longer than is read`, {
      details: { limit: result.limit, maximum: result.limit === "digits" ? LONGEST_NUMBER : LONGEST_TEXT },
    });
  }
  throw new ThothError("invalid-version", `${quote(text)} is not a valid version`, {
    details: { position: result.position, text: text.slice(0, 200) },
  });
}

/** Undefined when `text` is not a version or is longer than is read. */
export function tryParseVersion(text: string): Version | undefined {
  return scanVersion(text).version;
}

/** The version of `parts`; the parts are trusted. */
export function makeVersion(parts: VersionParts): Version {
  return withRanks(parts, formatParts(parts));
}

export function formatVersion(version: Version): string {
  return version.text;
}

/** Without the local part. */
export function publicVersion(version: Version): Version {
  return version.local === undefined ? version : makeVersion({ ...version, local: undefined });
}

/** Epoch and release only. */
export function baseVersion(version: Version): Version {
  const { pre, post, dev, local } = version;
  if (pre === undefined && post === undefined && dev === undefined && local === undefined) return version;
  return makeVersion({ ...version, pre: undefined, post: undefined, dev: undefined, local: undefined });
}

/** Pre-releases and developmental releases. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** The normal form without trailing zeros of the release: equal for versions that are equal. */
export function versionKey(version: Version): string {
  const release = version.release;
  let length = release.length;
  while (length > 1 && release[length - 1] === 0) length--;
  return length === release.length
    ? version.text
    : formatParts({ ...version, release: release.slice(0, length) });
}

/** `number + 1`, exact. */
export function increment(number: VersionNumber): VersionNumber {
  return exact(BigInt(number) + 1n);
}

/** `number - 1`, exact; `number` must be positive. */
export function decrement(number: VersionNumber): VersionNumber {
  return exact(BigInt(number) - 1n);
}

function exact(value: bigint): VersionNumber {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

// Scanning

interface ScanResult {
  readonly version?: Version;
  readonly position?: number;
  readonly limit?: "length" | "digits";
}

interface Cursor {
  readonly text: string;
  at: number;
  tooLong: boolean;
}

function scanVersion(text: string): ScanResult {
  if (text.length > LONGEST_TEXT) return { limit: "length" };
  const plain = scanPlain(text);
  if (plain !== undefined) return { version: plain };
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  const foreign = firstForeign(text, start, end);
  if (foreign >= 0) return { position: foreign };
  const cursor: Cursor = { text: text.slice(start, end).toLowerCase(), at: 0, tooLong: false };
  const parts = scanParts(cursor);
  if (cursor.tooLong) return { limit: "digits" };
  if (parts === undefined || cursor.at < cursor.text.length) return { position: start + cursor.at };
  return { version: makeVersion(parts) };
}

/** The common case, `1.26.4`: a release in normal form and nothing else. */
function scanPlain(text: string): Version | undefined {
  const release: number[] = [];
  let value = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46 && digits > 0) {
      release.push(value);
      value = 0;
      digits = 0;
    } else if (code >= 48 && code <= 57 && digits < 15 && !(digits === 1 && value === 0)) {
      value = value * 10 + (code - 48);
      digits++;
    } else {
      return undefined;
    }
  }
  if (digits === 0) return undefined;
  release.push(value);
  const parts = { epoch: 0, release, pre: undefined, post: undefined, dev: undefined, local: undefined };
  return withRanks(parts, text);
}

function scanParts(cursor: Cursor): VersionParts | undefined {
  if (cursor.text.startsWith("v")) cursor.at = 1;
  const first = scanNumber(cursor);
  if (first === undefined) return undefined;
  let epoch: VersionNumber = 0;
  let release: VersionNumber[] | undefined;
  if (cursor.text[cursor.at] === "!") {
    cursor.at++;
    epoch = first;
    const next = scanNumber(cursor);
    release = next === undefined ? undefined : scanRelease(cursor, next);
  } else {
    release = scanRelease(cursor, first);
  }
  if (release === undefined) return undefined;
  const pre = scanPre(cursor);
  const post = scanPost(cursor);
  const dev = scanMarked(cursor, ["dev"])?.number;
  return { epoch, release, pre, post, dev, local: scanLocal(cursor) };
}

function scanRelease(cursor: Cursor, first: VersionNumber): VersionNumber[] {
  const release = [first];
  while (cursor.text[cursor.at] === "." && isDigit(cursor.text.charCodeAt(cursor.at + 1))) {
    cursor.at++;
    release.push(scanNumber(cursor)!);
  }
  return release;
}

const PRE_WORDS = ["alpha", "a", "beta", "b", "preview", "pre", "c", "rc"];

function scanPre(cursor: Cursor): VersionParts["pre"] {
  const found = scanMarked(cursor, PRE_WORDS);
  if (found === undefined) return undefined;
  const phase = found.word.startsWith("a") ? "a" : found.word.startsWith("b") ? "b" : "rc";
  return [phase, found.number];
}

function scanPost(cursor: Cursor): VersionNumber | undefined {
  if (cursor.text[cursor.at] === "-" && isDigit(cursor.text.charCodeAt(cursor.at + 1))) {
    cursor.at++;
    return scanNumber(cursor);
  }
  return scanMarked(cursor, ["post", "rev", "r"])?.number;
}

/** Optional separator, one of `words`, optional separator, optional number (0 when absent). */
function scanMarked(
  cursor: Cursor,
  words: readonly string[],
): { word: string; number: VersionNumber } | undefined {
  const { text } = cursor;
  const start = cursor.at + (isSeparator(text.charCodeAt(cursor.at)) ? 1 : 0);
  for (const word of words) {
    if (!text.startsWith(word, start)) continue;
    cursor.at = start + word.length;
    if (isSeparator(text.charCodeAt(cursor.at))) cursor.at++;
    return { word, number: scanNumber(cursor) ?? 0 };
  }
  return undefined;
}

function scanLocal(cursor: Cursor): VersionParts["local"] {
  const { text } = cursor;
  if (text[cursor.at] !== "+") return undefined;
  const segments: LocalSegment[] = [];
  let at = cursor.at;
  do {
    const start = at + 1;
    at = start;
    while (isLetterOrDigit(text.charCodeAt(at))) at++;
    if (at === start) break;
    segments.push(localSegment(cursor, text.slice(start, at)));
    cursor.at = at;
  } while (isSeparator(text.charCodeAt(at)));
  return segments.length === 0 ? undefined : segments;
}

function localSegment(cursor: Cursor, text: string): LocalSegment {
  for (let at = 0; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return text;
  return toNumber(cursor, text);
}

function scanNumber(cursor: Cursor): VersionNumber | undefined {
  const start = cursor.at;
  let at = start;
  while (isDigit(cursor.text.charCodeAt(at))) at++;
  if (at === start) return undefined;
  cursor.at = at;
  return toNumber(cursor, cursor.text.slice(start, at));
}

function toNumber(cursor: Cursor, digits: string): VersionNumber {
  if (digits.length <= 15) return Number(digits);
  if (digits.length > LONGEST_NUMBER) {
    cursor.tooLong = true;
    return 0;
  }
  return exact(BigInt(digits));
}

function firstForeign(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) > 127) return at;
  return -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

function isSeparator(code: number): boolean {
  return code === 45 || code === 46 || code === 95;
}

/** White space as Python's `str.strip` sees it, which differs from JavaScript's in the separators of ASCII. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    (code >= 0x1680 && code !== 0xfeff && /\s/.test(String.fromCharCode(code)))
  );
}

// Normal form and ranks

function formatParts(parts: VersionParts): string {
  let text = parts.epoch === 0 ? "" : `${parts.epoch}!`;
  text += parts.release.join(".");
  if (parts.pre !== undefined) text += `${parts.pre[0]}${parts.pre[1]}`;
  if (parts.post !== undefined) text += `.post${parts.post}`;
  if (parts.dev !== undefined) text += `.dev${parts.dev}`;
  if (parts.local !== undefined) text += `+${parts.local.join(".")}`;
  return text;
}

function withRanks(parts: VersionParts, text: string): Version {
  const { epoch, release, pre, post, dev, local } = parts;
  return {
    epoch,
    release,
    pre,
    post,
    dev,
    local,
    text,
    releaseRank: releaseRank(parts),
    suffixRank: suffixRank(parts),
  };
}

/** 25 bits (a date such as 20240830 fits) and twice 14 bits: 53, the integers a `number` holds exactly. */
function releaseRank(parts: VersionParts): number {
  const { release } = parts;
  const first = release[0] ?? 0;
  const second = release[1] ?? 0;
  const third = release[2] ?? 0;
  if (parts.epoch !== 0 || first >= 33554432 || second >= 16384 || third >= 16384) return Number.NaN;
  return Number(first) * 268435456 + Number(second) * 16384 + Number(third);
}

/** 3 bits of phase, 16 of its number, 17 of post (0: none), 17 of dev (all ones: none). */
function suffixRank(parts: VersionParts): number {
  const { release, pre, post, dev } = parts;
  for (let at = 3; at < release.length; at++) if (release[at] !== 0) return Number.NaN;
  const number = pre === undefined ? 0 : pre[1];
  const afterPost = post === undefined ? 0 : Number(post) + 1;
  const beforeDev = dev === undefined ? 131071 : Number(dev);
  if (parts.local !== undefined || number >= 65536 || afterPost >= 131072) return Number.NaN;
  if (dev !== undefined && beforeDev >= 131071) return Number.NaN;
  return ((phaseRank(parts) * 65536 + Number(number)) * 131072 + afterPost) * 131072 + beforeDev;
}

/** Where a version stands among those of its release: developmental, a, b, rc, final (and its post-releases). */
export function phaseRank(parts: VersionParts): number {
  if (parts.pre !== undefined) return parts.pre[0] === "a" ? 1 : parts.pre[0] === "b" ? 2 : 3;
  return parts.post === undefined && parts.dev !== undefined ? 0 : 4;
}
