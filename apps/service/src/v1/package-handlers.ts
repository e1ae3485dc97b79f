// Packages of the first API: names, versions, metadata, dependencies, imports.

import { selectCandidates } from "@thoth/adviser";
import type { EnvironmentOfV1, VersionMetadata } from "@thoth/contract/service";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  compareVersions,
  evaluateMarker,
  formatMarker,
  normalizeName,
  parseRequirement,
  parseVersion,
  quote,
  type Requirement,
  type TargetEnvironment,
  ThothError,
  targetEnvironment,
} from "@thoth/pep";
import type { Handler, Incoming } from "../http/handler.ts";
import { FIRST_PAGE, pageOf, parametersOf, takePage, wholePlace } from "./answers.ts";
import type { Catalogue, KnownRelease, ReleaseParticulars } from "./catalogue.ts";
import { fieldsDocument } from "./fields-document.ts";
import { placeOf } from "./locked-project.ts";
import { ENVIRONMENTS, platformTag, pythonVersionOf } from "./runtime-environment.ts";

export function listPackages(catalogue: Catalogue): Handler {
  return async ({ query }) => {
    const names = await catalogue.names(query["like"] ?? "");
    const { items, headers } = takePage(names, pageOf(query) ?? FIRST_PAGE);
    return { status: 200, document: { packages: items.map((package_name) => ({ package_name })) }, headers };
  };
}

export function listVersions(catalogue: Catalogue): Handler {
  return async (incoming) => {
    const { query } = incoming;
    const record = await projectOf(catalogue, incoming);
    const place = wholePlace(query) ? targetOf(query) : undefined;
    const fits = place === undefined ? () => true : fittingIn(record, place);
    const releases = Array.from({ length: record.releaseCount }, (_, release) => release).filter(fits);
    if (query["order_by"] === "ASC") releases.reverse();
    const page = pageOf(query);
    const { items, headers } =
      page === undefined ? { items: releases, headers: {} } : takePage(releases, page);
    const versions = items.map((release) => versionOf({ record, release }));
    return { status: 200, document: { versions }, headers };
  };
}

export function readMetadata(catalogue: Catalogue): Handler {
  return async (incoming) => {
    const known = await releaseOf(catalogue, incoming);
    const particulars = await catalogue.particulars(known, incoming.signal);
    const metadata = metadataDocument(known, particulars);
    return { status: 200, document: { parameters: parametersOf(incoming.query), metadata } };
  };
}

export function readFields(catalogue: Catalogue): Handler {
  return async (incoming) => {
    const known = await releaseOf(catalogue, incoming);
    const [fields, particulars] = await Promise.all([
      catalogue.fields(known, incoming.signal),
      catalogue.particulars(known, incoming.signal),
    ]);
    const metadata = fieldsDocument(fields, { ...particulars, ...versionOf(known) });
    return { status: 200, document: { parameters: parametersOf(incoming.query), metadata } };
  };
}

export function listDependencies(catalogue: Catalogue): Handler {
  return async (incoming) => {
    const { query } = incoming;
    const wanted = query["marker_evaluation_result"]?.toLowerCase();
    const place = wholePlace(query) ? targetOf(query) : undefined;
    const known = await releaseOf(catalogue, incoming);
    const { metadata } = await catalogue.particulars(known, incoming.signal);
    const dependencies = (metadata?.requiresDist ?? [])
      .flatMap(readRequirement)
      .filter((requirement) => wanted === undefined || String(holds(requirement, place)) === wanted)
      .map(dependencyOf);
    return { status: 200, document: { dependencies, parameters: parametersOf(query) } };
  };
}

export function listVersionEnvironments(catalogue: Catalogue): Handler {
  return async (incoming) => {
    const { record, release } = await releaseOf(catalogue, incoming);
    // Most of them differ in name only.
    const known = new Map<string, boolean>();
    const environments = ENVIRONMENTS.filter((place) => {
      const key = `${platformTag(systemOf(place))} ${place.python_version}`;
      const fits = known.get(key) ?? fittingIn(record, targetOf(place))(release);
      known.set(key, fits);
      return fits;
    });
    const parameters = parametersOf(incoming.query);
    const page = pageOf(incoming.query);
    if (page === undefined) return { status: 200, document: { environments, parameters } };
    const { items, headers } = takePage(environments, page);
    return { status: 200, document: { environments: items, parameters }, headers };
  };
}

export function listProviders(catalogue: Catalogue): Handler {
  return async ({ query, signal }) => {
    const module = query["import_name"] ?? "";
    const found = await catalogue.providers(module, signal);
    if (found.length === 0) throw notFound(`no package is known that provides ${quote(module)}`);
    const package_names = found.map((provider) => ({
      ...versionOf(provider),
      import: provider.module,
      package_import: provider.module,
    }));
    return { status: 200, document: { package_names, parameters: parametersOf(query) } };
  };
}

