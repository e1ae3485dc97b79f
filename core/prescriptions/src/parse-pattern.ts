// The parts of a rule that name packages: names, version specifiers, indexes, and the patterns made of them.

import {
  isNormalizedName,
  isUnsatisfiable,
  isValidName,
  mentionsPrerelease,
  NO_SPECIFIERS,
  normalizeName,
  type PackageName,
  parseSpecifiers,
  quote,
  type Specifiers,
  ThothError,
} from "@thoth/pep";
import {
  capitalise,
  type Field,
  type Fields,
  optional,
  readBoolean,
  readTable,
  readText,
  required,
  wrongType,
} from "./field.ts";
import { isReadableUrl } from "./links.ts";
import type { IndexPattern, NamedPattern, PackagePattern } from "./unit.ts";
import { isYamlTable } from "./yaml-value.ts";

const PATTERN_KEYS = ["name", "version", "index_url", "develop"];
/** Stands in for a name that was reported. */
export const UNREADABLE = normalizeName("unreadable");

/** Names stand in rules as they are compared, so that a rule can be found by searching for its text. */
export function readPackageName(field: Field): PackageName {
  const text = readText(field);
  if (text === "" || isNormalizedName(text)) return text as PackageName;
  const normal = normalizeName(text);
  const hint = isNormalizedName(normal) ? `; write ${quote(normal)}` : "";
  field.fail("invalid-name", `${quote(text)} is not a normalised package name${hint}.`);
  return UNREADABLE;
}

/** As `readPackageName`, but normalised here: boots may name packages as their authors do. */
export function readSpelledName(field: Field): PackageName {
  const text = readText(field);
  if (text === "" || isValidName(text)) return normalizeName(text);
  field.fail("invalid-name", `${quote(text)} is not a package name.`);
  return UNREADABLE;
}

/** A set of clauses; the empty text admits everything. */
export function readSpecifiers(field: Field): Specifiers {
  if (typeof field.value !== "string") {
    wrongType(field, "a text of version specifiers");
    return NO_SPECIFIERS;
  }
  const specifiers = trySpecifiers(field.value) ?? readLegacySpecifier(field);
  if (specifiers === undefined) {
    const message = `${quote(field.value)} is not a valid version specifier.`;
    field.fail("invalid-specifier", message);
    return NO_SPECIFIERS;
  }
  if (specifiers.clauses.length > 1 && isUnsatisfiable(specifiers)) {
    field.warn(
      "unsatisfiable-specifier",
      `No version is in ${quote(field.value)}, so the rule never applies.`,
    );
  }
  return specifiers;
}

function trySpecifiers(text: string): Specifiers | undefined {
  try {
    return parseSpecifiers(text);
  } catch (cause) {
    if (cause instanceof ThothError) return undefined;
    throw cause;
  }
}

/** `==` before what is no version was once compared as text, which is what `===` does. */
function readLegacySpecifier(field: Field): Specifiers | undefined {
  const text = field.value as string;
  const version = /^\s*==(?!=)\s*([^\s,;()*]+)\s*$/.exec(text)?.[1];
  const specifiers = version === undefined ? undefined : trySpecifiers(`===${version}`);
  if (specifiers !== undefined) {
    field.warn("legacy-specifier", `${quote(text)} names no valid version; it is compared as text.`);
  }
  return specifiers;
}

/** `==` or `===` and one version. */
export function readLockedVersion(field: Field): Specifiers {
  const specifiers = readSpecifiers(field);
  const [clause] = specifiers.clauses;
  const exact = clause?.operator.startsWith("==") === true && !clause.wildcard;
  if (typeof field.value === "string" && (!exact || specifiers.clauses.length > 1)) {
    field.fail("invalid-specifier", `${quote(field.value)} does not name one version by \`==\` or \`===\`.`);
  }
  return specifiers;
}

export function readIndexUrl(field: Field): IndexPattern {
  const text = readText(field);
  if (text !== "" && !isReadableUrl(text)) {
    field.fail(
      "invalid-link",
      `${capitalise(field.label())} is ${quote(text)}, which is not an HTTP address.`,
    );
  }
  return { url: trimSlashes(text) };
}

function readIndex(field: Field): IndexPattern {
  if (!isYamlTable(field.value)) return readIndexUrl(field);
  const negated = required(readTable(field, ["not"]), "not", readIndexUrl);
  return { url: negated?.url ?? "", negated: true };
}

/** An address without the slashes at its end, as indexes are compared. */
export function trimSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "/") end--;
  return text.slice(0, end);
}

/** How a kind of unit treats pre-releases: `all` where they are to match whatever the specifier says. */
export type PrereleasePolicy = "all" | "named";

export function readPattern(field: Field, policy: PrereleasePolicy): PackagePattern {
  const fields = readTable(field, PATTERN_KEYS);
  return { name: optional(fields, "name", readPackageName), ...restOfPattern(fields, policy) };
}

export function readNamedPattern(field: Field, policy: PrereleasePolicy): NamedPattern {
  const fields = readTable(field, PATTERN_KEYS);
  return { name: required(fields, "name", readPackageName) ?? UNREADABLE, ...restOfPattern(fields, policy) };
}

function restOfPattern(fields: Fields, policy: PrereleasePolicy): Omit<PackagePattern, "name"> {
  const specifiers = optional(fields, "version", readSpecifiers);
  return {
    specifiers,
    prereleases:
      policy === "all" || (specifiers !== undefined && mentionsPrerelease(specifiers)) || undefined,
    index: optional(fields, "index_url", readIndex),
    develop: optional(fields, "develop", readBoolean),
  };
}

/** As `readPattern` for the kinds in which a pre-release must be named to match. */
export function readStackPattern(field: Field): PackagePattern {
  return readPattern(field, "named");
}

export function readNamedStackPattern(field: Field): NamedPattern {
  return readNamedPattern(field, "named");
}
