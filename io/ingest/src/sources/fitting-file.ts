// Which file of a project an environment would install: of the newest release that has one, or of the release that is locked.
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

export interface FittingFile {
  readonly kind: "wheel" | "sdist";
  readonly file: IndexFile;
}

/** `newestFirst`: as they are preferred. A source distribution where no release has a wheel that fits; undefined: nor that. */
export function fittingFile(
  newestFirst: readonly PageRelease[],
  target: WheelTarget,
  locked?: Version,
): FittingFile | undefined {
  const releases =
    locked === undefined
      ? newestFirst
      : newestFirst.filter(({ version }) => compareVersions(version, locked) === 0);
  for (const { files } of releases) {
    const file = bestOf(files, target);
    if (file !== undefined) return { kind: "wheel", file };
  }
  const files = releases.flatMap((release) => release.files);
  const sdist = files.find((file) => file.filename.endsWith(".tar.gz") && admits(file, target.pythonVersion));
  return sdist && { kind: "sdist", file: sdist };
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
