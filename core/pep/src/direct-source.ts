// Where a package lies when a table says so instead of naming versions, as Pipfiles, Poetry and uv do: a repository,
// a URL or a path. https://pip.pypa.io/en/stable/topics/vcs-support/

import { quote } from "./error.ts";
import { fieldError, fieldOf, type Place, readBoolean, readText, type Table, within } from "./fields.ts";
import { hasScheme } from "./requirements-file-requirement.ts";

export type DirectSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "path"; readonly path: string; readonly editable: boolean };

const repositories = ["git", "hg", "svn", "bzr"] as const;
const revisions = ["ref", "rev", "tag", "branch"] as const;
const addresses = [...repositories, "url", "file", "path"] as const;

/** Undefined when the table names none. Throws with the code of `place` when it names two. */
export function readDirectSource(table: Table, place: Place): DirectSource | undefined {
  const [key, ...others] = addresses.filter((address) => fieldOf(table, address) !== undefined);
  if (key === undefined) return undefined;
  if (others.length > 0) throw fieldError(place, `has both ${quote(key)} and ${quote(others[0]!)}`);
  const address = readText(table, key, place)?.trim() ?? "";
  if (address === "" || /[\s\u0000-\u001f\u007f]/.test(address)) {
    if (key !== "path" && key !== "file") throw fieldError(within(place, key), "must be a URL");
    if (/[\u0000-\u001f\u007f]/.test(address) || address === "")
      throw fieldError(within(place, key), "must be a path");
  }
  if ((repositories as readonly string[]).includes(key)) {
    return { kind: "url", url: repositoryUrl(table, { key, address, place }) };
  }
  if (hasScheme(address))
    return { kind: "url", url: withSubdirectory(address, readSubdirectory(table, place)) };
  if (key === "url") throw fieldError(within(place, key), `is ${quote(address)}, which is no URL`);
  const editable = readBoolean(table, "editable", place) ?? readBoolean(table, "develop", place) ?? false;
  return { kind: "path", path: address, editable };
}

interface Repository {
  readonly key: string;
  readonly address: string;
  readonly place: Place;
}

/** `git+https://…@revision#subdirectory=…`; the short form of ssh, `git@host:path`, is written out. */
function repositoryUrl(table: Table, { key, address, place }: Repository): string {
  const named = revisions.filter((revision) => fieldOf(table, revision) !== undefined);
  if (named.length > 1) throw fieldError(place, `has both ${quote(named[0]!)} and ${quote(named[1]!)}`);
  const revision = named[0] === undefined ? undefined : readText(table, named[0], place);
  const short = /^([\w.-]{1,100}@[\w.-]{1,255}):(?!\/)(.{1,1000})$/.exec(address);
  const full = short === null ? address : `ssh://${short[1]}/${short[2]}`;
  const url = full.startsWith(`${key}+`) ? full : `${key}+${full}`;
  if (!/^[a-z]+\+[a-z]+:/.test(url))
    throw fieldError(within(place, key), `is ${quote(address)}, which is no URL`);
  const pinned = revision === undefined ? url : `${url}@${revision}`;
  if (/\s/.test(pinned)) throw fieldError(place, "has a revision with white space");
  return withSubdirectory(pinned, readSubdirectory(table, place));
}

function readSubdirectory(table: Table, place: Place): string | undefined {
  return readText(table, "subdirectory", place);
}

function withSubdirectory(url: string, folder: string | undefined): string {
  if (folder === undefined) return url;
  return `${url}${url.includes("#") ? "&" : "#"}subdirectory=${encodeURI(folder)}`;
}
