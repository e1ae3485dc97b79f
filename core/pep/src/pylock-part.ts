// The part of a lock that is for one environment: what is not for it is left out, and of a package in several versions one is
// left. https://packaging.python.org/en/latest/specifications/pylock-toml/

import { factsOfMarker, nameOfMarker } from "./environment-name.ts";
import { evaluateMarker, type MarkerEnvironment } from "./marker-evaluate.ts";
import { type Narrowed, narrowToFacts } from "./marker-narrow.ts";
import type { Pylock, PylockPackage } from "./pylock.ts";

/** Where the lock does not say what it is for, it is for all. */
export function isForEnvironment({ environments = [] }: Pylock, markers: MarkerEnvironment): boolean {
  return environments.length === 0 || environments.some((marker) => evaluateMarker(marker, markers));
}

/** Such as `3.12:macos-arm64`; undefined where one of them is nothing that people have a name for. */
export function environmentNames({ environments = [] }: Pylock): readonly string[] | undefined {
  const names = environments.map(nameOfMarker);
  const known = names.filter((name) => name !== undefined);
  return known.length < names.length ? undefined : known;
}

/** What is known of each environment of the lock; of one that is described by more than equalities nothing is. */
export function environmentFacts({ environments = [] }: Pylock): readonly Partial<MarkerEnvironment>[] {
  return environments.map((marker) => factsOfMarker(marker) ?? {});
}

/** The lock where this is known of the environment: of its markers, what else they ask for is left. */
export function pylockPart(lock: Pylock, facts: Partial<MarkerEnvironment>): Pylock {
  const isOf = (left: Narrowed) => left !== false;
  const environments = lock.environments?.filter((marker) => isOf(narrowToFacts(marker, facts)));
  const packages = lock.packages.flatMap((entry) => {
    const left = narrowToFacts(entry.marker, facts);
    return isOf(left) ? [withMarker(entry, left)] : [];
  });
  const versions = new Map<string, string>(packages.map(({ name, version }) => [name, version?.text ?? ""]));
  const part = packages.map((entry) => withDependencies(entry, versions));
  return { ...lock, ...(environments === undefined ? {} : { environments }), packages: part };
}

function withMarker({ marker, ...entry }: PylockPackage, left: Narrowed): PylockPackage {
  return typeof left === "boolean" ? entry : { ...entry, marker: left };
}

/** Those that are left. */
function withDependencies(entry: PylockPackage, versions: ReadonlyMap<string, string>): PylockPackage {
  if (entry.dependencies === undefined) return entry;
  const dependencies = entry.dependencies.filter(({ name, version }) => {
    const left = versions.get(String(name));
    return left !== undefined && (version === undefined || version === left);
  });
  return { ...entry, dependencies };
}
