// Where locked artifacts come from: what a lock says beside what each index tells, as findings. They are those of
// Thoth's provenance check, by the same names:
// https://github.com/thoth-station/adviser/blob/master/docs/source/provenance_checks.rst

import { type PackageName, quote, type Version } from "@thoth/pep";
import { plural } from "../frame/printable.ts";

export type FindingType = "ERROR" | "WARNING" | "INFO";

export interface Finding {
  readonly type: FindingType;
  readonly id:
    | "INVALID-LOCK-HASH"
    | "DIFFERENT-ARTIFACTS-ON-SOURCES"
    | "ARTIFACT-DIFFERENT-SOURCE"
    | "ARTIFACT-POSSIBLE-DIFFERENT-SOURCE"
    | "MISSING-PACKAGE"
    | "INVALID-ARTIFACT-HASH"
    | "SOURCE-NOT-WHITELISTED"
    | "INSECURE-SOURCE";
  readonly package_name?: PackageName;
  readonly package_version?: string;
  /** URL of the index that it is about, or that the package is bound to. */
  readonly source?: string;
  /** URLs of the other indexes that have a part in it. */
  readonly sources?: readonly string[];
  readonly digest?: string;
  readonly justification: string;
}

export interface LockedPackage {
  readonly name: PackageName;
  readonly version: Version;
  /** SHA-256 in lower case. */
  readonly hashes: ReadonlySet<string>;
  /** URL of the index that the lock binds it to. */
  readonly source?: string;
}

/** What one index tells of one version: there is no offer where it has none. */
export interface Offer {
  readonly digests: ReadonlySet<string>;
  /** Those for which it tells of an attestation (PEP 740); what it does not tell may still be. */
  readonly attested: ReadonlySet<string>;
  /** Files that it tells no SHA-256 of. */
  readonly untold: number;
}

export interface Source {
  /** In normal form, without credentials. */
  readonly url: string;
  /** Whether the certificate of its host is checked. */
  readonly verified: boolean;
}

export interface ProvenanceFacts {
  /** All that were asked. */
  readonly sources: readonly Source[];
  /** URLs in the same form; empty: every source will do. */
  readonly whitelist: readonly string[];
  readonly packages: readonly {
    readonly locked: LockedPackage;
    /** By the URL of the source. */
    readonly offers: ReadonlyMap<string, Offer>;
  }[];
  /** Whether the lock tells which file a hash is of. */
  readonly namesFiles: boolean;
}

type Checked = ProvenanceFacts["packages"][number];

/** Of a locked package: null is not known, for an index need not tell of attestations. */
export interface Attested {
  readonly locked: LockedPackage;
  readonly attested: number | null;
}

export interface Provenance {
  /** Errors first, then as the facts come. */
  readonly findings: readonly Finding[];
  readonly attestations: readonly Attested[];
  readonly unknown: readonly string[];
}

const ORDER: readonly FindingType[] = ["ERROR", "WARNING", "INFO"];

export function checkProvenance(facts: ProvenanceFacts): Provenance {
  const asked = new Set(facts.sources.map(({ url }) => url));
  const findings = [
    ...facts.packages.flatMap((checked) => packageFindings(checked, asked)),
    ...facts.sources.flatMap((source) => sourceFindings(source, facts.whitelist)),
  ].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  const attestations = facts.packages.map(attestedOf);
  return { findings, attestations, unknown: unknownOf(facts, findings, attestations) };
}

/** `actual` is what the Pipfile beside the lock would be locked as. */
export function lockHashFinding(stated: string, actual: string): Finding | undefined {
  if (stated === actual) return undefined;
  return {
    type: "ERROR",
    id: "INVALID-LOCK-HASH",
    digest: actual,
    justification: "the lock was not made of the Pipfile beside it: lock again",
  };
}

function packageFindings(checked: Checked, asked: ReadonlySet<string>): Finding[] {
  const { source } = checked.locked;
  const where = source === undefined ? unboundFindings(checked) : boundFindings(checked, source, asked);
  return [...where, ...hashFindings(checked)];
}

/** What every finding of a package has. */
function about({ name, version, source }: LockedPackage) {
  return { package_name: name, package_version: version.text, ...(source === undefined ? {} : { source }) };
}

function unboundFindings({ locked, offers }: Checked): Finding[] {
  const sources = [...offers.keys()];
  if (sources.length === 0) {
    const justification = "no index that was asked has this version";
    return [{ type: "ERROR", id: "MISSING-PACKAGE", ...about(locked), justification }];
  }
  const [first, ...others] = offers.values();
  if (others.every((other) => isSameOffer(first as Offer, other))) return [];
  return [
    {
      type: "WARNING",
      id: "DIFFERENT-ARTIFACTS-ON-SOURCES",
      ...about(locked),
      sources,
      justification: `${listOf(sources)} have different files of it: say in the project which index it must come from`,
    },
  ];
}

function isSameOffer(one: Offer, other: Offer): boolean {
  return one.untold === other.untold && one.digests.symmetricDifference(other.digests).size === 0;
}

