// Where the members of a wheel may lie: below the folder that they are unpacked in, in the folders that the
// format names, each once, and nowhere else.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-contents

import type { ZipMember } from "@thoth/index";
import { normalizeName, quote, ThothError, tryParseVersion, type WheelFilename } from "@thoth/pep";

export interface WheelLayout {
  readonly distInfo: string;
  /** Members that are files, by their names. */
  readonly files: ReadonlyMap<string, ZipMember>;
}

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LONGEST_NAME = 4096;
const LONGEST_PART = 255;
const DATA_FOLDERS: ReadonlySet<string> = new Set(["purelib", "platlib", "headers", "scripts", "data"]);
/** Programs by which an environment works: no package may put its own in their place. */
const ENVIRONMENT_PROGRAM = /^(?:pythonw?(?:\d+(?:\.\d+)*t?)?|activate(?:_this)?|deactivate)(?:\.\w+)?$/i;
const foldsCase = process.platform === "win32" || process.platform === "darwin";

/** Throws path-escape or invalid-wheel. */
export function checkLayout(members: readonly ZipMember[], filename: WheelFilename): WheelLayout {
  const files = new Map<string, ZipMember>();
  const seen = new Set<string>();
  for (const member of members) {
    checkName(member);
    checkType(member);
    const key = keyOf(member.name);
    if (seen.has(key)) throw invalid(`it has two members ${quote(member.name)}`);
    seen.add(key);
    if (!member.directory) files.set(member.name, member);
  }
  checkFoldersAreNoFiles(files);
  const distInfo = findDistInfo(files, filename);
  const dataFolder = `${distInfo.slice(0, -".dist-info".length)}.data`;
  for (const name of files.keys()) checkPlace(name, dataFolder);
  return { distInfo, files };
}

/** A name of a program that is put beside the environment's own. Throws path-escape. */
export function checkProgramName(name: string): void {
  const bad =
    name === "" ||
    name === "." ||
    name === ".." ||
    name.length > LONGEST_PART ||
    /[/\\:\u0000-\u001f\u007f]/.test(name) ||
    ENVIRONMENT_PROGRAM.test(name);
  if (bad) throw escapes(`the program ${quote(name)}`);
}

/** What is listed may be removed again one day, whether the wheel holds it or not. Throws path-escape. */
export function checkRecordedPath(path: string): void {
  const leaves =
    path.startsWith("/") || path.includes("\\") || /^[A-Za-z]:/.test(path) || path.split("/").includes("..");
  if (leaves) throw escapes(`RECORD lists ${quote(path)}`);
}

export function invalid(why: string): ThothError {
  return new ThothError("invalid-wheel", `The wheel is not valid: ${why}.`);
}

function escapes(what: string): ThothError {
  return new ThothError("path-escape", `The wheel would write outside its place: ${what}.`);
}

function checkName({ name, directory }: ZipMember): void {
  const shown = quote(name);
  const path = directory ? name.slice(0, -1) : name;
  if (path.startsWith("/") || path.includes("\\") || /^[A-Za-z]:/.test(path)) throw escapes(shown);
  if (/[\u0000-\u001f\u007f]/.test(path)) throw invalid(`the name ${shown} has control characters`);
  if (path.length > LONGEST_NAME) throw invalid(`the name ${shown} is too long`);
  for (const part of path.split("/")) {
    if (part === "..") throw escapes(shown);
    if (part === "" || part === ".") throw invalid(`the name ${shown} is not in normal form`);
    if (Buffer.byteLength(part) > LONGEST_PART) throw invalid(`the name ${shown} is too long`);
  }
}

/** Links would lead what is unpacked later to another place. */
function checkType({ name, directory, mode }: ZipMember): void {
  const type = mode & FILE_TYPE;
  if (type === 0 || type === (directory ? FOLDER : REGULAR)) return;
  if (directory && type === REGULAR) return;
  throw escapes(`${quote(name)} is no ordinary file`);
}

function keyOf(name: string): string {
  const path = name.endsWith("/") ? name.slice(0, -1) : name;
  return foldsCase ? path.normalize("NFC").toLowerCase() : path;
}

function checkFoldersAreNoFiles(files: ReadonlyMap<string, ZipMember>): void {
  const names = new Set(Array.from(files.keys(), keyOf));
  const checked = new Set<string>();
  for (const name of names) {
    for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1)) {
      const folder = name.slice(0, at);
      if (checked.has(folder)) break;
      checked.add(folder);
      if (names.has(folder)) throw invalid(`${quote(folder)} is a file and a folder`);
    }
  }
}

/** The one `.dist-info` folder, named as the wheel is. */
function findDistInfo(files: ReadonlyMap<string, ZipMember>, filename: WheelFilename): string {
  const folders = new Set<string>();
  for (const name of files.keys()) {
    const top = name.slice(0, name.indexOf("/") + 1).slice(0, -1);
    if (top.toLowerCase().endsWith(".dist-info")) folders.add(top);
  }
  const [distInfo] = folders;
  if (distInfo === undefined) throw invalid("it has no folder `.dist-info`");
  if (folders.size > 1) throw invalid("it has several folders `.dist-info`");
  const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(distInfo) ?? [];
  const parsed = version === undefined ? undefined : tryParseVersion(version.replaceAll("_", "-"));
  const other = version === undefined ? undefined : tryParseVersion(version);
  const versionAgrees = [parsed, other].some((one) => one?.text === filename.version.text);
  if (name === undefined || normalizeName(name) !== filename.name || !versionAgrees) {
    throw new ThothError(
      "metadata-mismatch",
      `The folder ${quote(distInfo)} in the wheel is not that of ${filename.name} ${filename.version.text}.`,
      { details: { package: filename.name, version: filename.version.text, found: distInfo } },
    );
  }
  return distInfo;
}

function checkPlace(name: string, dataFolder: string): void {
  const [top = "", kind = "", ...rest] = name.split("/");
  if (!top.toLowerCase().endsWith(".data") || (kind === "" && rest.length === 0)) return;
  if (top !== dataFolder || !DATA_FOLDERS.has(kind) || rest.length === 0) throw escapes(quote(name));
  if (kind === "scripts") checkProgramName(rest[0]!);
  if (kind === "data" && replacesEnvironment(rest)) throw escapes(quote(name));
}

/** Data are unpacked at the top of the environment, where its settings and programs lie. */
function replacesEnvironment([top = "", second = ""]: readonly string[]): boolean {
  const folder = top.toLowerCase();
  if (folder === "pyvenv.cfg" || folder === "thoth-environment.json") return true;
  return (folder === "bin" || folder === "scripts") && ENVIRONMENT_PROGRAM.test(second);
}
