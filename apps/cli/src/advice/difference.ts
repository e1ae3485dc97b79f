// What two stacks have different: packages that moved, and what that clears or brings.

import type { Flaw } from "@thoth/knowledge";
import { compareVersions, type PackageName, parseVersion } from "@thoth/pep";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import { countFlaws } from "./flaw-words.ts";

export interface Side {
  readonly versions: ReadonlyMap<PackageName, string>;
  /** Of an advice: when it was given, and the newest advisory that it knew. */
  readonly asOf?: string | undefined;
  readonly newest?: string | undefined;
}

export type FlawsOf = (name: PackageName, version: string | undefined) => readonly Flaw[];

export interface Moved {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cleared: readonly string[];
  readonly added: readonly string[];
}

export interface Difference {
  readonly moved: readonly Moved[];
  readonly same: number;
  readonly before: Side;
  readonly after: Side;
}

export function differenceOf(before: Side, after: Side, flawsOf: FlawsOf): Difference {
  const names = [...new Set([...before.versions.keys(), ...after.versions.keys()])].sort();
  const moved = names.flatMap((name) => {
    const [from, to] = [before.versions.get(name), after.versions.get(name)];
    if (from === to) return [];
    const [had, has] = [flawsOf(name, from), flawsOf(name, to)];
    return [
      { name, from: from ?? null, to: to ?? null, cleared: missing(had, has), added: missing(has, had) },
    ];
  });
  return { moved, same: names.length - moved.length, before, after };
}

function missing(these: readonly Flaw[], those: readonly Flaw[]): string[] {
  return these.filter(({ id }) => !those.some((flaw) => flaw.id === id)).map(({ id }) => id);
}

export function differenceParts({ moved, same, before, after }: Difference): readonly Part[] {
  const rows = moved.map(({ name, from, to, cleared, added }) => [
    name,
    from ?? "(new)",
    to ?? "(gone)",
    from === null || to === null
      ? ""
      : compareVersions(parseVersion(to), parseVersion(from)) > 0
        ? "newer"
        : "older",
    [
      ...(cleared.length === 0
        ? []
        : [`clears ${countFlaws(cleared.length)}: ${cleared.slice(0, 3).join(", ")}`]),
      ...(added.length === 0 ? [] : [`brings ${countFlaws(added.length)}: ${added.slice(0, 3).join(", ")}`]),
    ].join("; "),
  ]);
  return [
    ...(rows.length === 0
      ? []
      : [{ headings: ["", "before", "after", "", "known vulnerabilities"], rows }, ""]),
    printable(`${plural(moved.length, "package")} different, ${same} the same`),
    ...(before.newest === after.newest
      ? []
      : [printable(`more is known: advisories of ${before.newest ?? "none"} → ${after.newest ?? "none"}`)]),
    ...(before.asOf === after.asOf
      ? []
      : [printable(`given as of ${before.asOf ?? "no date"} → ${after.asOf ?? "no date"}`)]),
  ];
}
