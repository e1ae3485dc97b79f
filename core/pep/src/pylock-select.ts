// What of a PEP 751 lock is to be installed in an environment, and from which source:
// https://packaging.python.org/en/latest/specifications/pylock-toml/#installation.

import type { TargetEnvironment } from "./environment.ts";
import { environmentName } from "./environment-name.ts";
import { ThothError } from "./error.ts";
import { parseWheelFilename } from "./filename.ts";
import { evaluateMarker } from "./marker-evaluate.ts";
import { normalizeName, type PackageName } from "./name.ts";
import {
  type Pylock,
  type PylockArchive,
  type PylockDirectory,
  type PylockFile,
  type PylockPackage,
  type PylockVcs,
  pylockFilename,
} from "./pylock.ts";
import { environmentNames, isForEnvironment } from "./pylock-part.ts";
import { specifiersContain } from "./specifier-match.ts";
import { tryParseVersion, type Version } from "./version.ts";

export type PylockSource =
  | ({ readonly kind: "wheel" | "sdist" } & PylockFile)
  | ({ readonly kind: "archive" } & PylockArchive)
  | ({ readonly kind: "directory" } & PylockDirectory)
  | ({ readonly kind: "vcs" } & PylockVcs);

export interface PylockSelection {
  readonly package: PylockPackage;
  readonly source: PylockSource;
}

export interface PylockSelectOptions {
  readonly extras?: Iterable<string>;
  /** The default groups of the lock where not given. */
  readonly groups?: Iterable<string>;
  /** Asked for packages that have a source distribution. */
  readonly preferSdist?: (name: PackageName) => boolean;
}

type Target = Pick<TargetEnvironment, "markers" | "tags">;

/** Throws no-matching-artifact when the lock is not for this environment, invalid-lock when it is ambiguous. */
export function selectPylock(
  lock: Pylock,
  target: Target,
  options: PylockSelectOptions = {},
): readonly PylockSelection[] {
  const python = pythonOf(target);
  const extras = new Set(Array.from(options.extras ?? [], normalizeName));
  const groups = new Set(Array.from(options.groups ?? lock.defaultGroups ?? [], normalizeName));
  if (
    lock.requiresPython !== undefined &&
    !specifiersContain(lock.requiresPython, python, { prereleases: true })
  ) {
    throw unfit(
      `The lock file is for Python ${lock.requiresPython.text}, not for ${python.text}.`,
      hintFor(python),
    );
  }
  if (!isForEnvironment(lock, target.markers)) throw elsewhere(lock, target);
  const chosen = new Map<PackageName, PylockPackage>();
  for (const entry of lock.packages) {
    if (entry.marker !== undefined && !evaluateMarker(entry.marker, target.markers, extras, groups)) continue;
    if (
      entry.requiresPython !== undefined &&
      !specifiersContain(entry.requiresPython, python, { prereleases: true })
    ) {
      throw unfit(
        `The lock file has ${entry.name} for Python ${entry.requiresPython.text}, not for ${python.text}.`,
        hintFor(python),
      );
    }
    if (chosen.has(entry.name)) {
      throw new ThothError(
        "invalid-lock",
        `The lock file has two entries of ${entry.name} for this environment.`,
        {
          details: { package: entry.name },
        },
      );
    }
    chosen.set(entry.name, entry);
  }
  return Array.from(chosen.values(), (entry) => ({
    package: entry,
    source: sourceOf(entry, target, options),
  }));
}

function elsewhere(lock: Pylock, { markers }: Target): ThothError {
  const here = environmentName(markers);
  const names = environmentNames(lock);
  if (names === undefined) return unfit("The lock file is for other environments than this one.");
  return new ThothError(
    "no-matching-artifact",
    `The lock file is not for this environment, ${here}: it is for ${names.join(", ")}.`,
    {
      hint: `Lock again for it: ${[...names, here].map((name) => `--environment ${name}`).join(" ")}.`,
      details: { environment: here, environments: names },
    },
  );
}

function unfit(message: string, hint = "Lock again for this environment."): ThothError {
  return new ThothError("no-matching-artifact", message, { hint });
}

function hintFor({ text }: Version): string {
  return `Lock again for that Python: \`--python-version ${text}\`.`;
}

/** Builds of CPython between releases add a plus sign to their version, which alone is no version. */
function pythonOf(target: Target): Version {
  const text = target.markers.python_full_version;
  const version = tryParseVersion(text.endsWith("+") ? `${text}local` : text);
  if (version !== undefined) return version;
  throw new ThothError("invalid-version", "The environment has no valid version of Python.");
}

function sourceOf(entry: PylockPackage, target: Target, options: PylockSelectOptions): PylockSource {
  if (entry.vcs !== undefined) return { kind: "vcs", ...entry.vcs };
  if (entry.directory !== undefined) return { kind: "directory", ...entry.directory };
  if (entry.archive !== undefined) return { kind: "archive", ...entry.archive };
  if (entry.sdist !== undefined && options.preferSdist?.(entry.name) === true)
    return { kind: "sdist", ...entry.sdist };
  const wheel = bestWheel(entry.wheels ?? [], target.tags);
  if (wheel !== undefined) return { kind: "wheel", ...wheel };
  if (entry.sdist !== undefined) return { kind: "sdist", ...entry.sdist };
  throw unfit(
    `The lock file has no wheel of ${entry.name} for this environment, and no source distribution.`,
  );
}

/** The wheel with the best tag; of equals the first. */
function bestWheel(wheels: readonly PylockFile[], tags: ReadonlyMap<string, number>): PylockFile | undefined {
  let best: PylockFile | undefined;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const wheel of wheels) {
    for (const tag of parseWheelFilename(pylockFilename(wheel)).tags) {
      const priority = tags.get(tag) ?? Number.POSITIVE_INFINITY;
      if (priority >= bestPriority) continue;
      best = wheel;
      bestPriority = priority;
    }
  }
  return best;
}
