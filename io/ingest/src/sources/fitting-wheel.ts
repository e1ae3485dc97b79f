// Which wheel of a project an environment would install: of the newest release that has one, or of the release that is locked.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/

import {
  compareBuildTags,
  compareVersions,
  type IndexFile,
  parseSpecifiers,
  specifiersContain,
  type TargetEnvironment,
  ThothError,
  tryParseWheelFilename,
  type Version,
} from "@thoth/pep";
import type { PageRelease } from "./index-source.ts";

export type WheelTarget = Pick<TargetEnvironment, "tags" | "pythonVersion">;

/** `newestFirst`: as they are preferred. Undefined: no release has any that fits. */
export function fittingWheel(
  newestFirst: readonly PageRelease[],
  target: WheelTarget,
  locked?: Version,
): IndexFile | undefined {
  const releases =
    locked === undefined
      ? newestFirst
      : newestFirst.filter(({ version }) => compareVersions(version, locked) === 0);
  for (const { files } of releases) {
    const best = bestOf(files, target);
    if (best !== undefined) return best;
  }
  return undefined;
}

function bestOf(files: readonly IndexFile[], { tags, pythonVersion }: WheelTarget): IndexFile | undefined {
  const fitting = files.flatMap((file) => {
    const wheel = tryParseWheelFilename(file.filename);
    const rank = Math.min(...(wheel?.tags.map((tag) => tags.get(tag) ?? UNFIT) ?? []), UNFIT);
    return wheel === undefined || rank === UNFIT || !admits(file, pythonVersion)
      ? []
      : [{ file, rank, build: wheel.build }];
  });
  fitting.sort((a, b) => a.rank - b.rank || compareBuildTags(b.build, a.build));
  return fitting[0]?.file;
}

const UNFIT = Number.POSITIVE_INFINITY;

/** What declares something that nobody understands is not kept from anybody. */
function admits({ requiresPython }: IndexFile, python: Version): boolean {
  if (requiresPython === undefined) return true;
  try {
    return specifiersContain(parseSpecifiers(requiresPython), python, { prereleases: true });
  } catch (error) {
    if (error instanceof ThothError) return true;
    throw error;
  }
}
