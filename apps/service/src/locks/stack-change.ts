// What two answers to the same question have different, and why: the second was asked with the stack of the first as its
// lock, so that it tells itself what it clears and what the old stack would pay.

import type { ChangedDocument } from "@thoth/contract/service";
import type { Advice, AdvisedPackage, AdvisedStack } from "./advice.ts";

export type Changed = ChangedDocument["data"]["changed"][number];
export type Levels = ChangedDocument["data"]["levels"];

/** The answer that the owner knows. */
export interface Told {
  readonly job: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly sha256?: string | undefined;
  }[];
}

export type Versions = ReadonlyMap<string, string>;

export function toldOf(job: string, { products: [stack] }: Advice): Told {
  const digests = new Map(stack.lock.packages.map(({ name, artifacts }) => [name, artifacts[0]?.sha256]));
  return {
    job,
    packages: stack.packages.map(({ name, version }) => ({ name, version, sha256: digests.get(name) })),
  };
}

export function versionsOf({ packages }: Told): Versions {
  return new Map(packages.map(({ name, version }) => [name, version]));
}

/** As requirements: only the versions are minded, and one digest is enough for a lock to be one. */
export function lockTextOf({ packages }: Told): string {
  return packages
    .flatMap(({ name, version, sha256 }) =>
      sha256 === undefined ? [] : [`${name}==${version} --hash=sha256:${sha256}\n`],
    )
    .join("");
}

/** The versions of the lock that was sent along, as far as the answer tells them. */
export function versionsBefore({ packages }: AdvisedStack): Versions {
  return new Map(packages.flatMap(({ name, before }) => (before === undefined ? [] : [[name, before]])));
}

/** In the order of names. */
export function changesBetween(before: Versions, { packages }: AdvisedStack): readonly Changed[] {
  const after = new Map(packages.map((item) => [item.name, item]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [from, item] = [before.get(name), after.get(name)];
    return from === item?.version ? [] : [changeOf(name, from, item)];
  });
}

function changeOf(name: string, from: string | undefined, item: AdvisedPackage | undefined): Changed {
  if (item === undefined) return { name, from: from ?? null, to: null, cleared: [], added: [], reasons: [] };
  const { version, vulnerabilities, vulnerabilitiesBefore = [], justification } = item;
  const has = vulnerabilities.map(({ id }) => id);
  const had = item.before === from ? vulnerabilitiesBefore.map(({ id }) => id) : [];
  return {
    name,
    from: from ?? null,
    to: version,
    cleared: had.filter((id) => !has.includes(id)),
    added: has.filter((id) => !had.includes(id)),
    reasons: justification,
  };
}

export function levelsOf({ yours }: Advice): Levels {
  if (yours?.fits !== true) return [];
  return yours.levels
    .filter((level) => level.yours !== level.advised)
    .map(({ level, yours: before, advised: after }) => ({ level, before, after }));
}

/**
 * Whether the stack has moved because something is known that was not. A search that ended by its time alone may find another
 * stack each time: that one is no news unless it is better than the old one.
 */
export function isNews(advice: Advice): boolean {
  const {
    products: [{ proof }],
    yours,
  } = advice;
  if (proof === "optimal" || yours === undefined || yours.fits === false) return true;
  const [first] = levelsOf(advice);
  return first !== undefined && first.before > first.after;
}
