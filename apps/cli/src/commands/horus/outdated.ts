// `horus outdated`: what became, on their indexes, of the packages that a notebook has locked. Nothing is resolved: a
// version that fits here may still be one that the rest of the stack does not bear.

import { type FittingSources, fittingReleases } from "@thoth/adviser";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  compareVersions,
  type Pylock,
  type PylockFile,
  type PylockPackage,
  pylockFilename,
  selectPylock,
  ThothError,
  type Version,
} from "@thoth/pep";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { partFor } from "../../notebook/lock-part.ts";
import { openNotebookProject } from "../../notebook/notebook-project.ts";
import { withoutCredentials } from "../../notebook/pipfile-metadata.ts";
import { groupsOf, requiredLock } from "../../notebook/prepare-notebook.ts";
import { indexPlaces, mustBeFew, type NamedPlaces, placeUrl } from "../../session/index-places.ts";
import { openAllAdvisories } from "../../session/known-advisories.ts";
import { type Learnt, learnProjects, releaseOf } from "../../session/learn-projects.ts";
import { openSession } from "../../session/open-session.ts";
import type { IndexSettings } from "../../settings/resolution-settings.ts";

interface Row {
  readonly name: string;
  readonly locked: string | null;
  readonly newest: string | null;
  readonly outdated: boolean;
  readonly yanked: boolean | null;
  readonly gone: boolean | null;
  readonly status: ProjectRecord["status"]["status"] | null;
  readonly unknown: boolean;
}

export const outdatedCommand: Handler = async (invocation) => {
  const { file, settings, input, project } = await openNotebookProject(invocation);
  const lock = partFor(requiredLock(file, settings), project.target);
  const named = placesOf(lock, input.places, settings.indexes);
  const places = indexPlaces(settings.indexes, named).indexes;
  mustBeFew(places);
  const advisories = await openAllAdvisories(invocation, settings.advisories);
  const session = await openSession(invocation, { settings: settings.indexes, named, allowBuild: false });
  try {
    const names = [...new Set(lock.packages.filter(isFromIndex).map(({ name }) => name))];
    const known = {
      learnt: await learnProjects(names, session, invocation.signal),
      asked: new Set(places.map(placeUrl)),
      installs: installedFiles(lock, project.target),
      sources: { project, knowledge: session, advisories },
    };
    const rows = lock.packages.map((item) => rowOf(item, known));
    tell(invocation, {
      notebook: file.path,
      python: project.target.pythonVersion.text,
      packages: rows,
    });
    return 0;
  } finally {
    await session.close();
  }
};

type Released = PylockPackage & { readonly version: Version };

function isFromIndex(item: PylockPackage): item is Released {
  const { version, sdist, wheels = [] } = item;
  return version !== undefined && (sdist !== undefined || wheels.length > 0);
}

/**
 * The lock says whom it had its packages from: they are asked, and where it says so of every package nobody else who
 * only stands in for them. Files of this machine are for the user to name.
 */
function placesOf(lock: Pylock, places: NamedPlaces, settings: IndexSettings): NamedPlaces {
  const own = [settings.indexUrl ?? [], settings.extraIndexUrls].flat();
  const asUserWrites = new Map(own.map((text) => [placeUrl(text), text]));
  const remote = (index: string | undefined): index is string =>
    index !== undefined && /^https?:\/\//i.test(index) && URL.canParse(index);
  const released = lock.packages.filter(isFromIndex);
  const indexes = new Set(
    released
      .map(({ index }) => index)
      .filter(remote)
      .map((index) => asUserWrites.get(placeUrl(index)) ?? withoutCredentials(index)),
  );
  const [first, ...others] = indexes;
  return first !== undefined && released.every(({ index }) => remote(index))
    ? { ...places, noIndex: false, indexUrl: first, extraIndexUrls: others }
    : { ...places, extraIndexUrls: [...places.extraIndexUrls, ...indexes] };
}

