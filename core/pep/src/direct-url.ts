// direct_url.json: where an installed distribution came from when it was not an index.
// https://packaging.python.org/en/latest/specifications/direct-url-data-structure/

import { ThothError } from "./error.ts";
import {
  compact,
  fieldError,
  isTable,
  type Place,
  placeOf,
  readBoolean,
  readTable,
  readText,
  readTextTable,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { parseJson } from "./json.ts";

interface DirectUrlBase {
  /** May hold credentials only as variables, `${NAME}`, or as the user `git`. */
  readonly url: string;
  readonly subdirectory?: string;
}

export type DirectUrl =
  | (DirectUrlBase & { readonly kind: "archive"; readonly hashes: Readonly<Record<string, string>> })
  | (DirectUrlBase & { readonly kind: "directory"; readonly editable: boolean })
  | (DirectUrlBase & {
      readonly kind: "repository";
      readonly system: string;
      /** Exact and immutable. */
      readonly commitId: string;
      readonly requestedRevision?: string;
    });

const lengthLimit = 1024 * 1024;

/** Throws invalid-metadata with `details.path`, or limit-exceeded. */
export function parseDirectUrl(text: string): DirectUrl {
  const place = placeOf("invalid-metadata", "The file `direct_url.json`");
  if (text.length > lengthLimit) {
    throw new ThothError("limit-exceeded", `${place.document} is longer than ${lengthLimit} characters.`, {
      details: { limit: "length", allowed: lengthLimit },
    });
  }
  const table = parseJson(text, place);
  if (!isTable(table)) throw fieldError(place, "is not a table");
  const [key, second] = ["archive_info", "dir_info", "vcs_info"].filter((info) => Object.hasOwn(table, info));
  if (key === undefined) throw fieldError(place, "has none of `archive_info`, `dir_info` and `vcs_info`");
  if (second !== undefined) throw fieldError(within(place, second), `is given beside \`${key}\``);
  const base = compact<DirectUrlBase>({
    url: requireText(table, "url", place),
    subdirectory: readText(table, "subdirectory", place),
  });
  const info = readTable(table, key, place);
  const at = within(place, key);
  if (info === undefined) throw fieldError(at, "must be a table");
  if (key === "archive_info") return { kind: "archive", ...base, hashes: readHashes(info, at) };
  if (key === "dir_info") {
    if (!isAbsoluteFileUrl(base.url))
      throw fieldError(within(place, "url"), "must be an absolute `file:` URL");
    return { kind: "directory", ...base, editable: readBoolean(info, "editable", at) ?? false };
  }
  return compact<DirectUrl>({
    kind: "repository",
    ...base,
    system: requireText(info, "vcs", at),
    commitId: requireText(info, "commit_id", at),
    requestedRevision: readText(info, "requested_revision", at),
  });
}

/** Other schemes are left to who opens them; a `file:` URL must not depend on a folder or lie on another machine. */
function isAbsoluteFileUrl(url: string): boolean {
  return !/^file:/i.test(url) || /^file:(?:\/\/(?:localhost)?\/|\/(?!\/))/i.test(url);
}

/** `hashes`, and the old `hash` where it says something more. */
function readHashes(info: Table, place: Place): Readonly<Record<string, string>> {
  const hashes: Record<string, string> = Object.assign(
    Object.create(null),
    readTextTable(info, "hashes", place),
  );
  const old = readText(info, "hash", place);
  if (old === undefined) return hashes;
  const equals = old.indexOf("=");
  if (equals <= 0) throw fieldError(within(place, "hash"), "must be `algorithm=digest`");
  hashes[old.slice(0, equals)] ??= old.slice(equals + 1);
  return hashes;
}

/** As JSON on one line, credentials left out of the URL. */
export function formatDirectUrl(direct: DirectUrl): string {
  const { subdirectory } = direct;
  const url = withoutCredentials(direct.url);
  return JSON.stringify({ url, ...infoOf(direct), ...(subdirectory === undefined ? {} : { subdirectory }) });
}

function infoOf(direct: DirectUrl): Table {
  switch (direct.kind) {
    case "archive": {
      const hashes = Object.keys(direct.hashes).length === 0 ? {} : { hashes: direct.hashes };
      return { archive_info: hashes };
    }
    case "directory":
      return { dir_info: direct.editable ? { editable: true } : {} };
    case "repository":
      return {
        vcs_info: compact<Table>({
          vcs: direct.system,
          requested_revision: direct.requestedRevision,
          commit_id: direct.commitId,
        }),
      };
    default:
      return direct satisfies never;
  }
}

/** The specification allows the user `git`, and variables in the place of a user and a password. */
function withoutCredentials(url: string): string {
  const start = url.indexOf("://") + 3;
  if (start < 3) return url;
  const length = url.slice(start).search(/[/?#]/);
  const end = length === -1 ? url.length : start + length;
  const at = url.lastIndexOf("@", end - 1);
  if (at < start) return url;
  const user = url.slice(start, at);
  if (user === "git" || /^\$\{[A-Za-z0-9_-]+\}(?::\$\{[A-Za-z0-9_-]+\})?$/.test(user)) return url;
  return url.slice(0, start) + url.slice(at + 1);
}
