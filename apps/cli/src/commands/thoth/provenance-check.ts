// `thoth provenance-check`: every index in force is asked for every locked package, each by a session of its own,
// for a session that has several tells only of the first that knows a name.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  decodeRequirementsFile,
  type ProjectFileRequirement,
  type PylockPackage,
  parsePipfile,
  parsePipfileLock,
  parsePylock,
  quote,
  readProjectFile,
  ThothError,
  type Version,
} from "@thoth/pep";
import {
  checkProvenance,
  type Finding,
  type LockedPackage,
  listOf,
  lockHashFinding,
  type Offer,
  type Provenance,
} from "../../advice/provenance.ts";
import { readGivenFile, readGivenText } from "../../files/read-file.ts";
import { type Handler, type Invocation, listOption } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import type { Part } from "../../frame/table.ts";
import { inputOf } from "../../project/file-input.ts";
import { loadNested } from "../../project/nested-file.ts";
import { indexPlaces, mustBeFew, type NamedPlaces, NO_PLACES, placeUrl } from "../../session/index-places.ts";
import { learnProjects, notKept, releaseOf } from "../../session/learn-projects.ts";
import { openSession } from "../../session/open-session.ts";
import { type IndexSettings, readIndexSettings } from "../../settings/resolution-settings.ts";

interface ReadLock {
  readonly packages: readonly LockedPackage[];
  readonly places: NamedPlaces;
  readonly namesFiles: boolean;
  readonly unknown: readonly string[];
  /** That the lock is not of its Pipfile. */
  readonly stale?: Finding | undefined;
}

export const provenanceCommand: Handler = async (invocation) => {
  const path = (invocation.arguments[0] ?? "pylock.toml") as string;
  const { terminal, environment } = invocation;
  const lock = await terminal.phase("read lock", async (phase) => {
    const read = await readLocked(path, environment);
    phase.set({ packages: read.packages.length });
    return read;
  });
  const told =
    lock.stale === undefined
      ? await terminal.phase("ask indexes", () => askIndexes(invocation, lock))
      : { findings: [lock.stale], attestations: [], unknown: [] };
  const provenance = { ...told, unknown: [...lock.unknown, ...told.unknown] };
  terminal.document(documentOf(path, lock, provenance));
  terminal.result(...tableOf(lock, provenance));
  return provenance.findings.some(({ type }) => type === "ERROR") ? 1 : 0;
};

// What is locked.

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** Throws usage, invalid-lock, invalid-requirement, invalid-project, limit-exceeded. */
async function readLocked(path: string, environment: Invocation["environment"]): Promise<ReadLock> {
  const text = decodeRequirementsFile(await readGivenFile(path, MAXIMUM_BYTES));
  if (path.endsWith(".toml")) return readPylock(path, text);
  const file = readProjectFile(path, text, {
    load: loadNested,
    variable: (name) => environment[name],
    groups: "all",
    dev: true,
  });
  const { places } = inputOf({ ...file, requirements: [], locations: [], requireHashes: false });
  const direct = [
    ...file.locations.map(({ name, location }) => name ?? location),
    ...file.requirements.flatMap(({ requirement }) =>
      requirement.url === undefined ? [] : [requirement.name],
    ),
  ];
  const sources = new Map(file.indexes.map(({ name, url }) => [name, placeUrl(url)]));
  const packages = file.requirements
    .filter(({ requirement }) => requirement.url === undefined)
    .map((entry) => pinOf(entry, sources, path));
  const common = { packages: merged(packages), places, namesFiles: false };
  if (file.kind !== "pipfile-lock") return { ...common, unknown: placesOfTheirOwn(direct) };
  const { stale, unknown } = await comparePipfile(path, text);
  return { ...common, stale, unknown: [...placesOfTheirOwn(direct), ...unknown] };
}

function readPylock(path: string, text: string): ReadLock {
  const entries = parsePylock(text).packages;
  const isFromIndex = ({ version, sdist, wheels = [] }: PylockPackage) =>
    version !== undefined && (sdist !== undefined || wheels.length > 0);
  const packages = entries.filter(isFromIndex).map((entry) => lockedOf(entry, path));
  const indexes = [...new Set(entries.flatMap(({ index }) => (index === undefined ? [] : [index])))];
  const areBound = packages.length > 0 && packages.every(({ source }) => source !== undefined);
  const direct = entries.filter((entry) => !isFromIndex(entry)).map(({ name }) => name);
  return {
    packages: merged(packages),
    // Where every package has its index, no name may leak to one that only stands in for those.
    places: { ...NO_PLACES, extraIndexUrls: indexes, ...(areBound ? { indexUrl: indexes[0] } : {}) },
    namesFiles: true,
    unknown: placesOfTheirOwn(direct),
  };
}

