// Releases that a requirement asks for and that the search had to leave out, by reason.

import type { ProjectRecord } from "@thoth/knowledge";
import { specifiersContain, type TargetEnvironment } from "@thoth/pep";
import { has } from "@thoth/solver";
import type { Exclusion } from "./candidates.ts";
import type { Unusable } from "./release-needs.ts";
import type { Statement } from "./statement.ts";
import { tagsOf } from "./tag-fit.ts";
import type { Universe } from "./universe.ts";

/** Releases of the record, newest first, by the reason for which they are no candidates. */
export type Missed = ReadonlyMap<Exclusion, readonly number[]>;

export function missedBy(universe: Universe, statement: Statement): Missed {
  const candidates = universe.candidatesOf(universe.packageOf(statement.to).name);
  const missed = new Map<Exclusion, number[]>();
  if (candidates === undefined) return missed;
  const { record, excluded } = candidates;
  const specifiers = universe.specifiersNamed(statement.to, statement.specifiers ?? "");
  for (let release = 0; release < record.releaseCount; release++) {
    const reason = excluded[release];
    if (reason === undefined) continue;
    const asked =
      specifiers === undefined ||
      specifiersContain(specifiers, record.version(release), { prereleases: true });
    if (!asked) continue;
    const known = missed.get(reason);
    if (known === undefined) missed.set(reason, [release]);
    else known.push(release);
  }
  return missed;
}

/** `3.8, 3.9` where a release has wheels for this platform, but for these Pythons only; undefined otherwise. */
export function otherPythons(
  record: ProjectRecord,
  release: number,
  target: TargetEnvironment,
): string | undefined {
  const platforms = new Set([...target.tags.keys()].map(platformOf));
  const found = new Set<string>();
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const set = record.tagSet(file);
    if (set === undefined) continue;
    for (const tag of tagsOf(set)) {
      const python = /^(?:cp|py)([23])(\d*)-/.exec(tag);
      if (python === null || !platforms.has(platformOf(tag))) continue;
      found.add(python[2] === "" ? (python[1] as string) : `${python[1]}.${python[2]}`);
    }
  }
  if (found.size === 0) return undefined;
  return [...found].sort((a, b) => Number(a.split(".")[1] ?? 0) - Number(b.split(".")[1] ?? 0)).join(", ");
}

/** The releases that a requirement admits, when every one of them turned out to be unusable; otherwise none. */
export function refusedBy(universe: Universe, { to, admitted }: Statement): readonly Unusable[] {
  const { name } = universe.packageOf(to);
  const candidates = universe.candidatesOf(name);
  if (candidates === undefined) return [];
  const reasons = new Map(
    universe.unusable.filter((item) => item.package === name).map((item) => [item.version, item]),
  );
  const refused: Unusable[] = [];
  for (let candidate = 0; candidate < candidates.count; candidate++) {
    if (!has(admitted, candidate)) continue;
    const reason = reasons.get(candidates.record.versionText(candidates.releases[candidate] as number));
    if (reason === undefined) return [];
    refused.push(reason);
  }
  return refused;
}

/** Why none of the releases that a requirement admits can be used, as the end of a sentence. */
export function explainRefused(refused: readonly Unusable[]): string | undefined {
  const [first] = refused;
  if (first === undefined) return undefined;
  if (refused.every(({ reason }) => reason === "build-not-allowed")) {
    return refused.length === 1
      ? "which tells its requirements only by running its build"
      : "all of which tell their requirements only by running their builds";
  }
  return refused.length === 1 ? `which ${first.message}` : "none of which can be used";
}

function platformOf(tag: string): string {
  return tag.slice(tag.lastIndexOf("-") + 1);
}

/** Why nothing of what a requirement asks for can be chosen, as the end of a sentence. */
export function explainNothing(universe: Universe, statement: Statement): string {
  const missed = missedBy(universe, statement);
  if (missed.size === 0) return "of which there is no such release";
  const [reason] = missed.keys();
  if (missed.size > 1 || reason === undefined) return "none of which can be installed here";
  switch (reason) {
    case "python":
      return "which needs another Python";
    case "platform":
      return "which has no wheel for this Python and platform";
    case "source-only":
    case "wheel-only":
      return "which has no file of the kind that you allow";
    case "prerelease":
      return "which is a pre-release";
    case "date":
      return "which was uploaded after the date you gave";
    case "yanked":
      return "which was yanked";
    case "quarantined":
      return "which is quarantined on its index";
    case "rule":
      return "which a rule forbids";
    case "malware":
      return "which was reported as malware";
    default:
      return reason satisfies never;
  }
}
