// When a package of a poetry.lock 2.1 is needed: `groups` and `markers`, the latter one for all groups or one for each.
// https://python-poetry.org/docs/managing-dependencies/#dependency-groups

import { fieldOf, isTable, type Place, readTextList, type Table, within } from "./fields.ts";
import { groupMarker } from "./foreign-lock.ts";
import { nameOf, readMarkerText } from "./lock-tables.ts";
import type { Marker, MarkerStep } from "./marker.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";
import type { PackageName } from "./name.ts";
import type { Version } from "./version.ts";

export interface PoetryLockPackage {
  readonly name: PackageName;
  readonly version: Version;
  readonly table: Table;
  readonly place: Place;
}

/** Undefined: always. */
export function statedCondition({ table, place }: PoetryLockPackage): Marker | undefined {
  const at = within(place, "markers");
  const byGroup = fieldOf(table, "markers");
  const groups = readTextList(table, "groups", place) ?? ["main"];
  const inGroup = (group: string): Marker | undefined => {
    const marker = isTable(byGroup)
      ? readMarkerText(byGroup, group, at)
      : readMarkerText(table, "markers", place);
    const name = nameOf(group, within(place, "groups"));
    return joinMarkers([name === "main" ? undefined : groupMarker(name), marker && withSets(marker)]);
  };
  return alternateMarkers((groups.length === 0 ? ["main"] : groups).map(inGroup));
}

/** Poetry's `extra == "name"` asks for an extra of the project: `"name" in extras` in the model of PEP 751. */
export function withSets(marker: Marker): Marker {
  return { steps: marker.steps.map(withSet) };
}

function withSet(step: MarkerStep): MarkerStep {
  if (step.kind !== "comparison" || (step.operator !== "==" && step.operator !== "!=")) return step;
  const { left, right } = step;
  const value = isExtra(left) ? right : isExtra(right) ? left : undefined;
  if (value?.kind !== "value") return step;
  return {
    kind: "comparison",
    left: value,
    operator: step.operator === "==" ? "in" : "not in",
    right: { kind: "variable", name: "extras" },
  };
}

function isExtra(term: { readonly kind: string; readonly name?: string }): boolean {
  return term.kind === "variable" && term.name === "extra";
}
