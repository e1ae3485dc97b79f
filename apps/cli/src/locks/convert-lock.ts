// A lock in the format of another program, and what that format cannot say.

import { relative, resolve } from "node:path";
import {
  asksForNames,
  type ForeignFile,
  type ForeignLock,
  type ForeignPackage,
  formatMarker,
  formatPylock,
  type Marker,
  narrowMarker,
  type Pylock,
  quote,
  ThothError,
} from "@thoth/pep";
import { withoutCredentials } from "../notebook/pipfile-metadata.ts";
import type { LockChoice } from "./lock-choice.ts";

export type ConvertForm = "requirements" | "pylock" | "pipfile-lock";

export interface Converted {
  readonly text: string;
  /** What the format cannot say, each a clause. */
  readonly losses: readonly string[];
}

/** A package under what is left of its marker. */
export interface ChosenPackage {
  readonly entry: ForeignPackage;
  readonly marker?: Marker;
}

/** The packages that a choice of groups and extras may need on some machine. */
export function chosenPackages({ packages }: ForeignLock, choice: LockChoice): readonly ChosenPackage[] {
  return packages.flatMap((entry): ChosenPackage[] => {
    const left = narrowMarker(entry.marker, choice);
    if (left === false) return [];
    return [left === true ? { entry } : { entry, marker: left }];
  });
}

/** For `pip install --require-hashes -r`. Throws invalid-lock. */
export function requirementsOf(foreign: ForeignLock, choice: LockChoice): Converted {
  const chosen = [...chosenPackages(foreign, choice)].sort(byName);
  const { places, requiresPython } = foreign;
  const urls = indexUrls(foreign, chosen);
  const [first, ...rest] = urls;
  const lines = [
    ...(requiresPython === undefined ? [] : [`# Python ${requiresPython.text}`]),
    ...(first === undefined || isPublic(first) ? [] : [`--index-url ${first}`]),
    ...rest.map((url) => `--extra-index-url ${url}`),
    ...places.findLinks.map((place) => `--find-links ${withoutCredentials(place)}`),
    ...places.trustedHosts.map((host) => `--trusted-host ${host}`),
    ...chosen.map(requirementLines),
  ];
  const losses = [
    ...leftOut(foreign, choice),
    ...(urls.length < 2 ? [] : [`which of its ${urls.length} indexes each package comes from`]),
    ...environmentLoss(foreign),
  ];
  return { text: lines.length === 0 ? "" : `${lines.join("\n")}\n`, losses };
}

function requirementLines({ entry, marker }: ChosenPackage): string {
  const { name, version, archive } = entry;
  mustBeFiles(entry, "requirements");
  const condition =
    marker === undefined ? "" : `${archive === undefined ? "" : " "}; ${formatMarker(marker)}`;
  const hashes = digestsOf(entry).map((digest) => `    --hash=${digest}`);
  const head = archive?.url === undefined ? `${name}==${version?.text}` : `${name} @ ${archive.url}`;
  return [`${head}${condition}`, ...hashes].join(" \\\n");
}

/** Throws invalid-lock where a package has no files, or lies in a folder or a repository. */
export function mustBeFiles(
  { name, version, vcs, directory, archive }: ForeignPackage,
  form: ConvertForm,
): void {
  const isPlace =
    vcs !== undefined || directory !== undefined || (archive !== undefined && archive.url === undefined);
  if (!isPlace && (version !== undefined || archive !== undefined)) return;
  const where = vcs !== undefined ? "a repository" : isPlace ? "a path" : "no version";
  throw new ThothError(
    "invalid-lock",
    `${quote(name)} is locked to ${where}, which ${form} cannot hold with a hash`,
    {
      hint: "Convert to pylock, or build a wheel of it, offer that from an index or by --find-links, and lock again.",
      details: { package: name },
    },
  );
}

const strong = ["sha256", "sha384", "sha512"] as const;

/** `sha256:…`, sorted. Throws invalid-lock where there is none that pip takes. */
export function digestsOf({ name, files, archive }: ForeignPackage): readonly string[] {
  const all: readonly Pick<ForeignFile, "hashes">[] = archive === undefined ? files : [archive];
  const digests = new Set(
    all.flatMap(({ hashes }) => {
      const algorithm = strong.find((known) => Object.hasOwn(hashes, known));
      return algorithm === undefined ? [] : [`${algorithm}:${hashes[algorithm]}`];
    }),
  );
  if (digests.size > 0) return [...digests].sort();
  throw new ThothError("invalid-lock", `the lock has no SHA-256 of ${quote(name)}`, {
    hint: "Lock again with a program that writes them.",
    details: { package: name },
  });
}

