// A recommended stack as the lock file that a project keeps.

import { createHash } from "node:crypto";
import { requirementsText } from "@thoth/adviser";
import {
  formatPipfileLock,
  formatPylock,
  type PackageName,
  type Pipfile,
  type PipfileLockPackage,
  type PipfileSource,
  type Pylock,
  type PylockFile,
  type PylockPackage,
  parseExtraName,
  parseMarker,
  parsePackageName,
  parsePipfile,
  parseSpecifiers,
  parseVersion,
  quote,
  ThothError,
} from "@thoth/pep";
import type { LockForm } from "../../questions/question.ts";
import type { AdvisedLock, LockedPackage } from "../advice.ts";

export interface LockWish {
  readonly form: LockForm;
  /** Text of the project's file. */
  readonly manifest: string;
}

const PUBLIC: PipfileSource = { name: "pypi", url: "https://pypi.org/simple", verifySsl: true };

/** Throws `invalid-lock` for what the form cannot hold. */
export function lockTextOf(lock: AdvisedLock, { form, manifest }: LockWish): string {
  mustBeFiles(lock);
  switch (form) {
    case "pylock":
      return formatPylock(pylockOf(lock));
    case "requirements":
      return requirementsText(pylockOf(lock));
    case "pipfile-lock":
      return pipfileLockOf(lock, parsePipfile(manifest));
    default:
      return form satisfies never;
  }
}

function mustBeFiles({ packages }: AdvisedLock): void {
  const odd = packages.find(({ artifacts }) => artifacts.length === 0);
  if (odd === undefined) return;
  throw new ThothError(
    "invalid-lock",
    `${quote(odd.name)} is no file with a SHA-256: it cannot be locked here`,
  );
}

function pylockOf({ packages }: AdvisedLock): Pylock {
  const groups = [...new Set(packages.flatMap(({ marker }) => groupsOf(marker)))].sort();
  return {
    lockVersion: "1.0",
    ...(groups.length === 0 ? {} : { dependencyGroups: groups }),
    createdBy: "thoth",
    packages: packages.map(pylockPackageOf),
  };
}

/** Of `'dev-packages' in dependency_groups`. */
function groupsOf(marker: string | undefined): readonly string[] {
  const found = (marker ?? "").matchAll(/['"]([^'"]+)['"] in dependency_groups/g);
  return [...found].flatMap(([, group]) => (group === undefined ? [] : [group]));
}

function pylockPackageOf({
  name,
  version,
  marker,
  index,
  artifacts,
  requires,
}: LockedPackage): PylockPackage {
  const files = artifacts.map(fileOf);
  const sdist = files.find((file) => !file.name?.endsWith(".whl"));
  const wheels = files.filter((file) => file.name?.endsWith(".whl"));
  return {
    name: parsePackageName(name),
    version: parseVersion(version),
    ...(marker === undefined ? {} : { marker: parseMarker(marker) }),
    ...(requires.length === 0 ? {} : { dependencies: requires.map((required) => ({ name: required })) }),
    ...(index === "" ? {} : { index }),
    ...(sdist === undefined ? {} : { sdist }),
    ...(wheels.length === 0 ? {} : { wheels }),
  };
}

function fileOf({ filename, url, size, sha256 }: LockedPackage["artifacts"][number]): PylockFile {
  return { name: filename, url, ...(size === undefined ? {} : { size }), hashes: { sha256 } };
}

function pipfileLockOf({ packages }: AdvisedLock, pipfile: Pipfile): string {
  const sources = pipfile.sources.length === 0 ? [PUBLIC] : pipfile.sources;
  const entries = packages.map((item) => pipfilePackageOf(item, sources));
  const isDefault = (at: number) => packages[at]?.marker === undefined;
  return formatPipfileLock({
    hash: createHash("sha256").update(pipfile.hashText).digest("hex"),
    requires: pipfile.requires,
    sources,
    categories: new Map([
      ["default", entries.filter((_, at) => isDefault(at))],
      ["develop", entries.filter((_, at) => !isDefault(at))],
    ]),
  });
}

function pipfilePackageOf(
  { name: text, version, extras = [], index, artifacts }: LockedPackage,
  sources: readonly PipfileSource[],
): PipfileLockPackage {
  const name: PackageName = parsePackageName(text);
  const source = sources.find(({ url }) => withoutSlash(url) === withoutSlash(index))?.name;
  return {
    requirement: {
      name,
      displayName: text,
      extras: extras.map(parseExtraName),
      specifiers: parseSpecifiers(`==${version}`),
    },
    hashes: artifacts.map(({ sha256 }) => ({ algorithm: "sha256", digest: sha256 })),
    ...(source === undefined ? {} : { index: source }),
    path: `default.${name}`,
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
