// Names of projects and extras, and the one form under which they are compared.
// https://packaging.python.org/en/latest/specifications/name-normalization/

import { quote, ThothError } from "./error.ts";

declare const packageNameBrand: unique symbol;
declare const extraNameBrand: unique symbol;

/** A project's name in PEP 503 normal form. */
export type PackageName = string & { readonly [packageNameBrand]: true };
/** An extra's name in PEP 685 normal form (the same rule as for projects). */
export type ExtraName = string & { readonly [extraNameBrand]: true };

export const LONGEST_NAME = 1024;

/** `text` as it is compared: lower case, every run of `-`, `_` and `.` one hyphen. Says nothing about validity. */
export function normalizeName(text: string): PackageName {
  return (isNormal(text) ? text : text.toLowerCase().replace(/[-_.]+/g, "-")) as PackageName;
}

/** Whether `text` may name a project: ASCII letters, digits, `-`, `_`, `.`, with a letter or digit at both ends. */
export function isValidName(text: string): boolean {
  const length = text.length;
  if (length === 0 || length > LONGEST_NAME) return false;
  if (!isAlphanumeric(text.charCodeAt(0)) || !isAlphanumeric(text.charCodeAt(length - 1))) return false;
  for (let at = 1; at < length - 1; at++) if (!isNameCharacter(text.charCodeAt(at))) return false;
  return true;
}

/** Whether `text` is a valid name that already has its normal form. */
export function isNormalizedName(text: string): boolean {
  return isValidName(text) && isNormal(text);
}

/** Throws `invalid-requirement` with `details.position` when `text` cannot name a project. */
export function parsePackageName(text: string): PackageName {
  return parseName(text, "package name");
}

/** Throws `invalid-requirement` with `details.position` when `text` cannot name an extra. */
export function parseExtraName(text: string): ExtraName {
  return parseName(text, "name of an extra") as string as ExtraName;
}

function parseName(text: string, what: string): PackageName {
  const trimmed = text.trim();
  if (isValidName(trimmed)) return normalizeName(trimmed);
  throw new ThothError("invalid-requirement", `${quote(text)} is not a valid ${what}`, {
    hint: "A name has ASCII letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit.",
    details: {
      position: text.length - text.trimStart().length + firstFault(trimmed),
      text: text.slice(0, 200),
    },
  });
}

/** Where a text stops being a name. */
function firstFault(text: string): number {
  if (text.length === 0 || !isAlphanumeric(text.charCodeAt(0))) return 0;
  for (let at = 1; at < text.length; at++) if (!isNameCharacter(text.charCodeAt(at))) return at;
  return Math.min(text.length, LONGEST_NAME) - 1;
}

function isNormal(text: string): boolean {
  let afterHyphen = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const hyphen = code === 45;
    if (hyphen ? afterHyphen : !((code >= 97 && code <= 122) || (code >= 48 && code <= 57))) return false;
    afterHyphen = hyphen;
  }
  return true;
}

/** ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** A character that may stand inside a name. */
export function isNameCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 45 || code === 46 || code === 95;
}
