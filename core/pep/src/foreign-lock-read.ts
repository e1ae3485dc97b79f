// One door for the locks of all programs: which of them a file is of is told by its name, else by what it looks like.

import { quote, ThothError } from "./error.ts";
import { fieldOf, isTable, placeOf, readTable, within } from "./fields.ts";
import {
  emptyForeignLock,
  type ForeignLock,
  foreignPackage,
  type LockFormat,
  lockFormats,
} from "./foreign-lock.ts";
import { type PinsOptions, readHashedRequirements, readPipfileLock } from "./foreign-pins.ts";
import { parsePdmRoots, parsePoetryRoots } from "./lock-roots.ts";
import { parsePdmLock } from "./pdm-lock.ts";
import { parsePoetryLock } from "./poetry-lock.ts";
import { isPylockFilename, type Pylock } from "./pylock.ts";
import { parsePylock } from "./pylock-read.ts";
import { parseToml } from "./toml.ts";
import { parseUvLock, type UvLockOptions } from "./uv-lock.ts";

export interface ForeignLockOptions extends PinsOptions {
  /** Default: as the file's name and content say. */
  readonly format?: LockFormat;
  /** The text of the pyproject.toml that lies beside the lock. */
  readonly pyproject?: string;
}

/** Throws invalid-lock, invalid-requirement, invalid-project (of pyproject.toml), limit-exceeded. */
export function readForeignLock(
  filename: string,
  text: string,
  options: ForeignLockOptions = {},
): ForeignLock {
  const { pyproject, format = lockFormatOf(filename, text) } = options;
  switch (format) {
    case "pylock":
      return ofPylock(parsePylock(text));
    case "pipfile-lock":
      return readPipfileLock(text, filename, options);
    case "requirements":
      return readHashedRequirements(text, filename, options);
    case "poetry":
      return parsePoetryLock(
        text,
        filename,
        pyproject === undefined ? undefined : parsePoetryRoots(pyproject),
      );
    case "pdm":
      return parsePdmLock(
        text,
        filename,
        pyproject === undefined ? undefined : parsePdmRoots(pyproject, options.variable),
      );
    case "uv":
      return parseUvLock(text, filename, pyproject === undefined ? {} : uvOptions(pyproject));
    default:
      return format satisfies never;
  }
}

function ofPylock({ packages, createdBy: _, lockVersion: __, warnings = [], ...lock }: Pylock): ForeignLock {
  return { ...emptyForeignLock, ...lock, format: "pylock", packages: packages.map(foreignPackage), warnings };
}

/** https://docs.astral.sh/uv/reference/settings/#default-groups */
function uvOptions(pyproject: string): UvLockOptions {
  const place = placeOf("invalid-project", "The file `pyproject.toml`");
  const tool = readTable(parseToml(pyproject, place), "tool", place) ?? {};
  const uv = readTable(tool, "uv", within(place, "tool")) ?? {};
  const groups = fieldOf(uv, "default-groups");
  if (groups === "all") return { defaultGroups: "all" };
  if (Array.isArray(groups)) return { defaultGroups: groups.filter((name) => typeof name === "string") };
  return {};
}

const names: ReadonlyMap<string, LockFormat> = new Map([
  ["Pipfile.lock", "pipfile-lock"],
  ["poetry.lock", "poetry"],
  ["uv.lock", "uv"],
  ["pdm.lock", "pdm"],
]);

export function lockFormatOf(filename: string, text: string): LockFormat {
  const name = filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
  const known = names.get(name);
  if (known !== undefined) return known;
  if (isPylockFilename(name)) return "pylock";
  if (/\.(?:txt|in)$/.test(name)) return "requirements";
  if (/^\s{0,1000}\{/.test(text)) return "pipfile-lock";
  if (name.endsWith(".toml") || /^(?:version|lock-version)\s?=|^\[{1,2}(?:package|metadata)\b/m.test(text))
    return tomlFormat(filename, text);
  return "requirements";
}

/** By the tables that only one of them has. */
function tomlFormat(filename: string, text: string): LockFormat {
  const table = parseToml(text, placeOf("invalid-lock", `The lock file ${quote(filename)}`));
  if (fieldOf(table, "lock-version") !== undefined || fieldOf(table, "packages") !== undefined)
    return "pylock";
  const metadata = fieldOf(table, "metadata");
  if (isTable(metadata)) {
    if (fieldOf(metadata, "lock-version") !== undefined) return "poetry";
    if (fieldOf(metadata, "lock_version") !== undefined) return "pdm";
  }
  if (fieldOf(table, "version") !== undefined) return "uv";
  throw new ThothError("invalid-lock", `${quote(filename)} is the lock of no program that is known.`, {
    hint: `Name the format with --lock-format: ${lockFormats.join(", ")}.`,
    details: { path: filename },
  });
}