function lockedOf({ name, version, sdist, wheels = [], index }: PylockPackage, path: string): LockedPackage {
  const files = [...(sdist === undefined ? [] : [sdist]), ...wheels];
  const hashes = files.flatMap(({ hashes: { sha256 } }) => (sha256 === undefined ? [] : [sha256]));
  if (index !== undefined && !(/^(https?|file):\/\//i.test(index) && URL.canParse(index)))
    throw noLock(path, index.replace(/\/\/[^/]*@/, "//***@"), "it is no URL of an index");
  return {
    name,
    version: version as Version,
    hashes: digestsOf(hashes, path),
    ...(index === undefined ? {} : { source: placeUrl(index) }),
  };
}

function pinOf(
  { requirement, hashes, index }: ProjectFileRequirement,
  sources: ReadonlyMap<string | undefined, string>,
  path: string,
): LockedPackage {
  const { name, specifiers, displayName } = requirement;
  const [only, ...others] = specifiers.clauses;
  const version = only?.operator === "==" && others.length === 0 && !only.wildcard ? only.parsed : undefined;
  if (version === undefined) throw noLock(path, displayName, "it is not pinned with ==");
  const source = index === undefined ? undefined : sources.get(index);
  if (index !== undefined && source === undefined)
    throw noLock(path, displayName, `the lock has no source ${quote(index)}`);
  const known = hashes.filter(({ algorithm }) => algorithm === "sha256").map(({ digest }) => digest);
  return { name, version, hashes: digestsOf(known, path), ...(source === undefined ? {} : { source }) };
}

function digestsOf(texts: readonly string[], path: string): ReadonlySet<string> {
  const digests = new Set(texts.map((text) => text.toLowerCase()));
  for (const digest of digests)
    if (!/^[0-9a-f]{64}$/.test(digest)) throw noLock(path, digest, "it is no SHA-256");
  return digests;
}

/** What is locked for several purposes is one package. */
function merged(packages: readonly LockedPackage[]): LockedPackage[] {
  const groups = Map.groupBy(packages, ({ name, version, source }) =>
    JSON.stringify([name, version.text, source]),
  );
  return [...groups.values()].map((group) => ({
    ...(group[0] as LockedPackage),
    hashes: new Set(group.flatMap(({ hashes }) => [...hashes])),
  }));
}

/** A Pipfile.lock lies beside its Pipfile, whatever that is called. */
async function comparePipfile(path: string, text: string) {
  const beside = path.endsWith(".lock") ? path.slice(0, -".lock".length) : undefined;
  if (beside === undefined || !existsSync(beside))
    return { stale: undefined, unknown: ["whether the lock is that of its Pipfile: none lies beside it"] };
  const { hashText } = parsePipfile(await readGivenText(beside), beside);
  const actual = createHash("sha256").update(hashText).digest("hex");
  return { stale: lockHashFinding(parsePipfileLock(text, path).hash, actual), unknown: [] };
}

function placesOfTheirOwn(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`the origin of what is locked from a place of its own, not from an index: ${listOf(names)}`];
}

function noLock(path: string, what: string, why: string): ThothError {
  return new ThothError("invalid-lock", `${quote(path)} cannot be checked: ${quote(what)}: ${why}`, {
    hint: "Make a lock of it with `thoth lock`.",
    details: { path },
  });
}

// What the indexes have.

interface Place {
  /** As it is written, perhaps with credentials. */
  readonly text: string;
  readonly kind: "index" | "links";
  readonly url: string;
}

/** Throws usage, index-unreachable, index-response-invalid, unauthorized, limit-exceeded. */
async function askIndexes(invocation: Invocation, lock: ReadLock): Promise<Provenance> {
  const { options, environment } = invocation;
  const settings = readIndexSettings(options, environment);
  const { places, trustedHosts } = placesInForce(settings, lock.places);
  const answers = places.map((place) => offersOf(invocation, { place, settings, trustedHosts, lock }));
  // No session is left at work when one fails.
  await Promise.allSettled(answers);
  const offers = await Promise.all(answers);
  const trusted = new Set(trustedHosts.map((host) => host.toLowerCase()));
  return checkProvenance({
    sources: places.map(({ url }) => {
      const { host = "", hostname = "" } = URL.parse(url) ?? {};
      return { url, verified: !trusted.has(host) && !trusted.has(hostname) };
    }),
    whitelist: listOption(options, "whitelist").map(placeUrl),
    packages: lock.packages.map((locked, position) => ({
      locked,
      offers: new Map(
        places.flatMap(({ url }, at) => {
          const offer = offers[at]?.[position];
          return offer === undefined ? [] : [[url, offer] as const];
        }),
      ),
    })),
    namesFiles: lock.namesFiles,
  });
}

/** Those of the settings, and those that the lock names even where the user named others. */
function placesInForce(settings: IndexSettings, named: NamedPlaces) {
  const { indexes, findLinks, trustedHosts } = indexPlaces(settings, named);
  const own = named.indexUrl === undefined ? [] : [named.indexUrl];
  const locked = settings.indexUrl === undefined || named.noIndex ? [] : [...own, ...named.extraIndexUrls];
  const asUserWrites = new Map(
    [settings.indexUrl ?? [], settings.extraIndexUrls].flat().map((text) => [placeUrl(text), text]),
  );
  const places = new Map<string, Place>();
  const add = (text: string, kind: Place["kind"]) => {
    const url = placeUrl(text);
    // Of the same place, only what the user wrote may have credentials.
    if (!places.has(url)) places.set(url, { url, kind, text: asUserWrites.get(url) ?? text });
  };
  for (const text of [...indexes, ...locked]) add(text, "index");
  for (const text of findLinks) add(text, "links");
  const all = [...places.values()];
  mustBeFew(all);
  return { places: all, trustedHosts };
}

interface Asking {
  readonly place: Place;
  readonly settings: IndexSettings;
  readonly trustedHosts: readonly string[];
  readonly lock: ReadLock;
}

/** By the position of the package; undefined: the place does not have it. */
async function offersOf(
  invocation: Invocation,
  { place: { kind, text }, settings, trustedHosts, lock }: Asking,
): Promise<readonly (Offer | undefined)[]> {
  const alone = {
    ...settings,
    isExplicit: true,
    indexUrl: kind === "index" ? text : undefined,
    extraIndexUrls: [],
    findLinks: kind === "links" ? [text] : [],
  };
  const session = await openSession(invocation, {
    settings: alone,
    named: { ...NO_PLACES, trustedHosts },
    allowBuild: false,
  });
  try {
    const names = [...new Set(lock.packages.map(({ name }) => name))];
    const learnt = await learnProjects(names, session, invocation.signal);
    const lost = names.find((name) => learnt.get(name) === undefined);
    if (lost !== undefined) throw notKept(lost);
    return lock.packages.map(({ name, version }) => offerOf(learnt.get(name) ?? undefined, version));
  } finally {
    await session.close();
  }
}

function offerOf(record: ProjectRecord | undefined, version: Version): Offer | undefined {
  if (record === undefined) return undefined;
  const release = releaseOf(record, version);
  return release === undefined ? undefined : readOffer(record, release);
}

function readOffer(record: ProjectRecord, release: number): Offer {
  const digests = new Set<string>();
  const attested = new Set<string>();
  let untold = 0;
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const sha256 = record.sha256(file);
    if (sha256 === undefined) untold++;
    else {
      digests.add(sha256);
      if (record.provenance(file) !== undefined) attested.add(sha256);
    }
  }
  return { digests, attested, untold };
}

