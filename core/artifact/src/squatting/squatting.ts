// Whether a name looks like that of a much used package, so that somebody who means the one may get the other. Names are
// alike in the ways in which people mistype and misremember them; which of two such names is the honest one, their ranks
// tell: two packages that are both much used have lived beside each other for years.

import { normalizeName } from "@thoth/pep";
import { isOneEditAway, isOneSlipAway, readAlike } from "./likeness.ts";
import { STANDARD_MODULES } from "./standard-modules.ts";

export interface Lookalike {
  /** The much used name. */
  readonly name: string;
  /** 0 for the most used; -1 for a module of Python itself. */
  readonly rank: number;
  readonly reason: LikenessReason;
  /** In words: "`requesys` is `requests` with one letter mistyped". */
  readonly message: string;
}

export type LikenessReason =
  /** Characters that look the same, or the same word in other letters: `jeIlyfish`, `d1ango`. */
  | "looks-same"
  /** Neighbours exchanged, doubled or halved letters, a neighbouring key, hyphens elsewhere. */
  | "slip"
  /** One character more, less or other. */
  | "edit"
  /** The words of the name in another order. */
  | "order"
  /** `python-x`, `py-x`, `x-python`, `x3` for `x`. */
  | "affix"
  /** `request` for `requests`. */
  | "plural"
  /** Another number behind the same letters, or none: `urllib4`, `beautifulsoup`. */
  | "number"
  /** A module that Python itself has: nobody needs to install it. */
  | "standard-library";

/** Letters of a name below which a slip, or an edit, makes another word; of the most used names one less. */
const LEAST_FOR_SLIP = 5;
const LEAST_FOR_EDIT = 6;
const LEAST_FOR_NUMBER = 6;
const LEAST = 4;
const MOST_USED = 150;
const LONGEST = 100;

/**
 * Ranked names that the name may be taken for, the most used first; at most one reason for each. A name that is ranked itself
 * is no impostor. `popular`: in normal form, the most used first.
 */
export function looksLike(name: string, popular: readonly string[]): readonly Lookalike[] {
  const own = normalizeName(name) as string;
  if (own === "" || own.length > LONGEST || popular.includes(own)) return [];
  const alike = popular.flatMap((other, rank): Lookalike[] => {
    const reason = likenessOf({ name: own, written: name }, other, rank < MOST_USED ? 1 : 0);
    if (reason === undefined) return [];
    return [{ name: other, rank, reason, message: sentence(name, other, reason) }];
  });
  const module = stemOf(own);
  if (!STANDARD_MODULES.has(module)) return alike;
  const message = sentence(name, module, "standard-library");
  return [{ name: module, rank: -1, reason: "standard-library", message }, ...alike];
}

interface Name {
  /** In normal form. */
  readonly name: string;
  readonly written: string;
}

function likenessOf({ name, written }: Name, other: string, less: number): LikenessReason | undefined {
  const [bare, otherBare] = [name.replaceAll("-", ""), other.replaceAll("-", "")];
  const shorter = Math.min(bare.length, otherBare.length);
  if (bare === otherBare) return "slip";
  if (Math.abs(bare.length - otherBare.length) <= 2 && shorter >= LEAST && readAlike(written, other))
    return "looks-same";
  if (isPlural(name, other) && shorter >= LEAST) return "plural";
  if (sameWords(name, other)) return "order";
  if (isAffixed(name, other)) return "affix";
  if (hasOtherNumber(bare, otherBare)) return "number";
  // Another number within a name is another thing, and says so.
  if (Math.abs(bare.length - otherBare.length) > 1 || digitsOf(bare) !== digitsOf(otherBare))
    return undefined;
  if (shorter >= LEAST_FOR_SLIP - less && isOneSlipAway(bare, otherBare)) return "slip";
  return shorter >= LEAST_FOR_EDIT - less && isOneEditAway(bare, otherBare) ? "edit" : undefined;
}

function hasOtherNumber(bare: string, otherBare: string): boolean {
  const [letters, otherLetters] = [bare, otherBare].map((text) => text.replace(/\d{1,2}$/, ""));
  return letters === otherLetters && letters!.length >= LEAST_FOR_NUMBER;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

function isPlural(name: string, other: string): boolean {
  return `${name}s` === other || `${other}s` === name;
}

function sameWords(name: string, other: string): boolean {
  const words = (text: string) => text.split("-").sort().join("-");
  return name.includes("-") && name !== other && words(name) === words(other);
}

/** What says "for Python" and nothing else, before or behind a name. */
const BEFORE = ["python-", "python3-", "py-", "py3-", "pip-", "pip3-", "pypi-"];
const BEHIND = ["-python", "-python3", "-py", "-py3", "-pip", "-pypi", "-lib", "-dev"];

/** One of the two is the other with such an addition, or both have one: `python3-dateutil` and `python-dateutil`. */
function isAffixed(name: string, other: string): boolean {
  const [stem, otherStem] = [stemOf(name), stemOf(other)];
  return stem === otherStem && stem.length >= LEAST && (stem !== name || stem !== other);
}

function stemOf(name: string): string {
  const before = BEFORE.find((one) => name.startsWith(one));
  if (before !== undefined) return name.slice(before.length);
  const behind = BEHIND.find((one) => name.endsWith(one));
  return behind === undefined ? name : name.slice(0, -behind.length);
}

function sentence(name: string, other: string, reason: LikenessReason): string {
  const why = reason === "standard-library" ? "which Python itself has" : "which is much more used";
  return `\`${name}\` ${CLAUSES[reason].replace("*", `\`${other}\``)}, ${why}`;
}

const CLAUSES: Readonly<Record<LikenessReason, string>> = {
  "looks-same": "looks the same as *",
  slip: "is easily typed for *",
  edit: "differs in one character from *",
  order: "has the same words as *",
  affix: "is * but for what says that it is for Python",
  plural: "is the singular or plural of *",
  number: "is * with another number",
  "standard-library": "is named like the module *",
};
