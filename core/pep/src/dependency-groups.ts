// Dependency groups: named lists of requirements that may include each other.
// https://packaging.python.org/en/latest/specifications/dependency-groups/

import { quote, ThothError } from "./error.ts";
import {
  convert,
  describeType,
  fieldError,
  isTable,
  type Place,
  readList,
  readTable,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { isValidName, normalizeName, type PackageName } from "./name.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";

/** A group as it is written; what it holds is judged when it is asked for, as the specification wants. */
export interface DependencyGroup {
  readonly displayName: string;
  readonly items: readonly unknown[];
  readonly place: Place;
}

export type DependencyGroups = ReadonlyMap<PackageName, DependencyGroup>;

export interface GroupRequirement {
  readonly requirement: Requirement;
  /** The group that was asked for, and the one that says it. */
  readonly group: PackageName;
  readonly statedIn: PackageName;
  /** `dependency-groups.test[2]`. */
  readonly path: string;
}

/** Throws with the code of `place` when the table is none, or two names are one in normal form. */
export function readDependencyGroups(table: Table, key: string, place: Place): DependencyGroups {
  const groups = new Map<PackageName, DependencyGroup>();
  const entries = readTable(table, key, place) ?? {};
  for (const displayName of Object.keys(entries)) {
    const at = within(within(place, key), displayName);
    if (!isValidName(displayName)) throw fieldError(at, "is no valid name of a group");
    const name = normalizeName(displayName);
    const other = groups.get(name);
    if (other !== undefined) throw fieldError(at, `is the group ${quote(other.displayName)} once more`);
    groups.set(name, {
      displayName,
      items: readList(entries, displayName, within(place, key)) ?? [],
      place: at,
    });
  }
  return groups;
}

interface Visit {
  readonly name: PackageName;
  readonly group: DependencyGroup;
  next: number;
}

/**
 * What a group asks for, includes in their place, each group once. Throws invalid-project when there is no such
 * group, when groups include each other in a circle, or an item is neither a requirement nor an include.
 */
export function expandDependencyGroup(groups: DependencyGroups, name: string): readonly GroupRequirement[] {
  const asked = normalizeName(name);
  const found: GroupRequirement[] = [];
  const open: Visit[] = [];
  const state = new Map<PackageName, "open" | "done">();
  const enter = (wanted: PackageName, from: Place | undefined) => {
    if (state.get(wanted) === "done") return;
    if (state.get(wanted) === "open") throw circle(open, wanted);
    const group = groups.get(wanted);
    if (group === undefined) throw unknownGroup(wanted, groups, from);
    state.set(wanted, "open");
    open.push({ name: wanted, group, next: 0 });
  };
  enter(asked, undefined);
  for (let visit = open.at(-1); visit !== undefined; visit = open.at(-1)) {
    if (visit.next === visit.group.items.length) {
      state.set(visit.name, "done");
      open.pop();
      continue;
    }
    const at = within(visit.group.place, visit.next);
    const item = readItem(visit.group.items[visit.next], at);
    visit.next += 1;
    if (typeof item === "string") enter(item, at);
    else found.push({ requirement: item, group: asked, statedIn: visit.name, path: at.path });
  }
  return found;
}

/** A requirement, or the name of a group to include. */
function readItem(item: unknown, place: Place): Requirement | PackageName {
  if (typeof item === "string") return convert(item, parseRequirement, place);
  if (!isTable(item)) throw fieldError(place, `must be text or a table, not ${describeType(item)}`);
  if (Object.keys(item).join() !== "include-group") {
    throw fieldError(place, "must be a table with `include-group` and nothing else");
  }
  return normalizeName(requireText(item, "include-group", place));
}

function circle(open: readonly Visit[], name: PackageName): ThothError {
  const names = open.map((visit) => visit.name);
  const round = [...names.slice(names.indexOf(name)), name];
  const shown = round.length > 12 ? [...round.slice(0, 10), "…", name] : round;
  return new ThothError(
    "invalid-project",
    `Dependency groups include each other: ${quote(shown.join(" → "))}.`,
    {
      details: { groups: round.slice(0, 1000) },
    },
  );
}

function unknownGroup(name: PackageName, groups: DependencyGroups, from: Place | undefined): ThothError {
  if (from !== undefined) return fieldError(from, `includes the group ${quote(name)}, which does not exist`);
  const known = Array.from(groups.values(), (group) => group.displayName);
  return new ThothError("invalid-project", `There is no dependency group ${quote(name)}.`, {
    hint: known.length === 0 ? undefined : `There are ${quote(known.join(", "))}.`,
    details: { group: name, known: known.slice(0, 100) },
  });
}
