// Requirements as the metadata of a notebook holds them: a Pipfile as JSON, and its lock.
// https://pipenv.pypa.io/en/latest/pipfile.html

import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "@thoth/notebook";
import {
  asksForNames,
  environmentFacts,
  formatMarker,
  markerGiven,
  type Pylock,
  pylockPart,
  type Requirement,
} from "@thoth/pep";
import { isObject, valueAt } from "./metadata-keys.ts";

export interface PipfileSource {
  readonly url: string;
  readonly verify_ssl: boolean;
  readonly name: string;
}

const PUBLIC: PipfileSource = { url: "https://pypi.org/simple", verify_ssl: true, name: "pypi" };

/** A requirement as the value of its name in `packages`. */
export function pipfileEntry(requirement: Requirement, index?: string): JsonValue {
  const { specifiers, extras, marker, url } = requirement;
  const version = specifiers.text === "" ? "*" : specifiers.text;
  const rest = {
    ...(extras.length === 0 ? {} : { extras: [...extras] }),
    ...(marker === undefined ? {} : { markers: formatMarker(marker) }),
    ...(index === undefined ? {} : { index }),
  };
  if (url !== undefined) return { ...placeOf(url), ...rest };
  return Object.keys(rest).length === 0 ? version : { version, ...rest };
}

