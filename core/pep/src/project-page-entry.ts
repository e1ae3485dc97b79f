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

/** Refuses a newer major version of the interface; a newer minor one is a warning. */
export function checkApiVersion(text: string, context: PageContext, warnings: PageWarnings): void {
  const match = /^(\d{1,6})\.(\d{1,6})$/.exec(text);
  if (match === null)
    throw pageError(context, `has the interface version ${quote(text)}, which is no version`);
  if (match[1] !== "1") throw pageError(context, `has the interface version ${quote(text)}; known is 1`);
  if (Number(match[2]) > 4) warnings.add(`The index speaks version ${text} of the interface; 1.4 is known.`);
}
