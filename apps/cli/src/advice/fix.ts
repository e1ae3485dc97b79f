// The smallest change of a lock that clears what is known against it: first as few points of severity as can be had, then
// no pre-release where a stable one would do, then as few of rules, so that what is cleared can be used; then as few packages that go back to an older release, then as few
// that change at all; all of it proved.

import { type Policy, parseObjective } from "@thoth/adviser";
import type { AdvisoryReader, Flaw } from "@thoth/knowledge";
import { formatMarker, type Pylock, type PylockPackage, parseRequirement, ThothError } from "@thoth/pep";
import type { Locked } from "../engines/engine.ts";
import { lockWithThoth } from "../engines/thoth-engine.ts";
import type { Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { ProjectInput } from "../project/project-input.ts";
import type { ChosenTarget } from "../project/target.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { countFlaws, listFlaws } from "./flaw-words.ts";

const OBJECTIVE =
  "vulnerability(all), prerelease, rule, backward, change, immaturity, build, lag(direct), lag(rest)";

export interface FixWish {
  readonly lock: Pylock;
  /** What binds beside the lock. */
  readonly input: ProjectInput;
  readonly target: ChosenTarget;
  readonly settings: ResolutionSettings;
}

interface Change {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cleared: readonly Flaw[];
}

export interface Fixed {
  readonly locked: Locked;
  readonly changes: readonly Change[];
  readonly before: readonly Flaw[];
  readonly left: readonly {
    readonly name: string;
    readonly version: string;
    readonly flaws: readonly Flaw[];
  }[];
}

/** Throws what a resolution throws. */
export async function findFix(
  invocation: Invocation,
  { lock, input, target, settings }: FixWish,
): Promise<Fixed> {
  const current = new Map(
    lock.packages.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version] as const])),
  );
  if (current.size < lock.packages.length)
    throw new ThothError("invalid-lock", "the lock holds packages without a version, which cannot be fixed", {
      hint: "Lock the project again with `thoth lock`.",
    });
  const policy: Policy = {
    ...settings.policy,
    recommendationType: "latest",
    objective: parseObjective(OBJECTIVE),
    current,
  };
  const locked = await lockWithThoth(invocation, {
    settings: { ...settings, policy },
    input: { ...input, requirements: [...input.requirements, ...lockedRequirements(lock, input)] },
    target,
    subject: "the lock",
    label: "fix",
  });
  const { advisories } = locked.advised ?? {};
  if (advisories === undefined) throw new Error("a fix without advisories");
  return { locked, ...compare(lock, locked, advisories) };
}

/** Every package of the lock stays: what needs it may have asked for an extra that no lock tells of. */
function lockedRequirements({ packages }: Pylock, { requirements }: ProjectInput) {
  const named = new Set(requirements.map(({ requirement }) => requirement.name));
  return packages
    .filter(({ name }) => !named.has(name))
    .map((item) => ({ requirement: parseRequirement(item.name), group: groupOf(item), source: "the lock" }));
}

function groupOf({ marker }: PylockPackage): string {
  const group =
    marker === undefined
      ? undefined
      : /^["']([^"']+)["'] in dependency_groups$/.exec(formatMarker(marker))?.[1];
  return group ?? "default";
}

function compare(lock: Pylock, { pylock }: Locked, advisories: AdvisoryReader): Omit<Fixed, "locked"> {
  const flawsOf = ({ name, version }: PylockPackage) =>
    version === undefined ? [] : advisories.flaws(name).filter((flaw) => flaw.affects(version));
  const after = new Map(pylock.packages.map((item) => [item.name, item]));
  const before = new Map(lock.packages.map((item) => [item.name, item]));
  const changes: Change[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()].sort())) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.version?.text === now?.version?.text) continue;
    const kept = new Set(now === undefined ? [] : flawsOf(now).map(({ id }) => id));
    changes.push({
      name,
      from: old?.version?.text ?? null,
      to: now?.version?.text ?? null,
      cleared: (old === undefined ? [] : flawsOf(old)).filter(({ id }) => !kept.has(id)),
    });
  }
  const left = pylock.packages
    .map((item) => ({ name: item.name, version: item.version?.text ?? "", flaws: flawsOf(item) }))
    .filter(({ flaws }) => flaws.length > 0);
  return { changes, left, before: lock.packages.flatMap(flawsOf) };
}

export function fixParts({ changes, left, before, locked }: Fixed): readonly Part[] {
  const rows = changes.map(({ name, from, to, cleared }) => [
    `  ${name}`,
    from ?? "(new)",
    to ?? "(gone)",
    cleared.length === 0 ? "for the others, or by a rule" : `clears ${listFlaws(cleared)}`,
  ]);
  const remaining = left.reduce((sum, { flaws }) => sum + flaws.length, 0);
  const proof =
    locked.proof === "optimal"
      ? "the smallest change that clears as much (proved)"
      : "the smallest change found, not proved";
  const lines = [
    changes.length === 0
      ? before.length === 0
        ? "  nothing is known against this lock"
        : "  no change of the lock would clear anything"
      : `  ${proof} · known vulnerabilities ${before.length} → ${remaining} · ${plural(changes.length, "package")} changed`,
    ...left.map(
      ({ name, version, flaws }) =>
        `  ${name} ${version} keeps ${countFlaws(flaws.length)}: ${listFlaws(flaws)}`,
    ),
  ];
  const headings = ["", "locked", "fixed", "why"];
  return [...(rows.length === 0 ? [] : [{ headings, rows }, ""]), ...lines.map(printable)];
}

export function fixDocument(
  path: string,
  { changes, left, before, locked }: Fixed,
  written: boolean,
): unknown {
  const ids = (flaws: readonly Flaw[]) => flaws.map(({ id }) => id);
  return {
    lock: path,
    written,
    proof: locked.proof,
    objective: locked.objective,
    before: before.length,
    changes: changes.map(({ name, from, to, cleared }) => ({ name, from, to, cleared: ids(cleared) })),
    left: left.map(({ name, version, flaws }) => ({ name, version, vulnerabilities: ids(flaws) })),
  };
}
