// What GitHub and GitLab have in common: a repository with projects that say they are there, releases in pages, tags that
// name versions.

import type { WebAnswer } from "@thoth/index";
import type { Change, FactKey, KnowledgeGraph, Provenance, ReleaseNoteFact } from "@thoth/knowledge";
import { normalizeName, type PackageName, quote, tryParseVersion } from "@thoth/pep";
import type { Asker } from "../jobs/asker.ts";
import { bodyOf } from "../jobs/asker.ts";
import type { Recollection, SourceItem } from "../jobs/source.ts";
import { notUnderstood, Reading } from "./reading.ts";
import { isAbsent } from "./validators.ts";
import { digestOf, type WantedRepository } from "./wanted-projects.ts";

export interface RepositoryItem extends SourceItem {
  readonly repository: WantedRepository;
}

export function itemsOf(
  repositories: readonly WantedRepository[],
  isOurs: (repository: WantedRepository) => boolean,
): readonly RepositoryItem[] {
  return repositories.filter(isOurs).map((repository) => ({
    key: `${repository.host}/${repository.path}`,
    wish: digestOf(repository.projects),
    repository,
  }));
}

/** A release, as its forge tells. */
export interface ForgeRelease extends ReleaseNoteFact {}

/** Words before a version in a tag that say nothing. */
const SAYS_NOTHING = new Set(["", "v", "ver", "version", "rel", "release", "releases", "python", "py"]);
const LONGEST_TAG = 200;

export interface TagReading {
  /** What the tag calls what is released, normalised: empty where it calls it nothing. */
  readonly name: string;
  /** Canonical. */
  readonly version: string;
}

/** The ways in which a tag can be read as a name and a version, the longest version first; none where no version is in it. */
export function readTag(tag: string): readonly TagReading[] {
  const text = tag.slice(0, LONGEST_TAG);
  const readings: TagReading[] = [];
  for (const { index, 0: separator } of [{ index: 0, 0: "" }, ...text.matchAll(/[-_=@/ ]+/g)]) {
    const rest = text.slice(index + separator.length).replace(/^v(?=\d)/i, "");
    if (!/^\d/.test(rest)) continue;
    const version = tryParseVersion(rest) ?? tryParseVersion(rest.replaceAll("_", "."));
    if (version === undefined) continue;
    const name = text.slice(0, index);
    const saysNothing = SAYS_NOTHING.has(name.toLowerCase());
    readings.push({ name: saysNothing ? "" : normalizeName(name), version: version.text });
  }
  return readings;
}

/**
 * The releases of one project by their version. A repository that holds several projects names them in its tags; where none
 * names this one, those count that name nothing.
 */
export function releasesOf(
  project: PackageName,
  releases: readonly ForgeRelease[],
): ReadonlyMap<string, ForgeRelease> {
  const named = new Map<string, ForgeRelease>();
  const plain = new Map<string, ForgeRelease>();
  for (const release of releases) {
    const readings = readTag(release.tag);
    const own = readings.find(({ name }) => name === project);
    const read = own ?? readings.find(({ name }) => name === "");
    if (read === undefined) continue;
    const found = own === undefined ? plain : named;
    if (!found.has(read.version)) found.set(read.version, release);
  }
  return named.size > 0 ? named : plain;
}

export interface ReleasePages {
  /** In the order in which the forge tells them. */
  readonly releases: readonly ForgeRelease[];
  /** Whether that is all there are. */
  readonly isComplete: boolean;
  readonly first: WebAnswer;
}

export interface PagesRequest {
  readonly url: string;
  readonly subject: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly known: { readonly etag?: string; readonly lastModified?: string };
  readonly refusesFor: (head: Pick<WebAnswer, "status" | "headers">) => number | undefined;
  /** Undefined: it is none yet, such as a draft. */
  readonly read: (release: Reading) => ForgeRelease | undefined;
}