function placeOf(url: string): JsonObject {
  const git = /^git\+([^#@]+(?:@[^/@#]+(?=\/))?[^@#]*)(?:@([^#]+))?(?:#.*)?$/.exec(url);
  if (git === null) return { file: url };
  return { git: git[1] as string, ...(git[2] === undefined ? {} : { ref: git[2] }) };
}

/** Sources without credentials: a notebook is shown to others. */
export function pipfileSources(indexes: readonly string[]): PipfileSource[] {
  const names = new Set<string>();
  const sources = indexes.map((index) => {
    const url = withoutCredentials(index).replace(/\/$/, "");
    if (url === PUBLIC.url) return PUBLIC;
    const host = URL.canParse(url) ? new URL(url).hostname.replace(/[^a-z0-9]+/gi, "-") : "";
    let name = host === "" ? "index" : host;
    for (let count = 2; names.has(name); count++) name = `${host || "index"}-${count}`;
    names.add(name);
    return { url, verify_ssl: true, name };
  });
  return sources.length === 0 ? [PUBLIC] : sources;
}

const TABLES = ["packages", "dev-packages", "source", "requires"] as const;

export interface PipfileParts {
  readonly packages: readonly Requirement[];
  readonly development?: readonly Requirement[];
  readonly indexes: readonly string[];
  /** `3.11`. */
  readonly python: string;
}

/** The object of the key `requirements`. */
export function pipfileObject({ packages, development = [], indexes, python }: PipfileParts): JsonObject {
  return {
    packages: entriesOf(packages),
    "dev-packages": entriesOf(development),
    source: pipfileSources(indexes).map((source) => ({ ...source })),
    requires: { python_version: python },
  };
}

/**
 * The same object as the original's programs read it: with each of its tables, and the sources of jupyter-nbrequirements under
 * the name that they have now. Itself where it is so already. The digest stays.
 */
export function wholePipfile(pipfile: JsonObject): JsonObject {
  if (TABLES.every((table) => Object.hasOwn(pipfile, table)) && !Object.hasOwn(pipfile, "sources"))
    return pipfile;
  const {
    packages = {},
    "dev-packages": development = {},
    source: _,
    sources: __,
    requires = {},
    ...rest
  } = pipfile;
  return { packages, "dev-packages": development, source: sourcesOf(pipfile), requires, ...rest };
}

/** The same object, asking for this Python; itself where it does so already or asks for none. */
export function withPython(pipfile: JsonObject, python: string): JsonObject {
  const requires = valueAt(pipfile, "requires");
  if (!isObject(requires) || requires["python_version"] === undefined) return pipfile;
  if (requires["python_version"] === python) return pipfile;
  return { ...pipfile, requires: { ...requires, python_version: python } };
}

function entriesOf(requirements: readonly Requirement[]): JsonObject {
  const entries: Record<string, JsonValue> = Object.create(null);
  for (const requirement of requirements) {
    const earlier = entries[requirement.name];
    const entry = pipfileEntry(requirement);
    entries[requirement.name] = earlier === undefined ? entry : joined(earlier, entry);
  }
  return entries;
}

/** Two wishes for one package: both specifiers hold. */
function joined(one: JsonValue, other: JsonValue): JsonValue {
  const [a, b] = [one, other].map((entry) => (typeof entry === "string" ? { version: entry } : entry)) as [
    JsonObject,
    JsonObject,
  ];
  const versions = [a["version"], b["version"]].filter((text) => typeof text === "string" && text !== "*");
  const merged = { ...a, ...b, version: versions.length === 0 ? "*" : [...new Set(versions)].join(",") };
  const extras = [
    ...new Set([a["extras"], b["extras"]].flatMap((list) => (Array.isArray(list) ? list : []))),
  ].sort();
  const all = extras.length === 0 ? merged : { ...merged, extras };
  return Object.keys(all).length === 1 ? all.version : all;
}

/** Of a URL; a path stays as it is. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}

/** The digest that ties a lock to the requirements it was made from, as pipenv computes it. */
export function pipfileDigest(pipfile: JsonObject): string {
  const content = {
    _meta: { requires: valueAt(pipfile, "requires") ?? {}, sources: sourcesOf(pipfile) },
    default: valueAt(pipfile, "packages") ?? {},
    develop: valueAt(pipfile, "dev-packages") ?? {},
  };
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

function sourcesOf(pipfile: JsonObject): JsonValue {
  return valueAt(pipfile, "source") ?? valueAt(pipfile, "sources") ?? [{ ...PUBLIC }];
}

/** Keys sorted, no white space, nothing beyond ASCII: as Python's `json.dumps(sort_keys=True)` writes it. */
function canonicalJson(value: JsonValue): string {
  const text = JSON.stringify(value, (_, member: JsonValue) => (isObject(member) ? sorted(member) : member));
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function sorted(object: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = Object.create(null);
  for (const key of Object.keys(object).sort()) result[key] = object[key] as JsonValue;
  return result;
}

/** A Pipfile.lock has room for one version of each package. */
export function hasSeveralVersions({ packages }: Pylock): boolean {
  return new Set(packages.map(({ name }) => name)).size < packages.length;
}

/**
 * The lock as a Pipfile.lock: every package, those of the kernel too, because that file knows no groups of ours. Where some
 * have several versions, it is for the first of the lock's environments alone.
 */
export function pipfileLockObject(lock: Pylock, pipfile: JsonObject): JsonObject {
  const entries: Record<string, JsonValue> = Object.create(null);
  const sources = sourcesOf(pipfile);
  const { packages } = hasSeveralVersions(lock) ? pylockPart(lock, environmentFacts(lock)[0] ?? {}) : lock;
  for (const { name, version, wheels = [], sdist, index, marker } of packages) {
    const where = marker && markerGiven(marker, (step) => asksForNames({ steps: [step] }));
    const files = sdist === undefined ? wheels : [...wheels, sdist];
    const hashes = files.flatMap(({ hashes: { sha256 } }) =>
      sha256 === undefined ? [] : [`sha256:${sha256}`],
    );
    const source = nameOfSource(sources, index);
    entries[name] = {
      hashes: [...new Set(hashes)].sort(),
      ...(source === undefined ? {} : { index: source }),
      ...(where === undefined ? {} : { markers: formatMarker(where) }),
      ...(version === undefined ? {} : { version: `==${version.text}` }),
    };
  }
  return {
    _meta: {
      hash: { sha256: pipfileDigest(pipfile) },
      "pipfile-spec": 6,
      requires: valueAt(pipfile, "requires") ?? {},
      sources,
    },
    default: entries,
    develop: {},
  };
}

function nameOfSource(sources: JsonValue, index: string | undefined): string | undefined {
  if (index === undefined || !Array.isArray(sources)) return undefined;
  const wanted = index.replace(/\/$/, "");
  const source = sources.find((item) => isObject(item) && String(item["url"]).replace(/\/$/, "") === wanted);
  const name = isObject(source) ? source["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}