// What is told.

function documentOf(path: string, { packages }: ReadLock, told: Provenance): unknown {
  return {
    lock: path,
    packages: packages.length,
    findings: told.findings,
    attestations: told.attestations.map(({ locked: { name, version, hashes }, attested }) => ({
      package_name: name,
      package_version: version.text,
      artifacts: hashes.size,
      attested,
    })),
    unknown: told.unknown,
  };
}

function tableOf({ packages }: ReadLock, told: Provenance): readonly Part[] {
  const rows = told.findings.map(({ type, id, justification, ...item }) => {
    const version = item.package_version === undefined ? "" : ` ${item.package_version}`;
    return [type, `${item.package_name ?? ""}${version}`, id, justification];
  });
  const table =
    rows.length === 0 ? [] : [{ headings: ["type", "package", "finding", "what it says"], rows }, ""];
  const count = (type: Finding["type"]) => told.findings.filter((finding) => finding.type === type).length;
  const attested = told.attestations.reduce((sum, item) => sum + (item.attested ?? 0), 0);
  const artifacts = told.attestations.reduce((sum, { locked }) => sum + locked.hashes.size, 0);
  const summary =
    rows.length === 0
      ? `${plural(packages.length, "package")}: nothing is found against them`
      : `${plural(count("ERROR"), "error")}, ${plural(count("WARNING"), "warning")} and ${plural(count("INFO"), "remark")} on ${plural(packages.length, "package")}`;
  const attestations =
    attested === 0
      ? []
      : [`the indexes tell of an attestation for ${attested} of ${plural(artifacts, "file")} (not verified)`];
  const lines = [summary, ...attestations, ...told.unknown.map((text) => `not known: ${text}`)];
  return [...table, ...lines.map(printable)];
}
