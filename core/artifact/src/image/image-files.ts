// Which files of an image tell what is in it, and what each of them says.

import type { ImageFact, NativeLibrary } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { isElf, readElf } from "../elf.ts";
import { readApkInstalled, readDpkgStatus } from "./native-packages.ts";
import { type OsRelease, readOsRelease } from "./os-release.ts";
import { readRpmDatabase } from "./rpm-database.ts";

type Distribution = Pick<ImageFact["distributions"][number], "name" | "version">;

/** What one file says. */
export type ImageWord =
  | { readonly kind: "os"; readonly os: OsRelease }
  | { readonly kind: "packages"; readonly packages: ImageFact["packages"] }
  /** `python`: the version that a library of Python's names as its own. */
  | { readonly kind: "library"; readonly library: NativeLibrary; readonly python?: string }
  | { readonly kind: "python"; readonly version: string }
  | { readonly kind: "distribution"; readonly distribution: Distribution };

const MIB = 1024 * 1024;

interface Reader {
  readonly path: RegExp;
  /** Bytes; of a larger file nothing is told. */
  readonly most: number;
  readonly read: (bytes: Uint8Array, path: string) => ImageWord | undefined;
}

/** Where the dynamic linker looks by itself, and where Debian has those between which one may choose. */
const LIBRARY =
  /^(?:usr\/)?(?:local\/)?lib(?:32|64|x32)?\/(?:[\w-]+-linux-\w+\/)?(?:(?:blas|lapack|atlas|openblas[\w-]*)\/)?[^/]+\.so(?:\.[^/]+)?$/;

const READERS: readonly Reader[] = [
  {
    path: /^(?:etc|usr\/lib)\/os-release$/,
    most: MIB,
    read: (bytes) => ({ kind: "os", os: readOsRelease(bytes) }),
  },
  {
    path: /^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/,
    most: 128 * MIB,
    read: (bytes, path) => (path.endsWith(".md5sums") ? undefined : packages(readDpkgStatus(bytes))),
  },
  {
    path: /^(?:usr\/)?lib\/apk\/db\/installed$/,
    most: 128 * MIB,
    read: (bytes) => packages(readApkInstalled(bytes)),
  },
  {
    path: /^(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\/rpmdb\.sqlite$/,
    most: 512 * MIB,
    read: (bytes) => packages(readRpmDatabase(bytes)),
  },
  { path: LIBRARY, most: 256 * MIB, read: readLibrary },
  { path: /(?:^|\/)lib\/libpython\d\.\d{1,2}t?\.so[^/]*$/, most: 256 * MIB, read: readLibrary },
  { path: /(?:^|\/)bin\/python\d\.\d{1,2}t?$/, most: 256 * MIB, read: readPython },
  {
    path: /\/(?:site|dist)-packages\/[^/]+\.(?:dist-info\/METADATA|egg-info(?:\/PKG-INFO)?)$/,
    most: 16 * MIB,
    read: readDistribution,
  },
];

/** How many bytes a file of that path may have; undefined: it tells nothing. */
export function imageFileLimit(path: string): number | undefined {
  return readerOf(path)?.most;
}

/** Undefined where it tells nothing that is understood. Throws `limit-exceeded`, and `invalid-binary` for a database of rpm. */
export function readImageFile(path: string, bytes: Uint8Array): ImageWord | undefined {
  const plain = plainPath(path);
  return readerOf(path)?.read(bytes, plain);
}

function readerOf(path: string): Reader | undefined {
  const plain = plainPath(path);
  return READERS.find((one) => one.path.test(plain));
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, "");
}

function packages(found: ImageFact["packages"]): ImageWord {
  return { kind: "packages", packages: found };
}

function readLibrary(bytes: Uint8Array, path: string): ImageWord | undefined {
  if (!isElf(bytes)) return undefined;
  try {
    const library = readElf(bytes, path);
    const [, minor] = /(?:^|\/)libpython(\d\.\d{1,2})t?\.so/.exec(path) ?? [];
    const python = minor === undefined ? undefined : namedVersion(bytes, minor);
    return { kind: "library", library, ...(python === undefined ? {} : { python }) };
  } catch (error) {
    if (error instanceof ThothError && error.code === "invalid-binary") return undefined;
    throw error;
  }
}

function readPython(bytes: Uint8Array, path: string): ImageWord | undefined {
  const [, minor = ""] = /python(\d\.\d{1,2})t?$/.exec(path) ?? [];
  return isElf(bytes) ? { kind: "python", version: namedVersion(bytes, minor) ?? minor } : undefined;
}

/** `3.11.7`, which an interpreter has among its texts: by itself, or where linkers share ends, as the end of a longer one. */
function namedVersion(bytes: Uint8Array, minor: string): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let other: string | undefined;
  for (let at = text.indexOf(`${minor}.`, 1); at >= 0; at = text.indexOf(`${minor}.`, at + 1)) {
    const [, before, version] = NAMED.exec(text.toString("latin1", at - 1, at + 24)) ?? [];
    if (before === "\0") return version;
    other ??= version;
  }
  return other;
}

const NAMED = /^([^\d.])(\d\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?)\+?\0/;

const HEAD = 64 * 1024;

/** `Name` and `Version`, which stand at the beginning of metadata of all times. */
function readDistribution(bytes: Uint8Array): ImageWord | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD));
  const head = text.slice(0, /\r?\n\r?\n/.exec(text)?.index ?? text.length);
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(\\S[^\\r\\n]*)$`, "im").exec(head)?.[1]?.trim();
  const [name, version] = [field("Name"), field("Version")];
  if (name === undefined || version === undefined) return undefined;
  return { kind: "distribution", distribution: { name: name.slice(0, 200), version: version.slice(0, 200) } };
}
