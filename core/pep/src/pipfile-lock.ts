// Pipfile.lock: what pipenv installs, by category, each package with the digests of its files.
// https://pipenv.pypa.io/en/latest/pipfile.html#pipfile-lock

import { parseDigest, STRONG_ALGORITHMS } from "./digests.ts";
import { type DirectSource, directTable, directUrl, readDirectSource } from "./direct-source.ts";
import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  fieldError,
  isTable,
  type Place,
  placeOf,
  readTable,
  readTableList,
  readText,
  readTextList,
  readTextTable,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { formatJson, parseJson } from "./json.ts";
import { isValidName, normalizeName, parseExtraName } from "./name.ts";
import {
  formatPipfileMarker,
  type PipfileSource,
  readMarker,
  readPipfileSource,
  readVersion,
  sourceTable,
} from "./pipfile.ts";
import type { Requirement } from "./requirement.ts";
import type { RequirementHash } from "./requirements-file.ts";
import { NO_SPECIFIERS } from "./specifier.ts";

export interface PipfileLockPackage {
  /** Pinned by `==`, or at the URL of `direct`. */
  readonly requirement: Requirement;
  readonly direct?: DirectSource;
  readonly hashes: readonly RequirementHash[];
  /** The name of a source. */
  readonly index?: string;
  /** `default.requests`. */
  readonly path: string;
}

export interface PipfileLock {
  /** SHA-256 of the hash text of the Pipfile, in hexadecimal. */
  readonly hash: string;
  readonly requires: Readonly<Record<string, string>>;
  readonly sources: readonly PipfileSource[];
  /** `default`, `develop`, and others by the name of their table in the Pipfile. */
  readonly categories: ReadonlyMap<string, readonly PipfileLockPackage[]>;
}

const formatVersion = 6;
const limits = { length: 32 * 1024 * 1024 } as const;

/** Throws invalid-lock with `details.path`, or limit-exceeded. */
export function parsePipfileLock(text: string, filename = "Pipfile.lock"): PipfileLock {
  const place = placeOf("invalid-lock", `The file ${quote(filename)}`);
  if (text.length > limits.length) {
    throw new ThothError("limit-exceeded", `${place.document} is longer than ${limits.length} characters.`, {
      details: { limit: "length", allowed: limits.length },
    });
  }
  const table = parseJson(text, place);
  if (!isTable(table)) throw fieldError(place, "is not a table");
  const meta = readTable(table, "_meta", place);
  const at = within(place, "_meta");
  if (meta === undefined) throw fieldError(at, "is missing");
  const hash = readTable(meta, "hash", at) ?? {};
  const sources = readTableList(meta, "sources", at) ?? [];
  const categories = new Map<string, readonly PipfileLockPackage[]>();
  for (const key of ["default", "develop", ...Object.keys(table)]) {
    if (key !== "_meta") categories.set(key, readPackages(table, key, place));
  }
  return {
    hash: requireText(hash, "sha256", within(at, "hash")),
    requires: readTextTable(meta, "requires", at) ?? {},
    sources: sources.map((source, position) =>
      readPipfileSource(source, within(within(at, "sources"), position)),
    ),
    categories,
  };
}

function readPackages(table: Table, key: string, place: Place): readonly PipfileLockPackage[] {
  const entries = readTable(table, key, place) ?? {};
  const at = within(place, key);
  return Object.keys(entries).map((name) => {
    if (!isValidName(name)) throw fieldError(within(at, name), "is no valid name of a package");
    return readPackage(name, readTable(entries, name, at) ?? {}, within(at, name));
  });
}

function readPackage(displayName: string, table: Table, place: Place): PipfileLockPackage {
  const direct = readDirectSource(table, place);
  const extras = (readTextList(table, "extras", place) ?? []).map((extra, position) =>
    convert(extra, parseExtraName, within(within(place, "extras"), position)),
  );
  const hashes = (readTextList(table, "hashes", place) ?? []).map((text, position) =>
    readHash(text, within(within(place, "hashes"), position)),
  );
  return compact<PipfileLockPackage>({
    requirement: compact<Requirement>({
      name: normalizeName(displayName),
      displayName,
      extras: [...new Set(extras)].sort(),
      specifiers: direct === undefined ? readVersion(table, place) : NO_SPECIFIERS,
      url: direct && directUrl(direct),
      marker: readMarker(table, place),
    }),
    direct,
    hashes,
    index: readText(table, "index", place),
    path: place.path,
  });
}

function readHash(text: string, place: Place): RequirementHash {
  const [algorithm = "", ...digits] = text.split(":");
  const digest = STRONG_ALGORITHMS.includes(algorithm) ? parseDigest(algorithm, digits.join(":")) : undefined;
  if (digest === undefined) throw fieldError(place, `is ${quote(text)}, which is no digest`);
  return { algorithm, digest };
}

/** As pipenv writes it: keys in order, four spaces, everything beyond ASCII escaped. */
export function formatPipfileLock(lock: PipfileLock): string {
  const document: Record<string, unknown> = Object.create(null);
  for (const key of ["default", "develop", ...lock.categories.keys()]) {
    const packages: Record<string, unknown> = Object.create(null);
    for (const entry of lock.categories.get(key) ?? [])
      packages[entry.requirement.name] = packageTable(entry);
    document[key] = packages;
  }
  document["_meta"] = {
    hash: { sha256: lock.hash },
    "pipfile-spec": formatVersion,
    requires: lock.requires,
    sources: lock.sources.map(sourceTable),
  };
  return `${formatJson(document, { indent: 4, separators: [",", ": "] })}\n`;
}

function packageTable({ requirement, direct, hashes, index }: PipfileLockPackage): Table {
  const { extras, marker, specifiers } = requirement;
  return compact<Table>({
    ...(direct === undefined ? {} : directTable(direct)),
    extras: extras.length === 0 ? undefined : extras,
    hashes:
      hashes.length === 0
        ? undefined
        : hashes.map(({ algorithm, digest }) => `${algorithm}:${digest}`).sort(),
    index,
    markers: marker && formatPipfileMarker(marker),
    version: direct === undefined ? specifiers.text || "*" : undefined,
  });
}
