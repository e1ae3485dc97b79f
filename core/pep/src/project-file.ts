// One door for every file in which a project says what it needs. What the formats have in common is the result;
// what only one of them has stays in its own reader. Nested files are read by the caller.

import type { Marker } from "./marker.ts";
import type { ExtraName, PackageName } from "./name.ts";
import type { Requirement } from "./requirement.ts";
import type { RequirementHash } from "./requirements-file.ts";
import type { ReadVariable } from "./requirements-file-lines.ts";
import type { Specifiers } from "./specifier.ts";

export type ProjectFileKind = "requirements" | "pipfile" | "pipfile-lock" | "pyproject" | "script" | "pylock";

export interface ProjectFileOptions {
  /** Extras of the project itself, in any spelling. None where not given. */
  readonly extras?: readonly string[] | "all";
  /** Dependency groups of pyproject.toml, categories of a Pipfile, in any spelling. */
  readonly groups?: readonly string[] | "all";
  /** Also what is only for development: `dev-packages` of a Pipfile, the group `dev`. */
  readonly dev?: boolean;
  /** The text of a file that this one names, its path taken from this one's folder. What it throws is passed on. */
  readonly load?: (path: string) => string;
  /** Environment variables for `${NAME}`. None where not given. */
  readonly variable?: ReadVariable;
  /** Read as the file of `--constraint`: all that it asks for are constraints. */
  readonly constraints?: boolean;
}

/** What holds for a package wherever it comes from. */
interface Stated {
  /** Where it stands, for people: `requirements.txt:3`, `pyproject.toml: project.dependencies[2]`. */
  readonly source: string;
  /** `default`, or the name of the group or category that was asked for. */
  readonly group: string;
  readonly editable: boolean;
}

export interface ProjectFileRequirement extends Stated {
  readonly requirement: Requirement;
  /** The artifacts that may be used; empty for all. */
  readonly hashes: readonly RequirementHash[];
  /** The one index it may come from: the name of one of `indexes`. */
  readonly index?: string;
}

/** A path, or a URL that does not tell the name of its package. */
export interface ProjectFileLocation extends Stated {
  /** A URL, or a path taken from where the file's own name is taken from. */
  readonly location: string;
  readonly name?: PackageName;
  readonly extras: readonly ExtraName[];
  readonly marker?: Marker;
}

export interface ProjectFileIndex {
  readonly name?: string;
  /** May hold credentials. */
  readonly url: string;
  /** Instead of the standard index; beside it; or only for those requirements that name it. */
  readonly role: "default" | "extra" | "explicit";
}

export interface ProjectFile {
  readonly kind: ProjectFileKind;
  /** The project's own name, where the file says it. */
  readonly name?: PackageName;
  readonly requirements: readonly ProjectFileRequirement[];
  readonly locations: readonly ProjectFileLocation[];
  readonly constraints: readonly ProjectFileRequirement[];
  readonly requiresPython?: Specifiers;
  /** In order of precedence. */
  readonly indexes: readonly ProjectFileIndex[];
  readonly noIndex: boolean;
  /** URLs and paths. */
  readonly findLinks: readonly string[];
  /** Names in normal form, or `:all:`; as the lists after them. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** Packages whose pre-releases may be chosen. */
  readonly prereleases: readonly string[];
  readonly requireHashes: boolean;
  readonly trustedHosts: readonly string[];
  /** Every file read, this one first. */
  readonly files: readonly string[];
  /** Safe to print. */
  readonly warnings: readonly string[];
}

export const emptyProjectFile: Omit<ProjectFile, "kind"> = {
  requirements: [],
  locations: [],
  constraints: [],
  indexes: [],
  noIndex: false,
  findLinks: [],
  noBinary: [],
  onlyBinary: [],
  prereleases: [],
  requireHashes: false,
  trustedHosts: [],
  files: [],
  warnings: [],
};
