// A Pipfile as the first API's clients send and take it: TOML or JSON, in the form that Thoth's own library gives it.
// https://github.com/thoth-station/python/blob/master/thoth/python/pipfile.py

import { createHash } from "node:crypto";
import {
  formatJson,
  formatMarker,
  formatTomlTable,
  normalizeName,
  type Pipfile,
  type PipfilePackage,
  parsePipfile,
  quote,
  ThothError,
} from "@thoth/pep";
import { invalid, parseBody } from "../http/incoming.ts";

export interface PipfileSource {
  readonly url: string;
  readonly verify_ssl: boolean;
  readonly name: string;
}

type Entries = Readonly<Record<string, unknown>>;

export interface PipfileObject {
  readonly source: readonly PipfileSource[];
  readonly packages: Entries;
  readonly "dev-packages": Entries;
  readonly requires: Readonly<Record<string, unknown>>;
  readonly pipenv?: Entries;
  /** What only Thoth's service minds. */
  readonly thoth?: Entries;
}

/** Throws `invalid-request`. */
export function parsePipfileText(text: string): PipfileObject {
  try {
    const pipfile = parsePipfile(isJson(text) ? tomlOfJson(text) : text);
    return objectOf(pipfile, rawTables(pipfile));
  } catch (error) {
    if (!(error instanceof ThothError) || error.code === "invalid-request") throw error;
    throw new ThothError("invalid-request", error.message, { cause: error, details: { status: 400 } });
  }
}

/** No TOML begins so. */
export function isJson(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function tomlOfJson(text: string): string {
  const value = withoutNulls(parseBody(Buffer.from(text)));
  if (!isTable(value)) throw invalid("the Pipfile is no object");
  const { sources, source = sources, ...rest } = value;
  return formatTomlTable({ source, ...rest }, { headers: 1 });
}

/** TOML has none. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isTable(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

interface RawTables {
  readonly _meta: { readonly sources: readonly Entries[]; readonly requires: Entries };
  readonly default: Entries;
  readonly develop: Entries;
  readonly thoth?: unknown;
}

/** As they were written: the text that is hashed is JSON of them. */
function rawTables({ hashText }: Pipfile): RawTables {
  try {
    return JSON.parse(hashText) as RawTables;
  } catch (error) {
    throw new ThothError("invalid-request", "the Pipfile holds a number that is none", { cause: error });
  }
}

function objectOf(pipfile: Pipfile, raw: RawTables): PipfileObject {
  const { settings, categories } = pipfile;
  return {
    source: pipfile.sources.map(({ name, url, verifySsl }) => sourceOf(withoutSecret(url), verifySsl, name)),
    packages: entriesOf(categories.get("packages") ?? [], raw.default),
    "dev-packages": entriesOf(categories.get("dev-packages") ?? [], raw.develop),
    requires: { ...pipfile.requires },
    ...(settings === undefined ? {} : { pipenv: withoutNulls(JSON.parse(formatJson(settings))) as Entries }),
    ...(isTable(raw.thoth) ? { thoth: raw.thoth } : {}),
  };
}

/** What is asked is kept: a secret in it would be too. A variable is none. Throws `invalid-request`. */
export function withoutSecret(url: string): string {
  const { username = "", password = "" } = URL.parse(url.replace(/\$(?:\w+|\{\w+\})/g, "")) ?? {};
  if (username === "" && password === "") return url;
  throw invalid(
    `${quote(url.replace(/\/\/[^/@]*@/, "//***@"))} holds credentials: write \`\${VARIABLE}\` in their place`,
  );
}

/** A source that has no name is known by its place. */
export function sourceOf(url: string, verified: boolean, name?: string): PipfileSource {
  const plain = url.replace(/\/+$/, "");
  const place = URL.parse(plain);
  const usual = `${place?.host ?? ""}${place?.pathname ?? plain}`.replace(/[^A-Za-z0-9]/g, "-");
  return { url: plain, verify_ssl: verified, name: name ?? usual };
}

function entriesOf(packages: readonly PipfilePackage[], raw: Entries): Entries {
  const named = new Map(Object.entries(raw).map(([key, value]) => [nameOf(key), value]));
  const entries: Record<string, unknown> = Object.create(null);
  for (const entry of packages) entries[entry.requirement.name] = entryOf(entry, named);
  return { ...entries };
}

function nameOf(key: string): string {
  return normalizeName(key.split("[")[0]?.trim() ?? key);
}

function entryOf({ requirement, direct, index }: PipfilePackage, raw: ReadonlyMap<string, unknown>): unknown {
  const { name, extras, marker } = requirement;
  if (direct !== undefined)
    throw invalid(`${quote(name)} is no package of an index: it cannot be locked here`);
  const value = raw.get(name);
  const version = (isTable(value) ? value["version"] : value) ?? "*";
  if (index === undefined && extras.length === 0 && marker === undefined) return version;
  const written = isTable(value) && typeof value["markers"] === "string" ? value["markers"] : undefined;
  return {
    ...(index === undefined ? {} : { index }),
    ...(marker === undefined ? {} : { markers: written ?? formatMarker(marker) }),
    ...(extras.length === 0 ? {} : { extras: [...extras] }),
    version,
  };
}

/** SHA-256 that ties a Pipfile.lock to its Pipfile. */
export function digestOfPipfile(pipfile: PipfileObject): string {
  const content = {
    _meta: { requires: pipfile.requires, sources: pipfile.source },
    default: pipfile.packages,
    develop: pipfile["dev-packages"],
  };
  return createHash("sha256").update(formatJson(content)).digest("hex");
}

/** TOML, without what only the service minds. */
export function formatPipfileObject({ thoth: _, ...pipfile }: PipfileObject): string {
  return formatTomlTable({ ...pipfile }, { headers: 1 });
}

export function isTable(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
