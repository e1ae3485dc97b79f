// What of a lock is to be installed here, and the name of the environment that it makes: a digest of the
// interpreter and of every chosen file, so that equal locks share one environment.
// https://packaging.python.org/en/latest/specifications/pylock-toml/#installation

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  normalizeName,
  type PackageName,
  type Pylock,
  type PylockSelection,
  parseSdistFilename,
  parseWheelFilename,
  pylockFilename,
  quote,
  selectPylock,
  ThothError,
  tryParseWheelFilename,
} from "@thoth/pep";
import { type Interpreter, interpreterIdentity, targetOf } from "./interpreter.ts";

/** A file to fetch, as the index session takes it. */
export interface ArtifactRequest {
  readonly filename: string;
  readonly url: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly size?: number;
}

/** One distribution of the lock and the file that it is installed from. */
export interface PlannedPackage extends ArtifactRequest {
  readonly name: PackageName;
  /** Canonical text; that of the file where the lock does not say. */
  readonly version: string;
  readonly kind: "wheel" | "sdist";
}

export interface PlanRequest {
  readonly lock: Pylock;
  /** Default: the lock's own default groups. */
  readonly groups?: readonly string[] | undefined;
  readonly extras?: readonly string[] | undefined;
  readonly interpreter: Interpreter;
  /** What the paths of a lock are relative to. Default: the current folder. */
  readonly lockDirectory?: string | undefined;
  readonly allowBuild: boolean;
}

const STRONG = ["sha256", "sha384", "sha512"] as const;
/** Changes whenever an environment of the same lock would be made differently. */
const FORM = 1;

/** Sorted by name. Throws no-matching-artifact, build-not-allowed or invalid-lock. */
export function planPackages(request: PlanRequest): readonly PlannedPackage[] {
  const chosen = selectPylock(request.lock, targetOf(request.interpreter), {
    ...(request.groups === undefined ? {} : { groups: request.groups }),
    ...(request.extras === undefined ? {} : { extras: request.extras }),
  });
  const planned = chosen.map((selection) => planPackage(selection, request));
  const refused = planned.find(({ kind }) => kind === "sdist");
  if (refused !== undefined && !request.allowBuild) throw buildNotAllowed(refused);
  return planned.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** 32 hexadecimal digits. */
export async function environmentKey(
  packages: readonly PlannedPackage[],
  interpreter: Interpreter,
): Promise<string> {
  const parts = [
    FORM,
    await interpreterIdentity(interpreter),
    packages.map(({ name, version, filename, hashes }) => [name, version, filename, strongest(hashes)]),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** `sha256:…`, or the digest of another strong algorithm. */
export function strongest(hashes: Readonly<Record<string, string>>): string | undefined {
  for (const algorithm of STRONG) {
    const digest = Object.hasOwn(hashes, algorithm) ? hashes[algorithm] : undefined;
    if (digest !== undefined && /^[0-9a-f]{64,128}$/i.test(digest))
      return `${algorithm}:${digest.toLowerCase()}`;
  }
  return undefined;
}

function planPackage(selection: PylockSelection, request: PlanRequest): PlannedPackage {
  const { package: entry, source } = selection;
  if (source.kind === "vcs" || source.kind === "directory") {
    throw new ThothError(
      "build-not-allowed",
      `The lock takes ${quote(entry.name)} from a ${source.kind === "vcs" ? "repository" : "folder"}, which cannot be installed exactly.`,
      { hint: "Lock a release of it that an index offers as a file.", details: { package: entry.name } },
    );
  }
  const filename = pylockFilename(source);
  const kind = source.kind === "archive" ? (filename.endsWith(".whl") ? "wheel" : "sdist") : source.kind;
  const parsed = kind === "wheel" ? parseWheelFilename(filename) : parseSdistFilename(filename);
  if (normalizeName(parsed.name) !== entry.name) {
    throw new ThothError(
      "invalid-lock",
      `The lock names ${quote(filename)} as a file of ${quote(entry.name)}.`,
    );
  }
  if (strongest(source.hashes) === undefined) {
    throw new ThothError("invalid-lock", `The lock has no strong hash of ${quote(filename)}.`, {
      hint: "Lock again: every file needs its SHA-256.",
      details: { package: entry.name, filename },
    });
  }
  checkTags(filename, kind, request.interpreter);
  return {
    name: entry.name,
    version: (entry.version ?? parsed.version).text,
    kind,
    filename,
    url: addressOf(source, request.lockDirectory),
    hashes: source.hashes,
    ...(source.size === undefined ? {} : { size: source.size }),
  };
}

/** A wheel named by its URL was not chosen by its tags. */
function checkTags(filename: string, kind: "wheel" | "sdist", interpreter: Interpreter): void {
  if (kind === "sdist") return;
  const { tags } = targetOf(interpreter);
  const own = tryParseWheelFilename(filename)?.tags ?? [];
  for (const tag of own) if (tags.has(tag)) return;
  throw new ThothError(
    "no-matching-artifact",
    `The wheel ${quote(filename)} does not fit this interpreter.`,
    {
      details: { filename, interpreter: interpreter.path },
    },
  );
}

function addressOf(
  source: { readonly url?: string; readonly path?: string },
  lockDirectory: string | undefined,
): string {
  if (source.url !== undefined && source.url !== "") return source.url;
  return pathToFileURL(resolve(lockDirectory ?? ".", source.path ?? "")).href;
}

function buildNotAllowed({ name, filename }: PlannedPackage): ThothError {
  return new ThothError(
    "build-not-allowed",
    `There is only a source distribution of ${quote(name)}, ${quote(filename)}, and building it runs its code.`,
    {
      hint: "Allow it with --allow-build, or choose a release with a wheel for this machine.",
      details: { package: name, filename },
    },
  );
}
