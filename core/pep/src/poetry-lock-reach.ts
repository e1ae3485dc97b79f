// When a package of an older poetry.lock is needed: by the ways to it from what pyproject.toml asks for, through the
// dependencies that the lock states of each package.

import {
  convert,
  fieldError,
  fieldOf,
  isTable,
  type Place,
  readTable,
  readText,
  readTextList,
  type Table,
  within,
} from "./fields.ts";
import { extraMarker, groupMarker } from "./foreign-lock.ts";
import { type LockEdge, reachedWhen } from "./lock-graph.ts";
import type { LockRoots } from "./lock-roots.ts";
import { nameOf, readMarkerText } from "./lock-tables.ts";
import type { Marker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import { narrowMarker } from "./marker-narrow.ts";
import { normalizeName, type PackageName } from "./name.ts";
import { parsePoetryConstraint } from "./poetry-constraint.ts";
import type { PoetryLockPackage } from "./poetry-lock-markers.ts";
import type { Requirement } from "./requirement.ts";
import type { Specifiers } from "./specifier.ts";
import { specifiersContain } from "./specifier-match.ts";

/** By position; absent where nothing leads to it. Throws invalid-lock, limit-exceeded. */
export function poetryReach(
  packages: readonly PoetryLockPackage[],
  { requirements, groups, extras }: LockRoots,
): ReadonlyMap<number, Marker | undefined> {
  const graph = new Graph(packages);
  const roots = [
    ...requirements.flatMap((requirement) => graph.root(requirement)),
    ...Array.from(groups, ([name, group]) =>
      group.requirements.flatMap((requirement) => graph.root(requirement, groupMarker(name))),
    ).flat(),
    ...Array.from(extras, ([name, wanted]) =>
      wanted.flatMap((requirement) => graph.root(requirement, extraMarker(name))),
    ).flat(),
  ];
  const reached = reachedWhen(roots, (node) => graph.edgesOf(node));
  return new Map(
    packages.flatMap((_, position) => {
      const node = String(position);
      return reached.has(node) ? [[position, reached.get(node)] as const] : [];
    }),
  );
}

interface Wish {
  readonly name: PackageName;
  readonly alternatives: readonly Specifiers[];
  readonly extras: readonly string[];
  readonly marker: Marker | undefined;
}

/** Nodes are positions, `3`, and positions with an extra, `3[more]`. */
class Graph {
  readonly #packages: readonly PoetryLockPackage[];
  readonly #byName: ReadonlyMap<PackageName, readonly number[]>;

  constructor(packages: readonly PoetryLockPackage[]) {
    this.#packages = packages;
    this.#byName = Map.groupBy(packages.keys(), (position) => (packages[position] as PoetryLockPackage).name);
  }

  /** The marker of an extra's requirement may name that extra itself. */
  root({ name, specifiers, extras, marker, url }: Requirement, condition?: Marker): readonly LockEdge[] {
    const alternatives = url === undefined ? [specifiers] : [];
    return this.#edges({ name, alternatives, extras, marker: joinMarkers([condition, marker]) });
  }

  edgesOf(node: string): readonly LockEdge[] {
    const [position = "", extra] = node.split(/[[\]]/);
    const { table, place } = this.#packages[Number(position)] as PoetryLockPackage;
    const dependencies = readTable(table, "dependencies", place) ?? {};
    const at = within(place, "dependencies");
    return Object.keys(dependencies).flatMap((written) => {
      const here = within(at, written);
      const name = nameOf(written, here);
      return dependencyTables(fieldOf(dependencies, written), here).flatMap((dependency) => {
        const marker = readMarkerText(dependency, "markers", here);
        // `extra` is an extra of the package that says so, which is asked for or not.
        const narrowed = narrowMarker(marker, {
          extras: new Set(extra === undefined ? [] : [extra]),
          groups: none,
        });
        const isOptional = mentionsExtra(marker) || fieldOf(dependency, "optional") === true;
        if (narrowed === false || isOptional !== (extra !== undefined)) return [];
        if (extra !== undefined && !mentionsExtra(marker) && !this.#lists(table, place, { extra, name }))
          return [];
        return this.#edges({
          name,
          alternatives: constraintOf(dependency, here),
          extras: readTextList(dependency, "extras", here) ?? [],
          marker: narrowed === true ? undefined : narrowed,
        });
      });
    });
  }

  /** Old locks name what an extra needs in a list alone. */
  #lists(
    table: Table,
    place: Place,
    { extra, name }: { readonly extra: string; readonly name: PackageName },
  ): boolean {
    const lists = readTable(table, "extras", place) ?? {};
    const written = Object.keys(lists).find((key) => normalizeName(key) === extra);
    const texts = written === undefined ? [] : (readTextList(lists, written, within(place, "extras")) ?? []);
    return texts.some((text) => normalizeName(/^[\w.-]*/.exec(text)![0]) === name);
  }

  #edges({ name, alternatives, extras, marker }: Wish): readonly LockEdge[] {
    const found = (this.#byName.get(name) ?? []).filter((position) => {
      const { version } = this.#packages[position] as PoetryLockPackage;
      return (
        alternatives.length === 0 ||
        alternatives.some((specifiers) => specifiersContain(specifiers, version, { prereleases: true }))
      );
    });
    return found.flatMap((position) =>
      [`${position}`, ...extras.map((extra) => `${position}[${normalizeName(extra)}]`)].map((to) => ({
        to,
        marker,
      })),
    );
  }
}

const none: ReadonlySet<string> = new Set();

function mentionsExtra(marker: Marker | undefined): boolean {
  return (
    marker?.steps.some(
      (step) =>
        step.kind === "comparison" &&
        [step.left, step.right].some((term) => term.kind === "variable" && term.name === "extra"),
    ) ?? false
  );
}

function constraintOf(dependency: Table, place: Place): readonly Specifiers[] {
  const version = readText(dependency, "version", place);
  return version === undefined ? [] : convert(version, parsePoetryConstraint, within(place, "version"));
}

/** The tables of a dependency: one, or several under other markers. */
function dependencyTables(value: unknown, place: Place): readonly Table[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === "string") return { version: item };
    if (isTable(item)) return item;
    throw fieldError(place, "must be text, a table or a list of tables");
  });
}