/** By package: the file that is installed here, where the lock fits here; else all that it names. */
function installedFiles(
  lock: Pylock,
  target: FittingSources["project"]["target"],
): ReadonlyMap<PylockPackage, readonly PylockFile[]> {
  const files = new Map<PylockPackage, readonly PylockFile[]>(
    lock.packages.map((item) => [item, [...(item.wheels ?? []), ...(item.sdist ? [item.sdist] : [])]]),
  );
  try {
    for (const { package: item, source } of selectPylock(lock, target, { groups: groupsOf(lock) }))
      if (source.kind === "wheel" || source.kind === "sdist") files.set(item, [source]);
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
  }
  return files;
}

interface Known {
  readonly learnt: Learnt;
  /** Indexes that were asked. */
  readonly asked: ReadonlySet<string>;
  readonly installs: ReadonlyMap<PylockPackage, readonly PylockFile[]>;
  readonly sources: FittingSources;
}

function rowOf(item: PylockPackage, { learnt, asked, installs, sources }: Known): Row {
  const { name, version, index } = item;
  const row = {
    name,
    locked: version?.text ?? null,
    newest: null,
    outdated: false,
    yanked: null,
    gone: null,
  };
  const record = learnt.get(name);
  if (!isFromIndex(item) || record === undefined) return { ...row, status: null, unknown: true };
  if (record === null) {
    const isAsked = index === undefined || asked.has(placeUrl(index));
    return { ...row, gone: isAsked ? true : null, status: null, unknown: !isAsked };
  }
  const fitting = fittingReleases(name, sources);
  const newest = fitting?.newest === undefined ? undefined : record.version(fitting.newest);
  const isOfLock = index === undefined || placeUrl(index) === placeUrl(record.index);
  return {
    ...row,
    newest: newest?.text ?? null,
    outdated: newest !== undefined && compareVersions(newest, item.version) > 0,
    ...(isOfLock ? fateOf(record, item.version, installs.get(item) ?? []) : {}),
    status: record.status.status,
    unknown: false,
  };
}

/** What the index has now of files that it had once. */
function fateOf(
  record: ProjectRecord,
  version: Version,
  files: readonly PylockFile[],
): Pick<Row, "yanked" | "gone"> {
  const release = releaseOf(record, version);
  if (release === undefined) return { yanked: null, gone: true };
  const there = files.map((file) => fileOf(record, release, file));
  const found = there.filter((file) => file !== undefined);
  return {
    yanked: found.length === 0 ? null : found.some((file) => record.isYanked(file)),
    gone: found.length < there.length,
  };
}

/** The file of a release with that content; by its name where one side tells no hash. */
function fileOf(record: ProjectRecord, release: number, file: PylockFile): number | undefined {
  const name = pylockFilename(file);
  const { sha256 } = file.hashes;
  for (let at = record.firstFile(release); at < record.firstFile(release + 1); at++) {
    const own = record.sha256(at);
    const isSame =
      own === undefined || sha256 === undefined ? record.filename(at) === name : own === sha256.toLowerCase();
    if (isSame) return at;
  }
  return undefined;
}

interface Told {
  readonly notebook: string;
  readonly python: string;
  readonly packages: readonly Row[];
}

function tell({ terminal }: Invocation, told: Told): void {
  terminal.document(told);
  const { packages } = told;
  const differing = packages.filter((row) => row.outdated || remarksOf(row).length > 0);
  const cells = differing.map((row) => [
    row.name,
    row.locked ?? "",
    row.outdated ? (row.newest ?? "") : "",
    remarksOf(row).join(", "),
  ]);
  const headings = ["package", "locked", "newest that fits", "remark"];
  const table = cells.length === 0 ? [] : [{ headings, rows: cells }];
  const outdated = packages.filter((row) => row.outdated).length;
  const unknown = packages.filter((row) => row.unknown).length;
  const summary =
    cells.length === 0
      ? `${plural(packages.length, "package")}: the newest that fit Python ${told.python} here`
      : `${outdated} of ${plural(packages.length, "package")} could be newer on Python ${told.python}`;
  terminal.result(...table, unknown === 0 ? summary : `${summary}; nothing is known of ${unknown}`);
}

function remarksOf({ yanked, gone, status, unknown }: Row): string[] {
  return [
    ...(unknown ? ["not known"] : []),
    ...(yanked === true ? ["yanked"] : []),
    ...(gone === true ? ["gone from its index"] : []),
    ...(status === null || status === "active" ? [] : [status]),
  ];
}
