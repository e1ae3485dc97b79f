// The lock that a notebook carries. It was written by a stranger as far as we know: it is read within bounds, and
// it may name files of this machine only where the user's own settings do.

import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject, JsonValue, Notebook } from "@thoth/notebook";
import {
  type Pylock,
  type PylockFile,
  type PylockPackage,
  pylockFromJson,
  quote,
  ThothError,
} from "@thoth/pep";
import { isObject, KEYS, objectIn, textIn, valueAt } from "./metadata-keys.ts";

/** Far more than any honest stack has. */
const MOST_PACKAGES = 20_000;

/** Undefined: the notebook carries none. Throws invalid-lock, limit-exceeded, path-escape. */
export function embeddedLock({ metadata }: Notebook, ownPlaces: readonly string[]): Pylock | undefined {
  const thoth = valueAt(metadata, KEYS.thoth);
  if (thoth === undefined || thoth === null) return undefined;
  if (!isObject(thoth)) throw invalid("`thoth` is no object");
  const lock = valueAt(thoth, "lock");
  if (lock === undefined || lock === null) return undefined;
  const version = valueAt(thoth, "version");
  if (typeof version === "number" && version > 1)
    throw invalid(`it has the form ${version}, which only a newer version reads`);
  mustBeSmall(lock);
  const read = pylockFromJson(lock);
  for (const entry of read.packages) mustBeFetchable(entry, ownPlaces);
  return read;
}

function mustBeSmall(lock: JsonValue): void {
  const packages = isObject(lock) ? valueAt(lock, "packages") : undefined;
  if (!Array.isArray(packages) || packages.length <= MOST_PACKAGES) return;
  throw new ThothError(
    "limit-exceeded",
    `the notebook's lock has ${packages.length} packages; at most ${MOST_PACKAGES} are read`,
    {
      details: { limit: "packages", maximum: MOST_PACKAGES, found: packages.length },
    },
  );
}

function mustBeFetchable(entry: PylockPackage, ownPlaces: readonly string[]): void {
  if (entry.vcs !== undefined || entry.directory !== undefined) {
    throw invalid(`${quote(entry.name)} comes from a repository or folder, which no hash can hold`);
  }
  const files: readonly Pick<PylockFile, "url" | "path">[] = [
    ...(entry.wheels ?? []),
    ...(entry.sdist === undefined ? [] : [entry.sdist]),
    ...(entry.archive === undefined ? [] : [entry.archive]),
  ];
  for (const { url, path } of files) mustBeReachable(entry.name, url ?? path ?? "", ownPlaces);
}

function mustBeReachable(name: string, place: string, ownPlaces: readonly string[]): void {
  if (/^https?:\/\//i.test(place)) return;
  if (isWithin(place, ownPlaces)) return;
  throw new ThothError(
    "path-escape",
    `the notebook's lock wants ${quote(name)} from ${quote(place)}, a place of this machine that you did not name`,
    {
      hint: "Lock the notebook again with `horus lock --force`, or name the folder with --find-links.",
      details: { package: name, place },
    },
  );
}

/** Whether a `file:` URL lies below a folder that the user's own settings name. */
function isWithin(place: string, ownPlaces: readonly string[]): boolean {
  const path = pathOf(place);
  if (path === undefined) return false;
  return ownPlaces.some((own) => {
    const folder = pathOf(own) ?? (isAbsolute(own) ? own : undefined);
    if (folder === undefined) return false;
    const way = relative(resolve(folder), path);
    return way !== "" && !way.startsWith("..") && !isAbsolute(way);
  });
}

function pathOf(place: string): string | undefined {
  if (!/^file:/i.test(place)) return undefined;
  try {
    return resolve(fileURLToPath(place));
  } catch {
    return undefined;
  }
}

function invalid(why: string): ThothError {
  return new ThothError("invalid-lock", `the notebook's lock cannot be used: ${why}`, {
    hint: "Make a new one with `horus lock --force`.",
  });
}

/** What the notebook says of how its lock came about. */
export function adviceOf({ metadata }: Notebook): JsonObject | undefined {
  return objectIn(objectIn(metadata, KEYS.thoth), "advice");
}

/** The date that the lock was asked for, ISO 8601. */
export function asOfOf(notebook: Notebook): string | undefined {
  return textIn(adviceOf(notebook), "as_of");
}
