// What JSON and HTML pages of an index have in common: which file names, URLs and digests are acceptable.

import { quote, ThothError } from "./error.ts";
import type { PageContext } from "./index-file.ts";
import { quoteUrl, resolveUrl } from "./url.ts";

const warningLimit = 50;

/** Collects what was left out of a page; a page with a million odd entries does not make a million messages. */
export class PageWarnings {
  readonly #messages: string[] = [];
  #more = 0;

  add(message: string): void {
    if (this.#messages.length < warningLimit) this.#messages.push(message);
    else this.#more += 1;
  }

  list(): readonly string[] {
    return this.#more === 0
      ? this.#messages
      : [...this.#messages, `${this.#more} more entries were left out.`];
  }
}

export function pageError(context: PageContext, problem: string): ThothError {
  return new ThothError("index-response-invalid", `The index page ${quoteUrl(context.url)} ${problem}.`);
}

/** What no usual file name has: a search ends sooner than a match of the whole. */
const unusual = /[^\w.+!-]/;
const LONGEST_USUAL = 200;
/** The signs among what is usual come before the digits, and none of them begins a name: `!`, `+`, `-` and `.`. */
const LAST_SIGN = 46;

/** Undefined when the name is one path component that is safe in a folder and in a terminal. */
export function problemOfFilename(filename: string): string | undefined {
  const first = filename.charCodeAt(0);
  if (first > LAST_SIGN && filename.length <= LONGEST_USUAL && !unusual.test(filename)) return undefined;
  if (filename === "" || filename.length > 512) return "the file name is empty or too long";
  if (/[/\\]/.test(filename) || filename === "." || filename === "..") return "the file name is a path";
  if (/[\u0000-\u001f\u007f-\u009f]/.test(filename)) return "the file name has control characters";
  return undefined;
}

export function filenameWarning(filename: string, problem: string): string {
  return `${quote(filename)} was left out: ${problem}.`;
}

const plainUrl = /^https:\/\/[a-z0-9.-]+(?:\/[\w~%+!@,=-][\w.~%+!@,=-]*)*$/;

/** Absolute, `http`, `https` or, on a page that is itself a file, `file`. */
export function resolveFileUrl(reference: string, context: PageContext): string | undefined {
  if (plainUrl.test(reference)) return reference;
  const schemes = context.url.startsWith("file:") ? ["http:", "https:", "file:"] : ["http:", "https:"];
  return resolveUrl(reference, context.url, schemes);
}

const digestLengths: ReadonlyMap<string, number> = new Map([
  ["md5", 32],
  ["sha1", 40],
  ["sha224", 56],
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
  ["blake2b", 128],
  ["blake2b_256", 64],
  ["blake2s", 64],
  ["sha3_256", 64],
  ["sha3_384", 96],
  ["sha3_512", 128],
]);

/** The digest in lower case, or undefined when it is not one of the algorithm. */
export function parseDigest(algorithm: string, digest: unknown): string | undefined {
  if (typeof digest !== "string") return undefined;
  const length = algorithm === "sha256" ? 64 : digestLengths.get(algorithm);
  if (length !== undefined ? digest.length !== length : digest.length === 0 || digest.length > 256)
    return undefined;
  if (!/[^0-9a-f]/.test(digest)) return digest;
  return /^[0-9a-fA-F]+$/.test(digest) ? digest.toLowerCase() : undefined;
}

export function isKnownAlgorithm(algorithm: string): boolean {
  return digestLengths.has(algorithm);
}

/** Refuses a newer major version of the interface; a newer minor one is a warning. */
export function checkApiVersion(text: string, context: PageContext, warnings: PageWarnings): void {
  const match = /^(\d{1,6})\.(\d{1,6})$/.exec(text);
  if (match === null)
    throw pageError(context, `has the interface version ${quote(text)}, which is no version`);
  if (match[1] !== "1") throw pageError(context, `has the interface version ${quote(text)}; known is 1`);
  if (Number(match[2]) > 4) warnings.add(`The index speaks version ${text} of the interface; 1.4 is known.`);
}
