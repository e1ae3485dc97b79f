// What a wheel holds, from the list of its members and the bytes of a few of them. The reader asks for members one by
// one and never for the archive, so that it serves a file on disk and one of which ranges are fetched alike.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/

import type { ContentsFact, NativeLibrary } from "@thoth/knowledge";
import { type CoreMetadata, parseMetadata, quote, ThothError } from "@thoth/pep";
import { isElf, namesSymbol, readElf } from "./elf.ts";
import { type EntryPoint, readEntryPoints } from "./entry-points.ts";
import { licenceOf } from "./licence.ts";
import { moduleFile, withPackages } from "./module-names.ts";

export interface Member {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
}

export interface WheelMembers {
  readonly filename: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Files, no folders. */
  readonly members: readonly Member[];
  /** Whether native files are asked for; without them extension modules are told by their names alone. Default true. */
  readonly native?: boolean;
}

/** Yields the name of a member, and takes its bytes, or undefined where they cannot be had. */
export type MemberReader<Result> = Generator<string, Result, Uint8Array | undefined>;

const MOST_MEMBERS = 1_000_000;
const MOST_LICENCES = 64;
/** Bytes of a text; the longest real licence files have about 1 MB. */
const LONGEST_TEXT = 4 * 1024 * 1024;
/** Bytes of a native file; it is held in memory as a whole. */
const LARGEST_NATIVE = 512 * 1024 * 1024;
const LICENCE = /^(?:licen[cs]es?|copying|notice|authors|unlicense)(?:$|[-_.])/i;
const utf8 = new TextDecoder("utf-8");

/**
 * Reads a wheel. Files of others than ELF, and those that are damaged or too large, are told in `opaque`. Throws
 * `invalid-wheel` without METADATA, `invalid-metadata`, `limit-exceeded`.
 */
export function* contentsOf(wheel: WheelMembers): MemberReader<ContentsFact> {
  const { members } = wheel;
  if (members.length > MOST_MEMBERS) throw tooMany(MOST_MEMBERS);
  const distInfo = distInfoOf(members);
  const metadata = parseMetadata(yield* required(members, `${distInfo}/METADATA`));
  const entries = yield* optional(members, `${distInfo}/entry_points.txt`);
  const entryPoints = entries === undefined ? [] : readEntryPoints(utf8.decode(entries));
  const licenseFiles = licenceFiles(members, distInfo, metadata);
  const texts: string[] = [];
  for (const name of licenseFiles.slice(0, MOST_LICENCES)) {
    const bytes = yield* optional(members, name);
    if (bytes !== undefined) texts.push(utf8.decode(bytes));
  }
  const found = yield* readMembers(wheel, distInfo);
  return {
    filename: wheel.filename,
    size: wheel.size,
    installedSize: members.reduce((sum, { size }) => sum + size, 0),
    files: members.length,
    modules: withPackages(found.modules),
    entryPoints,
    scripts: scriptsOf(members, entryPoints),
    ...licenceOf(metadata, texts),
    licenseFiles,
    libraries: found.libraries,
    opaque: found.opaque,
  };
}

function distInfoOf(members: readonly Member[]): string {
  const folders = new Set<string>();
  for (const { name } of members) {
    const match = /^([^/]+\.dist-info)\/METADATA$/.exec(name);
    if (match !== null) folders.add(match[1]!);
  }
  const [folder] = folders;
  if (folder === undefined || folders.size > 1)
    throw new ThothError(
      "invalid-wheel",
      `The wheel has ${folder === undefined ? "no" : "several"} \`METADATA\`.`,
    );
  return folder;
}

function* required(members: readonly Member[], name: string): MemberReader<Uint8Array> {
  const bytes = yield* optional(members, name, 4 * LONGEST_TEXT);
  if (bytes === undefined)
    throw new ThothError("invalid-wheel", `The wheel's ${quote(name)} cannot be read.`);
  return bytes;
}

function* optional(
  members: readonly Member[],
  name: string,
  longest = LONGEST_TEXT,
): MemberReader<Uint8Array | undefined> {
  const member = members.find((one) => one.name === name);
  return member === undefined || member.size > longest ? undefined : yield name;
}

