// The lock file of PEP 751: https://packaging.python.org/en/latest/specifications/pylock-toml/. The same structure
// is TOML in a file and JSON in the metadata of a notebook.

import { ThothError } from "./error.ts";
import type { Table } from "./fields.ts";
import type { Marker } from "./marker.ts";
import type { PackageName } from "./name.ts";
import type { Specifiers } from "./specifier.ts";
import { filenameOf } from "./url.ts";
import type { Version } from "./version.ts";

export interface Pylock {
  readonly lockVersion: string;
  readonly environments?: readonly Marker[];
  readonly requiresPython?: Specifiers;
  readonly extras?: readonly string[];
  readonly dependencyGroups?: readonly string[];
  readonly defaultGroups?: readonly string[];
  readonly createdBy: string;
  readonly packages: readonly PylockPackage[];
  readonly tool?: Table;
  /** What a reader should be told, such as a newer minor version. Never written. */
  readonly warnings?: readonly string[];
}

/** Either files (`sdist`, `wheels`) or exactly one of `vcs`, `directory`, `archive`. */
export interface PylockPackage {
  readonly name: PackageName;
  readonly version?: Version;
  readonly marker?: Marker;
  readonly requiresPython?: Specifiers;
  /** Tables that each tell a package of the lock apart: `{ name }`, `{ name, version }` and so on. */
  readonly dependencies?: readonly Table[];
  readonly vcs?: PylockVcs;
  readonly directory?: PylockDirectory;
  readonly archive?: PylockArchive;
  readonly index?: string;
  readonly sdist?: PylockFile;
  readonly wheels?: readonly PylockFile[];
  readonly attestationIdentities?: readonly Table[];
  readonly tool?: Table;
}

export interface PylockVcs {
  readonly type: string;
  readonly url?: string;
  readonly path?: string;
  readonly requestedRevision?: string;
  readonly commitId: string;
  readonly subdirectory?: string;
}

export interface PylockDirectory {
  readonly path: string;
  readonly editable?: boolean;
  readonly subdirectory?: string;
}

export interface PylockArchive {
  readonly url?: string;
  readonly path?: string;
  readonly size?: number;
  /** ISO 8601 text. */
  readonly uploadTime?: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly subdirectory?: string;
}

export interface PylockFile {
  readonly name?: string;
  /** ISO 8601 text. */
  readonly uploadTime?: string;
  readonly url?: string;
  readonly path?: string;
  readonly size?: number;
  readonly hashes: Readonly<Record<string, string>>;
}

/** `pylock.toml` or `pylock.<one word>.toml`. */
export function isPylockFilename(filename: string): boolean {
  return filename === "pylock.toml" || /^pylock\.[^./\\]+\.toml$/.test(filename);
}

/** What the file is called: its name, else the end of its path, else of its URL. Throws invalid-lock. */
export function pylockFilename(file: Pick<PylockFile, "name" | "path" | "url">): string {
  const name = file.name || lastSegment(file.path ?? "") || filenameOf(file.url ?? "");
  if (name !== "") return name;
  throw new ThothError("invalid-lock", "The lock file has an artifact without name, path and URL.");
}

function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
