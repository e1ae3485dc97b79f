// Which releases of one package a project could take if nothing else stood in their way, and why not the others: what
// is looked at before anything is resolved.

import type { AdvisoryReader, KnowledgeReader, ProjectRecord } from "@thoth/knowledge";
import { type PackageName, specifiersContain, type TargetEnvironment } from "@thoth/pep";
import type { Exclusion } from "./candidates.ts";
import { Demands } from "./demands.ts";
import { otherPythons } from "./missed.ts";
import type { Project } from "./project.ts";
import { selectFor } from "./projects.ts";

export interface FittingSources {
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  /** They tell which releases are attacks. */
  readonly advisories: AdvisoryReader | undefined;
}

export interface Fitting {
  readonly record: ProjectRecord;
  /** By release, the newest first: why it does not fit; undefined where it does. */
  readonly excluded: readonly (Exclusion | undefined)[];
  /** By release: whether all that the project says of the package admits it. */
  readonly admitted: readonly boolean[];
  /** By release: whether it fits by its source distribution alone, which installing it builds. */
  readonly built: readonly boolean[];
  /** The newest release that fits; undefined where none does. */
  readonly newest: number | undefined;
}

/**
 * Rules are not asked, and bounds exclude nothing: `admitted` tells of them. Null: no index has the package. Undefined:
 * the knowledge does not have it.
 */
export function fittingReleases(
  name: PackageName,
  { project, knowledge, advisories }: FittingSources,
): Fitting | null | undefined {
  const demands = new Demands(project);
  const candidates = selectFor(name, { project, knowledge, advisories, rules: undefined, demands });
  if (candidates === undefined || candidates === null) return candidates;
  const { record } = candidates;
  const bounds = demands.saidOf(name);
  const releases = Array.from({ length: record.releaseCount }, (_, release) => release);
  const admitted = releases.map((release) =>
    bounds.every((specifiers) =>
      specifiersContain(specifiers, record.version(release), { prereleases: true }),
    ),
  );
  const { policy } = project;
  const isStable = (release: number) =>
    admitted[release] === true && candidates.excluded[release] === undefined && !record.isPrerelease(release);
  // Where there is another, a pre-release is not taken.
  const sparesPrereleases =
    policy.prerelease === "if-necessary" &&
    policy.recommendationType !== "testing" &&
    releases.some(isStable);
  const excluded = releases.map(
    (release) =>
      candidates.excluded[release] ??
      (sparesPrereleases && record.isPrerelease(release) ? "prerelease" : undefined),
  );
  const built = releases.map((release) => {
    const candidate = candidates.candidateOf[release] as number;
    return excluded[release] === undefined && record.isSdist(candidates.installs[candidate] as number);
  });
  const newest = releases.find((release) => excluded[release] === undefined);
  return { record, excluded, admitted, built, newest };
}

const LONGEST_REASON = 200;

/** Why a release does not fit, in words that follow its version. */
export function describeExclusion(reason: Exclusion, { record, release, target }: ExcludedRelease): string {
  switch (reason) {
    case "date":
      return "uploaded after the date";
    case "platform": {
      const pythons = otherPythons(record, release, target);
      return pythons === undefined ? "no wheel for this platform" : `wheels for Python ${pythons} only`;
    }
    case "python": {
      const bound = record.requiresPython(record.firstFile(release));
      return bound === undefined ? "needs another Python" : `needs Python ${bound.slice(0, LONGEST_REASON)}`;
    }
    case "prerelease":
      return "a pre-release";
    case "yanked": {
      const why = yankReason(record, release);
      return why === undefined ? "yanked" : `yanked: ${why}`;
    }
    case "source-only":
      return "no wheel, and a source distribution is not allowed";
    case "wheel-only":
      return "wheels only, and none is allowed";
    case "quarantined":
      return "the project is quarantined on its index";
    case "malware":
      return "reported as malware";
    case "rule":
      return "forbidden by a rule";
    default:
      return reason satisfies never;
  }
}

export interface ExcludedRelease {
  readonly record: ProjectRecord;
  readonly release: number;
  readonly target: TargetEnvironment;
}

/** What the index says of why, cut to what a person reads; undefined where it says nothing. */
function yankReason(record: ProjectRecord, release: number): string | undefined {
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const why = record.yankReason(file)?.trim();
    if (why !== undefined && why !== "") return why.slice(0, LONGEST_REASON);
  }
  return undefined;
}
