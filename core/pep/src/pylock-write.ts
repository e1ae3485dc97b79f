// Writing a PEP 751 lock: keys in the order of the specification, one line per wheel, so that a change of one
// file is a change of one line. Equal locks are equal bytes.

import type { Table } from "./fields.ts";
import { formatMarker } from "./marker.ts";
import type { Pylock, PylockArchive, PylockFile, PylockPackage } from "./pylock.ts";
import { formatTomlLines, formatTomlTable, formatTomlValue, TomlTime } from "./toml.ts";

/** The lock as TOML. */
export function formatPylock(lock: Pylock): string {
  const { packages: _, tool, ...head } = lockTable(lock, tomlTime);
  const parts = [formatTomlTable(head)];
  for (const entry of lock.packages) {
    const lines = Object.entries(packageTable(entry, tomlTime)).map(([key, value]) => {
      const text = lineLists.has(key) ? formatTomlLines(value as readonly unknown[]) : formatTomlValue(value);
      return value === undefined ? "" : `${key} = ${text}\n`;
    });
    parts.push(`[[packages]]\n${lines.join("")}`);
  }
  if (lock.packages.length === 0) parts[0] += "packages = []\n";
  if (tool !== undefined) parts.push(formatTomlTable({ tool }));
  return parts.join("\n");
}

const lineLists: ReadonlySet<string> = new Set(["dependencies", "wheels", "attestation-identities"]);

/** The same structure for JSON; times are texts. */
export function pylockToJson(lock: Pylock): Record<string, unknown> {
  return JSON.parse(JSON.stringify(lockTable(lock, (text) => text)));
}

type WriteTime = (text: string) => unknown;

/** Upload times are in UTC by the specification, whether they say so or not. */
function tomlTime(text: string): TomlTime | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (match === null) return undefined;
  return new TomlTime(`${match[1]}T${match[2]}${match[3] ?? ":00"}${match[4] ?? "Z"}`);
}

function lockTable(lock: Pylock, time: WriteTime) {
  return {
    "lock-version": lock.lockVersion,
    environments: lock.environments?.map(formatMarker),
    "requires-python": lock.requiresPython?.text,
    extras: lock.extras,
    "dependency-groups": lock.dependencyGroups,
    "default-groups": lock.defaultGroups,
    "created-by": lock.createdBy,
    packages: lock.packages.map((entry) => packageTable(entry, time)),
    tool: lock.tool,
  };
}

function packageTable(entry: PylockPackage, time: WriteTime): Table {
  return present({
    name: entry.name,
    version: entry.version?.text,
    marker: entry.marker === undefined ? undefined : formatMarker(entry.marker),
    "requires-python": entry.requiresPython?.text,
    dependencies: entry.dependencies,
    vcs:
      entry.vcs &&
      present({
        type: entry.vcs.type,
        url: entry.vcs.url,
        path: entry.vcs.path,
        "requested-revision": entry.vcs.requestedRevision,
        "commit-id": entry.vcs.commitId,
        subdirectory: entry.vcs.subdirectory,
      }),
    directory: entry.directory && present({ ...entry.directory }),
    archive: entry.archive && archiveTable(entry.archive, time),
    index: entry.index,
    sdist: entry.sdist && fileTable(entry.sdist, time),
    wheels: entry.wheels?.map((wheel) => fileTable(wheel, time)),
    "attestation-identities": entry.attestationIdentities,
    tool: entry.tool,
  });
}

function fileTable(file: PylockFile, time: WriteTime): Table {
  return present({
    name: file.name,
    "upload-time": file.uploadTime === undefined ? undefined : time(file.uploadTime),
    url: file.url,
    path: file.path,
    size: file.size,
    hashes: sortedHashes(file.hashes),
  });
}

function archiveTable(archive: PylockArchive, time: WriteTime): Table {
  return present({
    url: archive.url,
    path: archive.path,
    size: archive.size,
    "upload-time": archive.uploadTime === undefined ? undefined : time(archive.uploadTime),
    hashes: sortedHashes(archive.hashes),
    subdirectory: archive.subdirectory,
  });
}

function sortedHashes(hashes: Readonly<Record<string, string>>): Table {
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(hashes).sort(compareKeys)));
}

function compareKeys([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function present(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
}
