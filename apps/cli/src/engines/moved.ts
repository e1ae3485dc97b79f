// What a lock that prefers the versions of another one has in other versions nevertheless: where, and why as far as is known.

import {
  describeExclusion,
  fittingReleases,
  type MovedPackage,
  type Product,
  type Project,
} from "@thoth/adviser";
import type { AdvisoryReader, KnowledgeReader } from "@thoth/knowledge";
import type { PackageName, Version } from "@thoth/pep";
import { printable } from "../frame/printable.ts";
import type { Terminal } from "../frame/terminal.ts";
import { releaseOf } from "../session/learn-projects.ts";

export interface MovedSide {
  /** Of the environment. */
  readonly name: string;
  readonly project: Project;
  readonly product: Product;
}

export interface MovedSources {
  readonly knowledge: KnowledgeReader;
  readonly advisories: AdvisoryReader | undefined;
}

export function findMoved(sides: readonly MovedSide[], sources: MovedSources): readonly MovedPackage[] {
  const found = sides.flatMap((side) => movedIn(side, sources));
  const alike = Map.groupBy(found, ({ name, from, to, why }) => JSON.stringify([name, from, to, why]));
  return [...alike.values()]
    .map((of) => ({
      ...(of[0] as MovedPackage),
      environments: of.flatMap(({ environments }) => environments),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function movedIn(
  { name: environment, project, product }: MovedSide,
  sources: MovedSources,
): readonly MovedPackage[] {
  return product.packages.flatMap(({ name, version: to, files, installs }) => {
    const from = project.policy.current?.get(name);
    if (from === undefined || from.text === to) return [];
    const why = whyNot(name, from, { project, isBuilt: files[installs]?.isSdist === true, ...sources });
    return [
      { name, from: from.text, to, environments: [environment], ...(why === undefined ? {} : { why }) },
    ];
  });
}

interface Asked extends MovedSources {
  readonly project: Project;
  /** What was chosen instead has to be built. */
  readonly isBuilt: boolean;
}

function whyNot(
  name: PackageName,
  version: Version,
  { project, isBuilt, knowledge, advisories }: Asked,
): string | undefined {
  const fitting = fittingReleases(name, { project, knowledge, advisories });
  if (fitting === undefined || fitting === null) return undefined;
  const { record, excluded, built } = fitting;
  const release = releaseOf(record, version);
  if (release === undefined) return "no index has it any longer";
  const reason = excluded[release];
  if (reason !== undefined) return describeExclusion(reason, { record, release, target: project.target });
  return built[release] === true && !isBuilt ? "it would have to be built" : undefined;
}

const MOST_SHOWN = 20;

export function tellMoved(terminal: Terminal, moved: readonly MovedPackage[]): void {
  for (const { name, from, to, environments, why } of moved.slice(0, MOST_SHOWN)) {
    const reason = why === undefined ? "" : `: ${why}`;
    terminal.entry("differs", printable(`${name} ${from} → ${to} for ${environments.join(", ")}${reason}`));
  }
  if (moved.length > MOST_SHOWN) terminal.entry("differs", `and ${moved.length - MOST_SHOWN} more`);
}
