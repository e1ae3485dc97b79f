// Advisories as databases publish them: the parts of an OSV document that concern packages of PyPI.
// https://ossf.github.io/osv-schema/
//
// Two rules decide what becomes of unreadable parts. Text that is only shown is dropped. What says where a flaw
// begins or ends is kept as it stands, so that `affected.ts` can make it err towards "affected".

import { isValidName, normalizeName, type PackageName } from "@thoth/pep";
import type { Severity } from "../advisory.ts";
import { osvPage, readLine, readLink, readTime } from "./osv-text.ts";

export type OsvEventKind = "introduced" | "fixed" | "last_affected" | "limit";

export interface OsvEvent {
  readonly kind: OsvEventKind;
  /** As written; empty where it is no text or too long for a version. */
  readonly version: string;
}

/** What one entry of `affected` says of one package. */
export interface OsvAffected {
  readonly name: PackageName;
  /** As written, and not necessarily versions. */
  readonly versions: readonly string[];
  /** Events of each range of type `ECOSYSTEM`, in the order of the document. */
  readonly ranges: readonly (readonly OsvEvent[])[];
  /** CVSS vectors that hold for this package alone. */
  readonly vectors: readonly string[];
}

export interface OsvAdvisory {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Seconds since 1970; 0 when unknown. */
  readonly published: number;
  readonly modified: number;
  readonly withdrawn: boolean;
  /** At least one entry. */
  readonly affected: readonly OsvAffected[];
  /** CVSS vectors that hold for all packages. */
  readonly vectors: readonly string[];
  /** What the database calls it in a word. */
  readonly label: Severity;
  /** One line of at most 200 characters; may be empty. */
  readonly summary: string;
  readonly link: string;
}

export type OsvResult =
  | { readonly kind: "advisory"; readonly advisory: OsvAdvisory }
  | { readonly kind: "skipped"; readonly reason: string };

const MOST = { aliases: 1_000, affected: 10_000, severities: 100, references: 10_000, versions: 100_000 };
const MOST_RANGES = 1_000;
const MOST_EVENTS = 10_000;
const LONGEST_VERSION = 200;
const LONGEST_VECTOR = 500;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/;
const EVENT_KINDS: readonly OsvEventKind[] = ["introduced", "fixed", "last_affected", "limit"];

/** Reads a decoded JSON or YAML document. Never throws. */
export function parseOsv(value: unknown): OsvResult {
  if (!isTable(value)) return skip("it is not an object");
  const id = fieldOf(value, "id");
  if (!isId(id)) return skip("it has no usable id");
  const schema = fieldOf(value, "schema_version");
  if (typeof schema === "string" && !/^1\./.test(schema)) return skip("its schema is not of version 1");
  const entries = listOf(value, "affected");
  const tooLong = findTooLong(value, entries);
  if (tooLong !== undefined) return skip(tooLong);
  const affected = entries.flatMap(readAffected);
  if (affected.length === 0) return skip("it concerns no package of PyPI");
  const advisory: OsvAdvisory = {
    id,
    aliases: listOf(value, "aliases").filter(isId),
    // What does not tell when it was published was so by the time it was changed.
    published: readTime(fieldOf(value, "published")) || readTime(fieldOf(value, "modified")),
    modified: readTime(fieldOf(value, "modified")),
    // An unreadable time does not make an advisory go away.
    withdrawn: readTime(fieldOf(value, "withdrawn")) > 0,
    affected,
    vectors: readVectors(value),
    label: readLabel(value),
    summary: readLine(fieldOf(value, "summary")) || readLine(fieldOf(value, "details")),
    link: readReference(value) ?? osvPage(id),
  };
  return { kind: "advisory", advisory };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function skip(reason: string): OsvResult {
  return { kind: "skipped", reason };
}

function findTooLong(document: Table, entries: readonly unknown[]): string | undefined {
  for (const key of ["aliases", "affected", "references"] as const) {
    if (listOf(document, key).length > MOST[key]) return `\`${key}\` has more than ${MOST[key]} entries`;
  }
  let versions = 0;
  let events = 0;
  for (const entry of entries) {
    if (!isTable(entry)) continue;
    const ranges = listOf(entry, "ranges");
    if (ranges.length > MOST_RANGES) return `\`ranges\` has more than ${MOST_RANGES} entries`;
    versions += listOf(entry, "versions").length;
    for (const range of ranges) events += isTable(range) ? listOf(range, "events").length : 0;
  }
  if (versions > MOST.versions) return `it lists more than ${MOST.versions} versions`;
  return events > MOST_EVENTS ? `its ranges have more than ${MOST_EVENTS} events` : undefined;
}

/** One entry or none, for `flatMap`. */
function readAffected(entry: unknown): OsvAffected[] {
  if (!isTable(entry)) return [];
  const subject = fieldOf(entry, "package");
  if (!isTable(subject) || fieldOf(subject, "ecosystem") !== "PyPI") return [];
  const name = fieldOf(subject, "name");
  if (typeof name !== "string" || !isValidName(name)) return [];
  return [
    {
      name: normalizeName(name),
      versions: listOf(entry, "versions").filter(isShortText),
      ranges: listOf(entry, "ranges").flatMap(readRange),
      vectors: readVectors(entry),
    },
  ];
}

function readRange(range: unknown): OsvEvent[][] {
  if (!isTable(range) || fieldOf(range, "type") !== "ECOSYSTEM") return [];
  const events = listOf(range, "events").flatMap((event) => (isTable(event) ? readEvent(event) : []));
  return events.length === 0 ? [] : [events];
}

/** An event has one kind; where a document gives several they count as several events. */
function readEvent(event: Table): OsvEvent[] {
  return EVENT_KINDS.flatMap((kind) => {
    const version = fieldOf(event, kind);
    if (version === undefined) return [];
    return [{ kind, version: isShortText(version) ? version : "" }];
  });
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_VERSION;
}

function readVectors(table: Table): string[] {
  return listOf(table, "severity")
    .slice(0, MOST.severities)
    .flatMap((entry) => {
      const type = isTable(entry) ? fieldOf(entry, "type") : undefined;
      const score = isTable(entry) ? fieldOf(entry, "score") : undefined;
      if (typeof type !== "string" || !type.startsWith("CVSS_")) return [];
      return typeof score === "string" && score.length <= LONGEST_VECTOR ? [score] : [];
    });
}

function readLabel(document: Table): Severity {
  const specific = fieldOf(document, "database_specific");
  const label = isTable(specific) ? fieldOf(specific, "severity") : undefined;
  switch (typeof label === "string" ? label.slice(0, 20).toUpperCase() : "") {
    case "CRITICAL":
      return "critical";
    case "HIGH":
      return "high";
    case "MODERATE":
    case "MEDIUM":
      return "medium";
    case "LOW":
      return "low";
    default:
      return "unknown";
  }
}

function readReference(document: Table): string | undefined {
  for (const entry of listOf(document, "references")) {
    if (!isTable(entry) || fieldOf(entry, "type") !== "ADVISORY") continue;
    const link = readLink(fieldOf(entry, "url"));
    if (link !== undefined) return link;
  }
  return undefined;
}

// Only own keys count, so that `__proto__` and `constructor` are keys like others.

type Table = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldOf(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? (table[key] ?? undefined) : undefined;
}

function listOf(table: Table, key: string): readonly unknown[] {
  const value = fieldOf(table, key);
  return Array.isArray(value) ? value : [];
}