/** Throws `not-found`. */
async function projectOf(catalogue: Catalogue, { query, signal }: Incoming): Promise<ProjectRecord> {
  const name = query["name"] ?? "";
  const record = await catalogue.project(normalizeName(name), signal);
  if (record === undefined) throw notFound(`no index has ${quote(name)}`);
  return record;
}

/** Throws `not-found`. */
async function releaseOf(catalogue: Catalogue, incoming: Incoming): Promise<KnownRelease> {
  const record = await projectOf(catalogue, incoming);
  const { version: text = "", index = record.index } = incoming.query;
  if (placeOf(index) !== placeOf(record.index))
    throw notFound(`${quote(record.name)} is not taken from ${quote(placeOf(index))}`);
  const version = readVersion(text);
  for (let release = 0; version !== undefined && release < record.releaseCount; release++)
    if (compareVersions(record.version(release), version) === 0) return { record, release };
  throw notFound(`${quote(record.name)} has no version ${quote(text)}`);
}

function readVersion(text: string) {
  try {
    return parseVersion(text);
  } catch {
    return undefined;
  }
}

function notFound(message: string): ThothError {
  return new ThothError("not-found", message);
}

function versionOf({ record, release }: KnownRelease) {
  return {
    package_name: record.name,
    package_version: record.versionText(release),
    index_url: placeOf(record.index),
  };
}

type Place = Partial<EnvironmentOfV1>;

function systemOf({ os_name, os_version, python_version = "" }: Readonly<Place>) {
  return { operating_system: { name: os_name, version: os_version }, python_version };
}

const USUAL_PYTHON = "3.12";

/** Throws `invalid-request`. */
function targetOf(place: Readonly<Place>): TargetEnvironment {
  const system = systemOf(place);
  const pythonVersion = pythonVersionOf(system, undefined) ?? USUAL_PYTHON;
  return targetEnvironment({ pythonVersion, platform: platformTag(system) });
}

/** Whether a release has a file that can be installed there, wherever it was built. */
function fittingIn(record: ProjectRecord, target: TargetEnvironment): (release: number) => boolean {
  const { excluded } = selectCandidates({
    record,
    target,
    policy: {
      recommendationType: "latest",
      asOf: Number.MAX_SAFE_INTEGER,
      prerelease: "allow",
      resolution: "highest",
      noBinary: new Set(),
      onlyBinary: new Set(),
      allowBuild: true,
    },
    pins: () => true,
    lowestFirst: false,
  });
  return (release) => excluded[release] === undefined;
}

function metadataDocument(
  known: KnownRelease,
  { metadata, contents }: ReleaseParticulars,
): VersionMetadata["metadata"] {
  const named = versionOf(known);
  const { requiresDist = [], requiresPython, providesExtra = [] } = metadata ?? {};
  return {
    ...named,
    packages: contents?.modules ?? [],
    dependencies: requiresDist,
    importlib_metadata: {
      version: named.package_version,
      requires: requiresDist,
      metadata: {
        Name: metadata?.name ?? named.package_name,
        Version: metadata?.version ?? named.package_version,
        ...(requiresPython === undefined ? {} : { "Requires-Python": requiresPython }),
        ...(providesExtra.length === 0 ? {} : { "Provides-Extra": providesExtra }),
        ...(contents?.license === undefined ? {} : { License: contents.license }),
        "Requires-Dist": requiresDist,
      },
      entry_points: contents?.entryPoints ?? [],
      files: filesOf(known),
    },
  };
}

/** Those that the index offers: what is in them is known of some only. */
function filesOf({ record, release }: KnownRelease) {
  const files: { readonly name: string; readonly hash: string | null; readonly size: number | null }[] = [];
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const hash = record.sha256(file);
    files.push({
      name: record.filename(file),
      hash: hash === undefined ? null : `sha256:${hash}`,
      size: record.size(file) ?? null,
    });
  }
  return files;
}

/** What cannot be read is no dependency that anybody could tell. */
function readRequirement(text: string): readonly Requirement[] {
  try {
    return [parseRequirement(text)];
  } catch {
    return [];
  }
}

function holds({ marker }: Requirement, place: TargetEnvironment | undefined): boolean {
  if (marker === undefined) return true;
  const { markers } = place ?? targetOf({});
  return evaluateMarker(marker, markers);
}

function dependencyOf({ name, specifiers, marker }: Requirement) {
  const condition = marker === undefined ? "" : formatMarker(marker);
  const [, extra = ""] = /\bextra == ["']([^"']+)["']/.exec(condition) ?? [];
  return {
    name,
    version: specifiers.text === "" ? "*" : specifiers.text,
    extra,
    environment_marker: condition,
  };
}
