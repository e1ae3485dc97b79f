// Which wheels of a lock an image needs: those that a Python of its base would install.
// https://packaging.python.org/en/latest/specifications/pylock-toml/#installation

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ArtifactRequest } from "@thoth/environment";
import {
  evaluateMarker,
  formatMarker,
  type Pylock,
  type PylockSelection,
  pylockFilename,
  quote,
  selectPylock,
  specifiersContain,
  type TargetEnvironment,
  ThothError,
  targetEnvironment,
} from "@thoth/pep";
import { FOLDER_TIME } from "./image-folders.ts";

export interface LockedWheel extends ArtifactRequest {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** When it was uploaded, seconds since 1970; undefined where the lock does not say. */
  readonly time: number | undefined;
}

export interface LockChoice {
  readonly lock: Pylock;
  readonly groups: readonly string[];
  /** Of the base, such as `3.11.2`. */
  readonly python: string;
  readonly platform: string;
}

/** Sorted by name. Throws `no-matching-artifact`, `build-not-allowed`, `invalid-lock`. */
export function lockedWheels({ lock, groups, python, platform }: LockChoice): readonly LockedWheel[] {
  const target = targetEnvironment({ pythonVersion: python, platform });
  return selectPylock(lock, target, { groups })
    .map((selection) => wheelOf(selection, platform))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function wheelOf({ package: { name, version }, source }: PylockSelection, platform: string): LockedWheel {
  if (source.kind === "vcs" || source.kind === "directory")
    throw notAWheel(name, `a ${source.kind}`, platform);
  const filename = pylockFilename(source);
  if (!filename.endsWith(".whl")) throw notAWheel(name, quote(filename), platform);
  const sha256 = Object.hasOwn(source.hashes, "sha256") ? source.hashes["sha256"] : undefined;
  if (sha256 === undefined || !/^[0-9a-f]{64}$/i.test(sha256) || version === undefined)
    throw new ThothError("invalid-lock", `The lock has no version or no SHA-256 of ${quote(filename)}.`, {
      hint: "Lock again: every file needs its SHA-256.",
      details: { package: name, filename },
    });
  const { url, path = "", size, hashes, uploadTime } = source;
  return {
    name,
    version: version.text,
    filename,
    url: url ?? pathToFileURL(resolve(path)).href,
    hashes,
    sha256: sha256.toLowerCase(),
    time: secondsOf(uploadTime),
    ...(size === undefined ? {} : { size }),
  };
}

function notAWheel(name: string, what: string, platform: string): ThothError {
  return new ThothError(
    "build-not-allowed",
    `The lock has no wheel of ${quote(name)} for ${platform}, only ${what}.`,
    {
      hint: "An image is made of wheels, and nothing is built for it: choose a release that has one.",
      details: { package: name, platform },
    },
  );
}

/** Whether the lock is for that Python on that platform at all. */
export function isFor({ lock, python, platform }: Omit<LockChoice, "groups">): boolean {
  const target: TargetEnvironment = targetEnvironment({ pythonVersion: python, platform });
  const { requiresPython, environments = [] } = lock;
  const isOfVersion =
    requiresPython === undefined ||
    specifiersContain(requiresPython, target.pythonVersion, { prereleases: true });
  return (
    isOfVersion &&
    (environments.length === 0 || environments.some((marker) => evaluateMarker(marker, target.markers)))
  );
}

/** What a lock is for, in words. */
export function describeLock({ requiresPython, environments = [] }: Pylock): string {
  const words = [
    ...(requiresPython === undefined ? [] : [`Python ${requiresPython.text}`]),
    ...environments.slice(0, 4).map((marker) => quote(formatMarker(marker), 200)),
  ];
  return words.length === 0 ? "any Python" : words.join(" or ");
}

function secondsOf(text = ""): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, Math.floor(time / 1000));
}

/** Seconds since 1970: that of the newest; where the lock tells no time, that of folders. */
export function newestUpload(wheels: readonly LockedWheel[]): number {
  return Math.max(FOLDER_TIME, ...wheels.flatMap(({ time }) => time ?? []));
}