function boundFindings({ locked, offers }: Checked, source: string, asked: ReadonlySet<string>): Finding[] {
  const own = offers.get(source);
  if (own === undefined) {
    if (!asked.has(source)) return [];
    const justification = `the lock takes it from ${quote(source)}, which does not have this version`;
    const sources = [...offers.keys()];
    return [{ type: "ERROR", id: "MISSING-PACKAGE", ...about(locked), sources, justification }];
  }
  if (offers.size < 2) return [];
  const strange = locked.hashes.difference(own.digests);
  const wanted = strange.size === 0 ? locked.hashes : strange;
  const sources = [...offers].flatMap(([url, { digests }]) =>
    url === source || digests.isDisjointFrom(wanted) ? [] : [url],
  );
  if (strange.size > 0) return [differentSource(locked, strange.size, sources)];
  if (sources.length === 0) return [];
  return [
    {
      type: "INFO",
      id: "ARTIFACT-POSSIBLE-DIFFERENT-SOURCE",
      ...about(locked),
      sources,
      justification: `the lock takes it from ${quote(source)}, and ${listOf(sources)} could give the same files`,
    },
  ];
}

function differentSource(locked: LockedPackage, strange: number, sources: readonly string[]): Finding {
  const elsewhere =
    sources.length === 0 ? "no other that was asked has them" : `some or all are on ${listOf(sources)}`;
  return {
    type: "ERROR",
    id: "ARTIFACT-DIFFERENT-SOURCE",
    ...about(locked),
    sources,
    justification: `${quote(locked.source ?? "")}, which the lock takes it from, lacks ${strange} of its ${plural(locked.hashes.size, "locked file")}: ${elsewhere}`,
  };
}

function hashFindings({ locked, offers }: Checked): Finding[] {
  const known = [...offers.values()];
  return [...locked.hashes]
    .filter((digest) => !known.some(({ digests }) => digests.has(digest)))
    .map((digest) => ({
      type: "ERROR",
      id: "INVALID-ARTIFACT-HASH",
      ...about(locked),
      digest,
      justification: `no index that was asked tells of a file with the SHA-256 ${digest}`,
    }));
}

function sourceFindings({ url, verified }: Source, whitelist: readonly string[]): Finding[] {
  if (whitelist.length > 0 && !whitelist.includes(url)) {
    const justification = `the index ${quote(url)} is asked for packages and is not whitelisted`;
    return [{ type: "ERROR", id: "SOURCE-NOT-WHITELISTED", source: url, justification }];
  }
  const why = isOpen(url)
    ? "is asked without TLS: whoever is on the way can change its answers"
    : verified
      ? undefined
      : "is trusted without a look at its certificate: whoever is on the way can stand in for it";
  if (why === undefined) return [];
  return [
    { type: "WARNING", id: "INSECURE-SOURCE", source: url, justification: `the index ${quote(url)} ${why}` },
  ];
}

/** Whether what is asked there crosses a network in the clear. */
function isOpen(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "http:" && !isLoopback(url.hostname);
}

/** `hostname` as the URL parser writes it: every form of an IPv4 address is four decimals there. */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function attestedOf({ locked, offers }: Checked): Attested {
  const own = locked.source === undefined ? [...offers.values()] : [offers.get(locked.source)];
  const attested = [...locked.hashes].filter((digest) => own.some((offer) => offer?.attested.has(digest)));
  return { locked, attested: attested.length === 0 ? null : attested.length };
}

function unknownOf(
  { packages, sources, namesFiles }: ProvenanceFacts,
  findings: readonly Finding[],
  attestations: readonly Attested[],
): string[] {
  const asked = new Set(sources.map(({ url }) => url));
  const named = (isMeant: (checked: Checked) => boolean) =>
    packages.filter(isMeant).map(({ locked }) => locked.name);
  const silent = attestations.filter(({ attested }) => attested === null).map(({ locked }) => locked.name);
  const unhashed = named(({ locked }) => locked.hashes.size === 0);
  const unasked = named(({ locked: { source } }) => source !== undefined && !asked.has(source));
  const untold = named(({ offers }) => [...offers.values()].some((offer) => offer.untold > 0));
  const lost = findings.some(({ id }) => id === "INVALID-ARTIFACT-HASH") && !namesFiles;
  return [
    ...line(unhashed, (names) => `which files of ${names} are meant: the lock has no SHA-256 of them`),
    ...line(
      unasked,
      (names) => `whether the index that the lock takes ${names} from has it: it was not asked`,
    ),
    ...line(
      untold,
      (names) =>
        `the SHA-256 of every file of ${names}: an index does not tell it, so a hash may seem missing`,
    ),
    ...(lost
      ? [
          "whether a hash on no index is that of an egg or an installer: only wheels and source distributions are looked at",
        ]
      : []),
    ...line(silent, (names) => `whether the files of ${names} have an attestation: the index tells of none`),
  ];
}

function line(names: readonly string[], tell: (names: string) => string): string[] {
  return names.length === 0 ? [] : [tell(listOf([...new Set(names)]))];
}

const LONGEST_LIST = 8;

/** At most a few, and how many there are beside them. */
export function listOf(texts: readonly string[]): string {
  const shown = texts.slice(0, LONGEST_LIST).map((text) => quote(text));
  const more = texts.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
