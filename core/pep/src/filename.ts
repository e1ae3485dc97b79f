// File names of wheels and source distributions, which say what a file is before it is opened.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention
// https://packaging.python.org/en/latest/specifications/source-distribution-format/#source-distribution-file-name

import { type ErrorCode, quote, ThothError } from "./error.ts";
import { isValidName, normalizeName, type PackageName } from "./name.ts";
import { parseTagSet } from "./tag.ts";
import { tryParseVersion, type Version, type VersionNumber } from "./version.ts";

/** Of two wheels with equally good tags the one with the greater build tag is taken: by number, then by suffix. */
export interface BuildTag {
  readonly number: VersionNumber;
  readonly suffix: string;
}

export interface WheelFilename {
  readonly name: PackageName;
  readonly version: Version;
  readonly build?: BuildTag;
  /** As written: `cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64`. */
  readonly tagSet: string;
  readonly tags: readonly string[];
}

export interface SdistFilename {
  readonly name: PackageName;
  readonly version: Version;
}

const LONGEST_FILENAME = 1024;
const SDIST_SUFFIXES = [".tar.gz", ".zip"];
/** Read only where the project is known: `.tgz` and the others were allowed once. */
const OLD_SDIST_SUFFIXES = [...SDIST_SUFFIXES, ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar"];

/** Throws `invalid-wheel` with `details.position`, or `limit-exceeded`. */
export function parseWheelFilename(filename: string): WheelFilename {
  const result = readWheelFilename(filename);
  if ("problem" in result) {
    const message = `${quote(filename)} is not a valid name of a wheel: ${result.problem}`;
    throw new ThothError(result.code ?? "invalid-wheel", message, {
      details: { position: result.position, text: filename.slice(0, 200) },
    });
  }
  return result;
}

export function tryParseWheelFilename(filename: string): WheelFilename | undefined {
  const result = readWheelFilename(filename);
  return "problem" in result ? undefined : result;
}

/** Negative when `left` is the lesser; no build tag is the least. */
export function compareBuildTags(left: BuildTag | undefined, right: BuildTag | undefined): number {
  if (left === undefined || right === undefined)
    return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
  if (left.number !== right.number) return left.number < right.number ? -1 : 1;
  return left.suffix < right.suffix ? -1 : left.suffix > right.suffix ? 1 : 0;
}

/**
 * Throws `invalid-wheel`. With `project` the name is split where the project's ends, which copes with old file
 * names whose version has a hyphen, and other archives than `.tar.gz` and `.zip` are read.
 */
export function parseSdistFilename(filename: string, project?: PackageName): SdistFilename {
  const result = tryParseSdistFilename(filename, project);
  if (result !== undefined) return result;
  throw new ThothError("invalid-wheel", `${quote(filename)} is not a valid name of a source distribution`, {
    details: { position: Math.max(filename.lastIndexOf("-"), 0), text: filename.slice(0, 200) },
  });
}

export function tryParseSdistFilename(filename: string, project?: PackageName): SdistFilename | undefined {
  const suffixes = project === undefined ? SDIST_SUFFIXES : OLD_SDIST_SUFFIXES;
  const suffix = suffixes.find((candidate) => filename.endsWith(candidate));
  if (suffix === undefined || filename.length > LONGEST_FILENAME) return undefined;
  const stem = filename.slice(0, -suffix.length);
  return project === undefined ? splitAtLastHyphen(stem) : splitAfterProject(stem, project);
}

function splitAtLastHyphen(stem: string): SdistFilename | undefined {
  const hyphen = stem.lastIndexOf("-");
  if (hyphen <= 0) return undefined;
  const name = stem.slice(0, hyphen);
  const version = isOldName(name) ? tryParseVersion(stem.slice(hyphen + 1)) : undefined;
  return version === undefined ? undefined : { name: normalizeName(name), version };
}

/** Names of old may have letters of any script. */
function isOldName(text: string): boolean {
  return isValidName(text) || /^[\p{L}\p{N}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}])?$/u.test(text);
}

function splitAfterProject(stem: string, project: PackageName): SdistFilename | undefined {
  for (let hyphen = stem.indexOf("-"); hyphen > 0; hyphen = stem.indexOf("-", hyphen + 1)) {
    if (normalizeName(stem.slice(0, hyphen)) !== project) continue;
    const version = tryParseVersion(stem.slice(hyphen + 1));
    if (version !== undefined) return { name: project, version };
  }
  return undefined;
}

interface FilenameFault {
  readonly problem: string;
  readonly position: number;
  readonly code?: ErrorCode;
}

function readWheelFilename(filename: string): WheelFilename | FilenameFault {
  if (!filename.endsWith(".whl"))
    return { problem: "it does not end in `.whl`", position: Math.max(filename.lastIndexOf("."), 0) };
  if (filename.length > LONGEST_FILENAME) return { problem: "it is too long", position: LONGEST_FILENAME };
  const parts = filename.slice(0, -4).split("-");
  if (parts.length !== 5 && parts.length !== 6)
    return { problem: "it does not have five or six parts", position: filename.length - 4 };
  const [name, versionText, third] = parts as [string, string, string];
  if (name.includes("__") || !isEscapedName(name))
    return { problem: "its first part names no project", position: 0 };
  const afterName = name.length + 1;
  const version = tryParseVersion(versionText);
  if (version === undefined) return { problem: "its second part is no version", position: afterName };
  const afterVersion = afterName + versionText.length + 1;
  const build = parts.length === 6 ? readBuildTag(third) : undefined;
  if (parts.length === 6 && build === undefined)
    return { problem: "its build tag does not begin with a number", position: afterVersion };
  const tagSet = parts.slice(-3).join("-");
  try {
    const tags = parseTagSet(tagSet);
    return { name: normalizeName(name), version, ...(build === undefined ? {} : { build }), tagSet, tags };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    const within = (error.details?.["position"] as number | undefined) ?? 0;
    const position = filename.length - 4 - tagSet.length + within;
    return { problem: error.message, position, code: error.code };
  }
}

/** What PEP 427 makes of a name: letters and digits of any script, `_` and `.`. */
function isEscapedName(text: string): boolean {
  return isValidName(text) || /^[\p{L}\p{N}_.]+$/u.test(text);
}

function readBuildTag(text: string): BuildTag | undefined {
  const digits = /^[0-9]+/.exec(text)?.[0];
  if (digits === undefined || /[\s\u0000-\u001f\u007f]/.test(text)) return undefined;
  return { number: digits.length <= 15 ? Number(digits) : BigInt(digits), suffix: text.slice(digits.length) };
}