const PAGE_LIMIT = 32 * 1024 * 1024;
/** Of a hundred each. */
const MOST_PAGES = 5;
export const PER_PAGE = 100;

/** Undefined: unchanged, or there is no such list. Throws as `Asker.ask`. */
export async function fetchReleases(asker: Asker, request: PagesRequest): Promise<ReleasePages | undefined> {
  const { read, known, ...rest } = request;
  const releases: ForgeRelease[] = [];
  let first: WebAnswer | undefined;
  let url: string | undefined = request.url;
  for (let page = 0; page < MOST_PAGES && url !== undefined; page++) {
    const answer: WebAnswer = await asker.ask({
      ...rest,
      url,
      limit: PAGE_LIMIT,
      ...(page === 0 ? { known } : {}),
    });
    if (page === 0 && (answer.status === 304 || isAbsent(answer))) return undefined;
    first ??= answer;
    const list = Reading.parse(bodyOf(answer, rest.subject), rest.subject).list(PER_PAGE);
    releases.push(...list.flatMap((release) => read(release) ?? []));
    url = nextPage(answer, rest.subject);
  }
  return first === undefined ? undefined : { releases, isComplete: url === undefined, first };
}

/** https://www.rfc-editor.org/rfc/rfc8288; a page on another server is none. Throws `index-response-invalid`. */
export function nextPage(
  { headers, url }: Pick<WebAnswer, "headers" | "url">,
  subject: string,
): string | undefined {
  const next = linkOf(headers, "next");
  if (next === undefined) return undefined;
  const target = URL.parse(next, url);
  if (target?.origin === new URL(url).origin) return target.href;
  throw notUnderstood(subject, `its next page is ${quote(next)}`);
}

const LONGEST_LINKS = 20_000;

/** The URL of a relation in `Link`. */
export function linkOf(headers: WebAnswer["headers"], relation: string): string | undefined {
  const text = (headers.get("link") ?? "").slice(0, LONGEST_LINKS);
  for (const [, target, parameters = ""] of text.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, named] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? [];
    if (named?.trim().split(/\s+/).includes(relation) === true) return target;
  }
  return undefined;
}

export interface NoteChanges {
  readonly graph: KnowledgeGraph;
  readonly provenance: Provenance;
}

/** Notes of the projects; where all releases are told, notes of those that are gone go. */
export async function noteChanges(
  { projects }: WantedRepository,
  { releases, isComplete }: Pick<ReleasePages, "releases" | "isComplete">,
  { graph, provenance }: NoteChanges,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const told = new Set<string>();
  for (const owner of projects)
    for (const [subject, body] of releasesOf(owner, releases)) {
      const key = { owner, kind: "release-note", subject } as const;
      told.add(`${owner} ${subject}`);
      changes.push({ put: { ...key, body, provenance } });
    }
  if (!isComplete) return changes;
  const before: readonly FactKey[] = await graph.read({ owners: projects, kinds: ["release-note"] });
  for (const { owner, kind, subject } of before)
    if (!told.has(`${owner} ${subject}`)) changes.push({ drop: { owner, kind, subject } });
  return changes;
}

/** Seconds until a server that counts requests wants to hear of us again; both forges tell when that is, in seconds since 1970. */
export function refusalOf(names: { readonly remaining: string; readonly reset: string }) {
  return ({ status, headers }: Pick<WebAnswer, "status" | "headers">): number | undefined => {
    if (status !== 403 && status !== 429) return undefined;
    const after = headers.get("retry-after") ?? "";
    if (/^\d{1,9}$/.test(after)) return Number(after);
    const reset = headers.get(names.reset) ?? "";
    if (headers.get(names.remaining) !== "0" || !/^\d{1,12}$/.test(reset)) return undefined;
    return Math.max(1, Number(reset) - Math.floor(Date.now() / 1000) + 1);
  };
}

export function mergeKnown(...parts: readonly Recollection[]): Recollection {
  return Object.assign({}, ...parts) as Recollection;
}
