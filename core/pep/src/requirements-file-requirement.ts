// What stands on a line of a requirements file: a requirement with a name, or a URL or path without one.

import { quote, ThothError } from "./error.ts";
import { tryParseWheelFilename } from "./filename.ts";
import { type Marker, parseMarker } from "./marker.ts";
import { type ExtraName, isValidName, normalizeName, type PackageName, parseExtraName } from "./name.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { filenameOf, percentDecode } from "./url.ts";

export type DeclaredRequirement =
  | { readonly kind: "requirement"; readonly requirement: Requirement }
  | {
      /** A URL (also `git+https:` and so on) or a path, and no name but what the location tells. */
      readonly kind: "location";
      readonly location: string;
      /** From `#egg=`, or from the file name of a wheel. */
      readonly name?: PackageName;
      readonly extras: readonly ExtraName[];
      readonly marker?: Marker;
    };

const scheme = /^(?:https?|file|ftp|(?:git|hg|svn|bzr)\+[a-z]+):/i;
const archive = /\.(?:whl|zip|tar\.gz|tgz|tar|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Begins as a URL that pip opens. */
export function hasScheme(text: string): boolean {
  return scheme.test(text);
}

/** The declaration, or what is wrong with it. */
export function parseDeclaration(text: string, editable: boolean): DeclaredRequirement | string {
  try {
    return isLocation(text, editable)
      ? parseLocation(text.trim())
      : { kind: "requirement", requirement: parseRequirement(text) };
  } catch (cause) {
    if (cause instanceof ThothError && cause.code !== "limit-exceeded")
      return cause.message.replace(/\.$/, "");
    throw cause;
  }
}

function isLocation(text: string, editable: boolean): boolean {
  if (scheme.test(text)) return true;
  const bare = text.split(";", 1)[0]!.trim();
  if (!looksLikePath(bare) && !archive.test(withoutExtras(bare).path)) return editable && !bare.includes("@");
  // `name @ https://…` has separators too, but behind the sign.
  return !bare.includes("@") || looksLikePath(bare.split("@", 1)[0]!);
}

function looksLikePath(text: string): boolean {
  return /[/\\]/.test(text) || text.startsWith(".");
}

/** In a URL only a semicolon before white space begins the marker. */
function parseLocation(text: string): DeclaredRequirement {
  const isUrl = scheme.test(text);
  const semicolon = isUrl ? text.search(/;\s/) : text.indexOf(";");
  const address = (semicolon === -1 ? text : text.slice(0, semicolon)).trim();
  const marker = semicolon === -1 ? undefined : parseMarker(text.slice(semicolon + 1).trim());
  const { path, extras } = isUrl ? { path: address, extras: [] } : withoutExtras(address);
  if (/\s/.test(address) && isUrl) {
    throw new ThothError("invalid-requirement", `The URL ${quote(address)} has white space.`);
  }
  const egg = isUrl ? eggOf(address) : undefined;
  const name = egg?.name ?? wheelName(path, isUrl);
  return {
    kind: "location",
    location: path,
    ...(name === undefined ? {} : { name }),
    extras: egg?.extras ?? extras.map(parseExtraName),
    ...(marker === undefined ? {} : { marker }),
  };
}

function withoutExtras(path: string): { path: string; extras: readonly string[] } {
  if (!path.endsWith("]")) return { path, extras: [] };
  const open = path.lastIndexOf("[");
  const names = path.slice(open + 1, -1);
  if (open <= 0 || names === "") return { path, extras: [] };
  return { path: path.slice(0, open), extras: names.split(",").map((name) => name.trim()) };
}

function wheelName(path: string, isUrl: boolean): PackageName | undefined {
  const filename = isUrl
    ? filenameOf(path)
    : path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return filename.endsWith(".whl") ? tryParseWheelFilename(filename)?.name : undefined;
}

/** `#egg=name[extra]`, deprecated and everywhere. */
function eggOf(url: string): { name: PackageName; extras: readonly ExtraName[] } | undefined {
  const mark = url.indexOf("#");
  if (mark === -1) return undefined;
  const pair = url
    .slice(mark + 1)
    .split("&")
    .find((part) => part.startsWith("egg="));
  if (pair === undefined) return undefined;
  const { path: name, extras } = withoutExtras(percentDecode(pair.slice(4)));
  return isValidName(name) ? { name: normalizeName(name), extras: extras.map(parseExtraName) } : undefined;
}
