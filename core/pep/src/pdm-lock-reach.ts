// When a package of a pdm.lock without groups is needed: by the ways to it from what pyproject.toml asks for.

import { convert, type Place, readTextList, type Table, within } from "./fields.ts";
import { extraMarker, groupMarker } from "./foreign-lock.ts";
import { type LockEdge, reachedWhen } from "./lock-graph.ts";
import type { LockRoots } from "./lock-roots.ts";
import type { Marker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import type { PackageName } from "./name.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { specifiersContain } from "./specifier-match.ts";
import type { Version } from "./version.ts";

export interface PdmLockPackage {
  readonly name: PackageName;
  readonly version?: Version;
  readonly extras: readonly string[];
  readonly table: Table;
  readonly place: Place;
}

/** By position; absent where nothing leads to it. Throws invalid-lock, limit-exceeded. */
export function pdmReach(
  packages: readonly PdmLockPackage[],
  { requirements, groups, extras }: LockRoots,
): ReadonlyMap<number, Marker | undefined> {
  const byName = Map.groupBy(packages.keys(), (position) => (packages[position] as PdmLockPackage).name);
  const roots = [
    ...requirements.flatMap((requirement) => edgesTo(requirement, packages, byName)),
    ...Array.from(groups, ([name, group]) =>
      group.requirements.flatMap((one) => edgesTo(one, packages, byName, groupMarker(name))),
    ).flat(),
    ...Array.from(extras, ([name, wanted]) =>
      wanted.flatMap((one) => edgesTo(one, packages, byName, extraMarker(name))),
    ).flat(),
  ];
  const reached = reachedWhen(roots, (node) => {
    const { table, place } = packages[Number(node)] as PdmLockPackage;
    return (readTextList(table, "dependencies", place) ?? []).flatMap((text, position) => {
      const at = within(within(place, "dependencies"), position);
      return edgesTo(convert(text, parseRequirement, at), packages, byName);
    });
  });
  return new Map(Array.from(reached, ([node, marker]) => [Number(node), marker]));
}

/** To the entries whose extras are those asked for; else to those whose extras are some of them. */
function edgesTo(
  { name, extras, specifiers, marker, url }: Requirement,
  packages: readonly PdmLockPackage[],
  byName: ReadonlyMap<PackageName, readonly number[]>,
  condition?: Marker,
): readonly LockEdge[] {
  const all = (byName.get(name) ?? []).filter((position) => {
    const { version } = packages[position] as PdmLockPackage;
    if (version === undefined || url !== undefined) return true;
    return specifiersContain(specifiers, version, { prereleases: true });
  });
  const wanted: ReadonlySet<string> = new Set(extras);
  const chosen = all.filter((position) => {
    const listed = (packages[position] as PdmLockPackage).extras;
    return listed.every((extra) => wanted.has(extra));
  });
  return chosen.map((position) => ({ to: `${position}`, marker: joinMarkers([condition, marker]) }));
}