function byName(left: ChosenPackage, right: ChosenPackage): number {
  const key = ({ entry, marker }: ChosenPackage) =>
    `${entry.name} ${entry.version?.text ?? ""} ${marker === undefined ? "" : formatMarker(marker)}`;
  return key(left) < key(right) ? -1 : 1;
}

/** Those that the packages are bound to, then those that the lock names besides; without credentials. */
export function indexUrls({ places }: ForeignLock, chosen: readonly ChosenPackage[]): readonly string[] {
  const named = places.indexes.filter(({ role }) => role !== "explicit").map(({ url }) => url);
  const bound = chosen.flatMap(({ entry }) => entry.index ?? []);
  // The first of the lock's own stays the first.
  const urls = [...named, ...bound].map((url) => withoutCredentials(url).replace(/\/$/, ""));
  const needsPublic = chosen.some(({ entry }) => entry.index === undefined && entry.files.length > 0);
  const isImplied = places.indexes.every(({ role }) => role === "extra") && !places.noIndex;
  return [...new Set(needsPublic && isImplied ? [PUBLIC_INDEX, ...urls] : urls)];
}

const PUBLIC_INDEX = "https://pypi.org/simple";

function isPublic(url: string): boolean {
  return url === PUBLIC_INDEX;
}

/** Groups and extras that the choice does not have, as far as a package is only theirs. */
export function leftOut(foreign: ForeignLock, { groups, extras }: LockChoice): readonly string[] {
  const isLost = (asked: LockChoice) =>
    foreign.packages.some(({ marker }) => {
      if (!asksForNames(marker)) return false;
      return narrowMarker(marker, asked) !== false && narrowMarker(marker, { groups, extras }) === false;
    });
  const lostGroups = (foreign.dependencyGroups ?? []).filter(
    (name) => !groups.has(name) && isLost({ groups: new Set([...groups, name]), extras }),
  );
  const lostExtras = (foreign.extras ?? []).filter(
    (name) => !extras.has(name) && isLost({ groups, extras: new Set([...extras, name]) }),
  );
  return [
    ...lostGroups.map((name) => `the group ${name}, which --group ${name} would include`),
    ...lostExtras.map((name) => `the extra ${name}, which --extra ${name} would include`),
  ];
}

export function environmentLoss({ environments = [] }: ForeignLock): readonly string[] {
  return environments.length === 0 ? [] : ["for which environments the lock was made"];
}

/** Paths are written as seen from the folder of the new lock. */
export function pylockConverted(lock: Pylock, from: string, to: string): Converted {
  const moved = (path: string | undefined) =>
    path === undefined || /^(?:[a-z][a-z0-9+.-]+:|[\\/])/i.test(path)
      ? path
      : relative(to, resolve(from, path)).replaceAll("\\", "/") || ".";
  const file = <T extends { readonly path?: string }>(one: T): T =>
    one.path === undefined ? one : { ...one, path: moved(one.path) };
  const packages = lock.packages.map((entry) => ({
    ...entry,
    ...(entry.directory === undefined ? {} : { directory: file(entry.directory) }),
    ...(entry.archive === undefined ? {} : { archive: file(entry.archive) }),
    ...(entry.sdist === undefined ? {} : { sdist: file(entry.sdist) }),
    ...(entry.wheels === undefined ? {} : { wheels: entry.wheels.map(file) }),
  }));
  const incomplete = packages.find(({ vcs, archive }) => vcs?.commitId === "" || noDigest(archive));
  if (incomplete !== undefined) {
    throw new ThothError("invalid-lock", `the lock does not fix the content of ${quote(incomplete.name)}`, {
      hint: "Lock it to a commit, or to a file with a SHA-256.",
      details: { package: incomplete.name },
    });
  }
  return { text: formatPylock({ ...lock, packages }), losses: [] };
}

function noDigest(archive: { readonly hashes: Readonly<Record<string, string>> } | undefined): boolean {
  return archive !== undefined && Object.keys(archive.hashes).length === 0;
}
