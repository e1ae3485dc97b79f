// Where a package lies when a table says so instead of naming versions, as Pipfiles, Poetry and uv do: a repository,
// a URL or a path. https://pip.pypa.io/en/stable/topics/vcs-support/

import { quote } from "./error.ts";
import {
  compact,
  fieldError,
  fieldOf,
  type Place,
  readBoolean,
  readText,
  type Table,
  within,
} from "./fields.ts";
import { hasScheme } from "./requirements-file-requirement.ts";

export type DirectSource =
  | {
      readonly kind: "repository";
      readonly system: "git" | "hg" | "svn" | "bzr";
      /** As written; `git@host:path` is a short form of ssh. */
      readonly address: string;
      readonly revision?: string;
      readonly subdirectory?: string;
      readonly editable?: boolean;
    }
  | { readonly kind: "url"; readonly url: string; readonly subdirectory?: string }
  | { readonly kind: "path"; readonly path: string; readonly editable?: boolean };

const systems = ["git", "hg", "svn", "bzr"] as const;
const revisions = ["ref", "rev", "tag", "branch"] as const;
const addresses = [...systems, "url", "file", "path"] as const;

/** Undefined when the table names none. Throws with the code of `place` when it names two, or none that can be. */
export function readDirectSource(table: Table, place: Place): DirectSource | undefined {
  const key = onlyOne(table, addresses, place);
  if (key === undefined) return undefined;
  const at = within(place, key);
  const address = readText(table, key, place)?.trim() ?? "";
  const isPath = (key === "path" || key === "file") && !hasScheme(address);
  const unfit = isPath ? /[\u0000-\u001f\u007f]/ : /[\s\u0000-\u001f\u007f-\u009f]/;
  if (address === "" || unfit.test(address)) throw fieldError(at, `must be a ${isPath ? "path" : "URL"}`);
  const editable = readBoolean(table, "editable", place) ?? readBoolean(table, "develop", place);
  if (isPath) return compact<DirectSource>({ kind: "path", path: address, editable });
  const subdirectory = readText(table, "subdirectory", place);
  const system = systems.find((name) => name === key);
  if (system === undefined) {
    if (!hasScheme(address)) throw fieldError(at, `is ${quote(address)}, which is no URL`);
    return compact<DirectSource>({ kind: "url", url: address, subdirectory });
  }
  const named = onlyOne(table, revisions, place);
  const revision = named === undefined ? undefined : readText(table, named, place);
  if (revision !== undefined && /[\s#\u0000-\u001f\u007f]/.test(revision)) {
    throw fieldError(within(place, named!), `is ${quote(revision)}, which is no revision`);
  }
  const source = compact<DirectSource>({
    kind: "repository",
    system,
    address,
    revision,
    subdirectory,
    editable,
  });
  if (!/^[a-z]+\+[a-z]+:/.test(directUrl(source)!))
    throw fieldError(at, `is ${quote(address)}, which is no URL`);
  return source;
}

function onlyOne<K extends string>(table: Table, keys: readonly K[], place: Place): K | undefined {
  const [first, second] = keys.filter((key) => fieldOf(table, key) !== undefined);
  if (second !== undefined) throw fieldError(place, `has both ${quote(first!)} and ${quote(second)}`);
  return first;
}

/** As a requirement has it, `git+https://…@revision#subdirectory=…`; undefined for a path. */
export function directUrl(source: DirectSource): string | undefined {
  if (source.kind === "path") return undefined;
  if (source.kind === "url") return withSubdirectory(source.url, source.subdirectory);
  const { system, address, revision, subdirectory } = source;
  const short = /^([\w.-]{1,100}@[\w.-]{1,255}):(?!\/)(.{1,1000})$/.exec(address);
  const full = short === null ? address : `ssh://${short[1]}/${short[2]}`;
  const url = full.startsWith(`${system}+`) ? full : `${system}+${full}`;
  return withSubdirectory(revision === undefined ? url : `${url}@${revision}`, subdirectory);
}

function withSubdirectory(url: string, folder: string | undefined): string {
  if (folder === undefined) return url;
  return `${url}${url.includes("#") ? "&" : "#"}subdirectory=${encodeURI(folder.toWellFormed())}`;
}

/** As a Pipfile and its lock have it. */
export function directTable(source: DirectSource): Table {
  if (source.kind === "path") return compact<Table>({ path: source.path, editable: source.editable });
  if (source.kind === "url") return compact<Table>({ file: source.url, subdirectory: source.subdirectory });
  const { system, address, revision, subdirectory, editable } = source;
  return compact<Table>({ [system]: address, ref: revision, subdirectory, editable });
}