/** Those that METADATA names, and those that lie there without being named, sorted. */
function licenceFiles(
  members: readonly Member[],
  distInfo: string,
  { licenseFiles }: CoreMetadata,
): string[] {
  const named = new Set(
    licenseFiles.flatMap((path) => [
      `${distInfo}/licenses/${path}`,
      `${distInfo}/license_files/${path}`,
      `${distInfo}/${path}`,
    ]),
  );
  return members
    .map(({ name }) => name)
    .filter((name) => {
      if (!name.startsWith(`${distInfo}/`)) return false;
      return named.has(name) || LICENCE.test(name.slice(name.lastIndexOf("/") + 1));
    })
    .sort();
}

/** Names of programs: those in the wheel, and those that an installer makes of entry points. */
function scriptsOf(members: readonly Member[], entryPoints: readonly EntryPoint[]): readonly string[] {
  const names = new Set<string>();
  for (const { name } of members) {
    const match = /^[^/]+\.data\/scripts\/([^/]+)$/.exec(name);
    if (match !== null) names.add(match[1]!);
  }
  for (const { group, name } of entryPoints)
    if (group === "console_scripts" || group === "gui_scripts") names.add(name);
  return [...names].sort();
}

interface Found {
  readonly modules: readonly string[];
  readonly libraries: readonly NativeLibrary[];
  readonly opaque: readonly string[];
}

function* readMembers({ members, native = true }: WheelMembers, distInfo: string): MemberReader<Found> {
  const modules = new Set<string>();
  const libraries: NativeLibrary[] = [];
  const opaque: string[] = [];
  for (const member of [...members].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (member.name.startsWith(`${distInfo}/`)) continue;
    const file = moduleFile(installedPath(member.name) ?? "");
    const read = native && mayBeNative(member.name) ? yield* readNative(member, file?.module) : undefined;
    if (read === "opaque") opaque.push(member.name);
    else if (read?.library !== undefined) libraries.push(read.library);
    if (file === undefined) continue;
    const isModule =
      file.tagged || (typeof read === "object" ? read.isModule : !/(?:^|\.)lib[^.]*$/.test(file.module));
    if (isModule) modules.add(file.module);
  }
  return { modules: [...modules], libraries, opaque };
}

/** Where a member lies below the folder of modules; undefined for one that is put elsewhere. */
function installedPath(name: string): string | undefined {
  const data = /^[^/]+\.data\/([^/]+)\/(.*)$/s.exec(name);
  if (data === null) return name;
  return data[1] === "purelib" || data[1] === "platlib" ? data[2] : undefined;
}

/** Libraries by their ending, and programs by where they lie. */
function mayBeNative(name: string): boolean {
  if (/\.(?:so(?:\.[\w.]+)?|pyd|dll|dylib)$/.test(name)) return true;
  return /(?:^|\/)(?:scripts|bin)\/[^/.]+$/.test(name);
}

interface Native {
  /** Undefined for a program that is a text. */
  readonly library: NativeLibrary | undefined;
  /** Whether it has the function by which Python loads the module. */
  readonly isModule: boolean;
}

function* readNative({ name, size }: Member, module: string | undefined): MemberReader<Native | "opaque"> {
  const bytes = size > LARGEST_NATIVE || /\.(?:pyd|dll|dylib)$/.test(name) ? undefined : yield name;
  if (bytes === undefined) return "opaque";
  if (!isElf(bytes)) return /\.so/.test(name) ? "opaque" : { library: undefined, isModule: false };
  try {
    const stem = module?.slice(module.lastIndexOf(".") + 1);
    const isModule = stem !== undefined && namesSymbol(bytes, `PyInit_${stem}`);
    return { library: readElf(bytes, name), isModule };
  } catch (error) {
    if (error instanceof ThothError && error.code === "invalid-binary") return "opaque";
    throw error;
  }
}

function tooMany(most: number): ThothError {
  return new ThothError("limit-exceeded", `The wheel exceeds the limit of ${most} for members.`, {
    details: { limit: "members", most },
  });
}
