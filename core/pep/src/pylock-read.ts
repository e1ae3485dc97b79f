// Reading and checking a PEP 751 lock, from TOML text or from the same structure as JSON.
// https://packaging.python.org/en/latest/specifications/pylock-toml/#file-format

import { quote, ThothError } from "./error.ts";
import {
  checkDepth,
  compact,
  convert,
  fieldError,
  fieldOf,
  isTable,
  type Place,
  placeOf,
  readAs,
  readBoolean,
  readCount,
  readTable,
  readTableList,
  readText,
  readTextList,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { parseSdistFilename, parseWheelFilename } from "./filename.ts";
import { parseMarker } from "./marker.ts";
import { isNormalizedName, type PackageName } from "./name.ts";
import { problemOfFilename } from "./project-page-entry.ts";
import {
  type Pylock,
  type PylockArchive,
  type PylockDirectory,
  type PylockFile,
  type PylockPackage,
  type PylockVcs,
  pylockFilename,
} from "./pylock.ts";
import { parseSpecifiers } from "./specifier.ts";
import { parseToml, TomlTime } from "./toml.ts";
import { parseVersion, type Version } from "./version.ts";
import { compareVersions } from "./version-order.ts";

const document = "The lock file";
const limits = { packages: 100_000, depth: 100 } as const;

/** Throws invalid-lock with `details.path` or `details.line`, or limit-exceeded. */
export function parsePylock(text: string): Pylock {
  return readPylock(parseToml(text, placeOf("invalid-lock", document)));
}

/** From what JSON.parse gives. Throws as `parsePylock` does. */
export function pylockFromJson(value: unknown): Pylock {
  if (!isTable(value)) throw fieldError(placeOf("invalid-lock", document), "is not a table");
  checkDepth(value, limits.depth, document);
  return readPylock(value);
}

function readPylock(table: Table): Pylock {
  const place = placeOf("invalid-lock", document);
  const version = convert(
    requireText(table, "lock-version", place),
    parseVersion,
    within(place, "lock-version"),
  );
  const warnings = checkLockVersion(version);
  const packages = readTableList(table, "packages", place);
  if (packages === undefined) throw fieldError(within(place, "packages"), "is missing");
  if (packages.length > limits.packages) {
    throw new ThothError("limit-exceeded", `${document} has more than ${limits.packages} packages.`, {
      details: { limit: "packages", allowed: limits.packages },
    });
  }
  const environments = readTextList(table, "environments", place);
  const at = within(place, "environments");
  return compact<Pylock>({
    lockVersion: version.text,
    environments: environments?.map((text, position) => convert(text, parseMarker, within(at, position))),
    requiresPython: readAs(table, "requires-python", place, parseSpecifiers),
    extras: readNames(table, "extras", place),
    dependencyGroups: readTextList(table, "dependency-groups", place),
    defaultGroups: readTextList(table, "default-groups", place),
    createdBy: requireText(table, "created-by", place),
    packages: packages.map((entry, position) =>
      readPackage(entry, within(within(place, "packages"), position)),
    ),
    tool: readTable(table, "tool", place),
    warnings: warnings.length === 0 ? undefined : warnings,
  });
}

function checkLockVersion(version: Version): readonly string[] {
  if (
    compareVersions(version, parseVersion("1")) < 0 ||
    compareVersions(version, parseVersion("2.dev0")) >= 0
  ) {
    throw fieldError(
      { ...placeOf("invalid-lock", document), path: "lock-version" },
      `is ${quote(version.text)}; known are the versions from 1.0 to before 2`,
    );
  }
  if (compareVersions(version, parseVersion("1.0")) === 0) return [];
  return [
    `The lock file has version ${version.text} of its format; 1.0 is known, so parts may go unnoticed.`,
  ];
}

function checkName(text: string, place: Place): PackageName {
  if (isNormalizedName(text)) return text as PackageName;
  throw fieldError(place, `is ${quote(text)}, which is no name in normal form`);
}

function readNames(table: Table, key: string, place: Place): readonly string[] | undefined {
  const names = readTextList(table, key, place);
  names?.forEach((name, position) => {
    checkName(name, within(within(place, key), position));
  });
  return names;
}

function readPackage(table: Table, place: Place): PylockPackage {
  const entry = compact<PylockPackage>({
    name: checkName(requireText(table, "name", place), within(place, "name")),
    version: readAs(table, "version", place, parseVersion),
    marker: readAs(table, "marker", place, parseMarker),
    requiresPython: readAs(table, "requires-python", place, parseSpecifiers),
    dependencies: readTableList(table, "dependencies", place),
    vcs: readPart(table, "vcs", place, readVcs),
    directory: readPart(table, "directory", place, readDirectory),
    archive: readPart(table, "archive", place, readArchive),
    index: readText(table, "index", place),
    sdist: readPart(table, "sdist", place, readFile),
    wheels: readTableList(table, "wheels", place)?.map((wheel, position) =>
      readFile(wheel, within(within(place, "wheels"), position)),
    ),
    attestationIdentities: readTableList(table, "attestation-identities", place),
    tool: readTable(table, "tool", place),
  });
  checkSources(entry, place);
  checkFiles(entry, place);
  entry.attestationIdentities?.forEach((identity, position) => {
    requireText(identity, "kind", within(within(place, "attestation-identities"), position));
  });
  return entry;
}

function readPart<T>(
  table: Table,
  key: string,
  place: Place,
  read: (part: Table, place: Place) => T,
): T | undefined {
  const part = readTable(table, key, place);
  return part === undefined ? undefined : read(part, within(place, key));
}

function checkSources(entry: PylockPackage, place: Place): void {
  const direct = [entry.vcs, entry.directory, entry.archive].filter((source) => source !== undefined).length;
  const files = (entry.sdist === undefined ? 0 : 1) + (entry.wheels?.length ?? 0);
  if (files > 0 && direct > 0) throw fieldError(place, "has files beside `vcs`, `directory` or `archive`");
  if (files === 0 && direct !== 1) {
    throw fieldError(place, "must have files or exactly one of `vcs`, `directory` and `archive`");
  }
}

function checkFiles(entry: PylockPackage, place: Place): void {
  const check = (
    file: PylockFile,
    at: Place,
    parse: (name: string) => { name: PackageName; version: Version },
  ) => {
    const filename = pylockFilename(file);
    const problem = problemOfFilename(filename);
    if (problem !== undefined) throw fieldError(at, `cannot be used: ${problem}`);
    const parsed = convert(filename, parse, at);
    if (parsed.name !== entry.name)
      throw fieldError(at, `is ${quote(filename)}, which is no file of ${entry.name}`);
    if (entry.version !== undefined && compareVersions(parsed.version, entry.version) !== 0) {
      throw fieldError(at, `is ${quote(filename)}, which is not of version ${entry.version.text}`);
    }
  };
  entry.wheels?.forEach((wheel, position) => {
    check(wheel, within(within(place, "wheels"), position), parseWheelFilename);
  });
  if (entry.sdist !== undefined) check(entry.sdist, within(place, "sdist"), parseSdistFilename);
}

function readVcs(table: Table, place: Place): PylockVcs {
  return withAddress(
    compact<PylockVcs>({
      type: requireText(table, "type", place),
      url: readText(table, "url", place),
      path: readText(table, "path", place),
      requestedRevision: readText(table, "requested-revision", place),
      commitId: requireText(table, "commit-id", place),
      subdirectory: readText(table, "subdirectory", place),
    }),
    place,
  );
}

function readDirectory(table: Table, place: Place): PylockDirectory {
  return compact<PylockDirectory>({
    path: requireText(table, "path", place),
    editable: readBoolean(table, "editable", place),
    subdirectory: readText(table, "subdirectory", place),
  });
}

function readArchive(table: Table, place: Place): PylockArchive {
  return withAddress(
    compact<PylockArchive>({
      url: readText(table, "url", place),
      path: readText(table, "path", place),
      size: readCount(table, "size", place),
      uploadTime: readTime(table, "upload-time", place),
      hashes: readHashes(table, place),
      subdirectory: readText(table, "subdirectory", place),
    }),
    place,
  );
}

function readFile(table: Table, place: Place): PylockFile {
  return withAddress(
    compact<PylockFile>({
      name: readText(table, "name", place),
      uploadTime: readTime(table, "upload-time", place),
      url: readText(table, "url", place),
      path: readText(table, "path", place),
      size: readCount(table, "size", place),
      hashes: readHashes(table, place),
    }),
    place,
  );
}

function withAddress<T extends { readonly url?: string; readonly path?: string }>(
  source: T,
  place: Place,
): T {
  if (!source.url && !source.path) throw fieldError(place, "must have a path or a URL");
  return source;
}

function readHashes(table: Table, place: Place): Readonly<Record<string, string>> {
  const entries = readTable(table, "hashes", place);
  if (entries === undefined) throw fieldError(within(place, "hashes"), "is missing");
  return checkHashes(entries, within(place, "hashes"));
}

/** At least one digest, each a text. */
export function checkHashes(entries: Table, place: Place): Readonly<Record<string, string>> {
  const names = Object.keys(entries);
  if (names.length === 0) throw fieldError(place, "must have at least one digest");
  const hashes: Record<string, string> = Object.create(null);
  for (const name of names) hashes[name] = requireText(entries, name, place);
  return hashes;
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)?$/;

/** A date-time of TOML, or its text in JSON. */
function readTime(table: Table, key: string, place: Place): string | undefined {
  const value = fieldOf(table, key);
  const text = value instanceof TomlTime ? value.text : value;
  if (text === undefined || (typeof text === "string" && isoTime.test(text))) return text;
  throw fieldError(within(place, key), "must be a date and time");
}
