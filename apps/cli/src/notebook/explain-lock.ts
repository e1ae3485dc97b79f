// What a new lock of a notebook changed, and why each package has its version.

import type { PackageAdvice } from "@thoth/adviser";
import { asksForNames, formatMarker, markerGiven, type Pylock } from "@thoth/pep";
import { reasonsOf } from "../advice/reasons.ts";
import type { Locked } from "../engines/engine.ts";
import { isObject, KEYS, objectAt, objectIn, textIn } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";

export type Versions = ReadonlyMap<string, string>;

export function versionsOf({ packages }: Pylock): Versions {
  return new Map(
    packages.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version.text]])),
  );
}

/** What a notebook was locked to that the original locked, or pipenv: versions, and hashes of files that nobody names. */
export function originalVersions({ notebook }: NotebookFile): Versions {
  const packages = objectIn(objectAt(notebook.metadata, KEYS.lock), "default") ?? {};
  return new Map(
    Object.entries(packages).flatMap(([name, entry]) => {
      const version = isObject(entry) ? textIn(entry, "version") : undefined;
      return version === undefined ? [] : [[name, version.replace(/^==/, "")]];
    }),
  );
}

interface Explaining {
  readonly before: Versions;
  readonly locked: Locked | undefined;
  /** What of the lock is for this machine. */
  readonly here: Pylock;
}

/** The packages of a lock, the version that there was before it, and reasons where somebody has them. */
export function explainedPackages(lock: Pylock, { before, locked, here }: Explaining) {
  const there = versionsOf(here);
  const advice = locked?.advised?.packages() ?? [];
  const byName = new Map<string, PackageAdvice>(advice.map((item) => [item.name, item]));
  return lock.packages.map(({ name, version, marker }) => {
    const where = marker && markerGiven(marker, (step) => asksForNames({ steps: [step] }));
    const had = before.get(name);
    const own = byName.get(name);
    const reasons = own === undefined ? (locked?.reasons?.(name) ?? []) : reasonsOf(own);
    return {
      name,
      version: version?.text ?? "",
      ...(where === undefined ? {} : { marker: formatMarker(where) }),
      ...(there.get(name) === version?.text ? {} : { elsewhere: true }),
      ...(had === undefined ? {} : { before: had }),
      ...(reasons.length === 0
        ? {}
        : {
            justification: reasons.map(({ type, message, link, packageName }) => ({
              type,
              message,
              ...(link === undefined || link === "" ? {} : { link }),
              package_name: packageName ?? name,
            })),
          }),
    };
  });
}
