// A lock of another program made whole: the indexes tell where the files lie that it knows by their digests.

import type { IndexSession } from "@thoth/index";
import {
  type ForeignLock,
  type ForeignPackage,
  type Pylock,
  type PylockPackage,
  pylockWith,
  quote,
  ThothError,
  wholePackage,
} from "@thoth/pep";
import { lockOfPins, type Pin } from "./pinned-lock.ts";

export interface Asking {
  readonly session: IndexSession;
  readonly signal: AbortSignal;
}

/** Throws what `lockOfPins` throws, and invalid-lock. */
export async function completeLock(foreign: ForeignLock, { session, signal }: Asking): Promise<Pylock> {
  const known = foreign.packages.map((entry) => wholePackage(entry));
  const pins = foreign.packages.flatMap((entry, position) =>
    known[position] === undefined ? [pinOf(entry)] : [],
  );
  const found =
    pins.length === 0 ? [] : (await lockOfPins(pins, { session, signal, createdBy: "thoth" })).packages;
  const whole = known.filter((entry) => entry !== undefined);
  const packages = [...whole, ...found].sort(byNameAndVersion);
  return pylockWith(foreign, packages, "thoth");
}

function byNameAndVersion(left: PylockPackage, right: PylockPackage): number {
  const [a, b] = [left, right].map(({ name, version }) => `${name} ${version?.text ?? ""}`) as [
    string,
    string,
  ];
  return a < b ? -1 : a > b ? 1 : 0;
}

function pinOf({ name, version, files, marker }: ForeignPackage): Pin {
  const digests = files.flatMap(({ hashes }) => hashes["sha256"]?.toLowerCase() ?? []);
  if (version === undefined || digests.length === 0) {
    throw new ThothError("invalid-lock", `the lock has no version with a SHA-256 of ${quote(name)}`, {
      hint: "Make a lock with `thoth lock`, or lock again with a program that writes digests.",
      details: { package: name },
    });
  }
  return { name, version, hashes: new Set(digests), ...(marker === undefined ? {} : { marker }) };
}
