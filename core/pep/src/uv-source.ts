// The key `source` of a package in uv.lock: an index, a repository, a file, a folder, or the project itself.

import { quote } from "./error.ts";
import { compact, fieldError, type Place, readTable, readText, type Table, within } from "./fields.ts";
import type { PylockArchive, PylockDirectory, PylockVcs } from "./pylock.ts";

export type UvSource =
  /** `folder`: of a flat index on disk. */
  | { readonly kind: "index"; readonly url: string; readonly folder?: string }
  | { readonly kind: "vcs"; readonly vcs: PylockVcs }
  | { readonly kind: "archive"; readonly archive: Omit<PylockArchive, "hashes"> }
  | { readonly kind: "directory"; readonly directory: PylockDirectory }
  /** The project that the lock is of, or a member of its workspace. */
  | { readonly kind: "project"; readonly directory: PylockDirectory };

/** Throws with the code of `place`. */
export function readUvSource(table: Table, place: Place): UvSource {
  const at = within(place, "source");
  const source = readTable(table, "source", place);
  if (source === undefined) throw fieldError(at, "is missing");
  const text = (key: string) => readText(source, key, at);
  const registry = text("registry");
  if (registry !== undefined)
    return /^[a-z][a-z0-9+.-]+:\/\//i.test(registry)
      ? { kind: "index", url: registry }
      : { kind: "index", url: registry, folder: registry };
  const git = text("git");
  if (git !== undefined) return { kind: "vcs", vcs: readGit(git, within(at, "git")) };
  const url = text("url");
  const subdirectory = text("subdirectory");
  if (url !== undefined)
    return { kind: "archive", archive: compact<PylockArchive>({ url, subdirectory } as PylockArchive) };
  const path = text("path");
  if (path !== undefined)
    return { kind: "archive", archive: compact<PylockArchive>({ path, subdirectory } as PylockArchive) };
  const editable = text("editable");
  const folder = editable ?? text("virtual");
  if (folder !== undefined) {
    const directory = compact<PylockDirectory>({
      path: folder,
      editable: editable === undefined ? undefined : true,
    });
    return { kind: folder === "." ? "project" : "directory", directory };
  }
  const directory = text("directory");
  if (directory !== undefined) return { kind: "directory", directory: { path: directory } };
  const keys = Object.keys(source).slice(0, 5).join(", ");
  throw fieldError(at, `has none of the known keys, only ${quote(keys)}`);
}

/** `https://host/repository?rev=main&subdirectory=part#<commit>`. */
function readGit(text: string, place: Place): PylockVcs {
  const url = URL.parse(text);
  const commitId = url?.hash.slice(1) ?? "";
  if (url === null || !/^[0-9a-f]{40,64}$/i.test(commitId))
    throw fieldError(place, "must be a URL with a commit behind `#`");
  const revision = ["rev", "tag", "branch"]
    .map((key) => url.searchParams.get(key))
    .find((value) => value !== null);
  const subdirectory = url.searchParams.get("subdirectory") ?? undefined;
  url.hash = "";
  url.search = "";
  return compact<PylockVcs>({
    type: "git",
    url: url.href,
    requestedRevision: revision,
    commitId,
    subdirectory,
  });
}
