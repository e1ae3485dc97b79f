// Requirements as the entries of a Pipfile in JSON, the form in which a notebook's metadata carry them.
// https://pipenv.pypa.io/en/latest/pipfile.html

import { formatMarker, formatSpecifiers, type Requirement } from "@thoth/pep";
import type { JsonObject, JsonValue } from "./cell.ts";
import type { IndexOptions } from "./install-line.ts";

const DEFAULT_SOURCE = { url: "https://pypi.org/simple", verify_ssl: true, name: "pypi" };

/** The value of one package: `"*"`, specifiers, or a table. */
export function pipfileEntry(requirement: Requirement, index?: string): JsonValue {
  const { extras, marker, url, specifiers } = requirement;
  const version = formatSpecifiers(specifiers) || "*";
  const plain = extras.length === 0 && marker === undefined && url === undefined && index === undefined;
  if (plain) return version;
  return {
    ...(url === undefined ? { version } : location(url)),
    ...(extras.length === 0 ? {} : { extras: [...extras] }),
    ...(marker === undefined ? {} : { markers: formatMarker(marker) }),
    ...(index === undefined ? {} : { index }),
  };
}

/** `git+https://…@v1` → `{git, ref}`; anything else is a file. */
function location(url: string): JsonObject {
  const match = /^(git|hg|svn|bzr)\+(.+)$/.exec(url);
  if (match === null) return { file: url };
  const [, system, address] = match;
  const path = address!.indexOf("/", address!.indexOf("://") + 3);
  const at = address!.lastIndexOf("@");
  if (at < path || at < 0 || address!.includes("#")) return { [system!]: address! };
  return { [system!]: address!.slice(0, at), ref: address!.slice(at + 1) };
}

/** A Pipfile with those requirements added to what it held. */
export function mergedPipfile(
  old: JsonObject | undefined,
  added: readonly Requirement[],
  index: IndexOptions,
): JsonObject {
  const packages = new Map(Object.entries(tableOf(old, "packages")));
  for (const requirement of added) {
    const known = packages.get(requirement.name);
    const named = isTable(known) && Object.hasOwn(known, "index") ? known["index"] : undefined;
    packages.set(requirement.name, pipfileEntry(requirement, typeof named === "string" ? named : undefined));
  }
  const pipenv = index.prereleases ? { pipenv: { ...tableOf(old, "pipenv"), allow_prereleases: true } } : {};
  return {
    ...(old ?? {}),
    packages: Object.fromEntries(packages),
    "dev-packages": tableOf(old, "dev-packages"),
    source: mergedSources(old, index),
    ...pipenv,
  };
}

function isTable(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tableOf(old: JsonObject | undefined, key: string): JsonObject {
  const value = old !== undefined && Object.hasOwn(old, key) ? old[key] : undefined;
  return isTable(value) ? value : {};
}

/** `--index-url` takes the place of the standard index; the extra ones follow. */
function mergedSources(old: JsonObject | undefined, index: IndexOptions): JsonValue[] {
  const held = old !== undefined && Object.hasOwn(old, "source") ? old["source"] : undefined;
  const sources: JsonValue[] = Array.isArray(held) && held.length > 0 ? [...held] : [DEFAULT_SOURCE];
  const known = new Set(sources.map((source) => (isTable(source) ? source["url"] : undefined)));
  if (index.indexUrl !== undefined && !known.has(index.indexUrl)) {
    const first = sourceOf(index.indexUrl, { index, taken: sources });
    if (sources.length === 1 && sources[0] === DEFAULT_SOURCE) sources[0] = first;
    else sources.push(first);
  }
  for (const url of index.extraIndexUrls) {
    if (!known.has(url)) sources.push(sourceOf(url, { index, taken: sources }));
  }
  return sources;
}

function sourceOf(url: string, from: { index: IndexOptions; taken: readonly JsonValue[] }): JsonObject {
  const host = /^[a-z+]+:\/\/(?:[^/@]*@)?([^/:]*)/i.exec(url)?.[1] ?? "";
  const trusted = from.index.trustedHosts.some((name) => name.split(":")[0] === host);
  const names = new Set(from.taken.map((source) => (isTable(source) ? source["name"] : undefined)));
  const base = host.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "") || "index";
  let name = base;
  for (let number = 2; names.has(name); number++) name = `${base}-${number}`;
  return { url, verify_ssl: !trusted, name };
}
