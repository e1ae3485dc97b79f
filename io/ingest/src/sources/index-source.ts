// How projects do, as their index tells: status, releases, what was withdrawn, when something was uploaded, and what the
// metadata of the newest release say. Where many are to be asked for, the index's list of all projects tells first which of
// them have changed at all: https://packaging.python.org/en/latest/specifications/simple-repository-api/ (with `_last-serial`,
// a number that grows with each change).

import { createHash } from "node:crypto";
import type { HealthFact } from "@thoth/knowledge";
import {
  compareVersions,
  type IndexFile,
  isNormalizedName,
  isPrerelease,
  type PackageName,
  type ProjectPage,
  parseMetadataFields,
  parseProjectPage,
  ThothError,
  tryParseSdistFilename,
  tryParseWheelFilename,
  type Version,
} from "@thoth/pep";
import { type Asker, bodyOf } from "../jobs/asker.ts";
import type { Answer, ItemContext, Recall, Source, SourceContext, SourceItem } from "../jobs/source.ts";
import { saidBy } from "./provenance.ts";
import { notUnderstood, parseTime, Reading, storable } from "./reading.ts";
import { repositoryUrlOf } from "./repository-url.ts";
import { isAbsent, isUnchanged, remember, validatorsIn } from "./validators.ts";
import type { WantedProjects } from "./wanted-projects.ts";

export const INDEX_PAGE = "application/vnd.pypi.simple.v1+json";
const ACCEPT = `${INDEX_PAGE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;
/** Bytes: the list of all projects has 40 million, the largest page as many. */
const LIST_LIMIT = 256 * 1024 * 1024;
const PAGE_LIMIT = 64 * 1024 * 1024;
const METADATA_LIMIT = 16 * 1024 * 1024;
const MOST_PROJECTS = 5_000_000;
/** Of people, classifiers and characters of each that are kept. */
const MOST_KEPT = 100;
const LONGEST = 200;

interface ProjectItem extends SourceItem {
  readonly key: PackageName;
}

export interface IndexSourceOptions {
  /** Where so many are to be asked for, the list of all projects is asked first; default 60. */
  readonly listFrom?: number;
}

/** `base`: URL of the index, with a slash at its end. */
export function indexSource(
  base: string,
  wanted: WantedProjects,
  { listFrom = 60 }: IndexSourceOptions = {},
): Source<ProjectItem> {
  const { source: place } = saidBy(base, 0);
  return {
    name: "index",
    place,
    items: async (context, recall) => {
      const items = wanted.names.map((key) => ({ key }));
      const due = items.filter((item) => recall.isDue(item) && recall.known(item)?.["serial"] !== undefined);
      return due.length < listFrom ? items : await settle(items, context, recall);
    },
    ask: askProject,
  };
}

/** Marks the projects that the list of all says to be unchanged. */
async function settle(
  items: readonly ProjectItem[],
  { asker }: SourceContext,
  recall: Recall<ProjectItem>,
): Promise<readonly ProjectItem[]> {
  const subject = "the list of all projects";
  const request = { url: asker.base, subject, accept: INDEX_PAGE, limit: LIST_LIMIT };
  const wanted = new Set<string>(items.map(({ key }) => key));
  const serials = parseProjectList(bodyOf(await asker.ask(request), subject), wanted);
  return items.map((item) => {
    const known = recall.known(item)?.["serial"];
    const told = serials.get(item.key);
    return typeof known === "number" && told !== undefined && told <= known
      ? { ...item, isSettled: true }
      : item;
  });
}

/** Serials by name, of those that are wanted and have one; an index need not tell them. Throws `index-response-invalid`, `limit-exceeded`. */
export function parseProjectList(body: Uint8Array, wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const list = Reading.parse(body, "the list of all projects").get("projects");
  const serials = new Map<string, number>();
  for (const project of list.entries(MOST_PROJECTS)) {
    const told = project.get("name").text(LONGEST);
    const name = isNormalizedName(told) ? told : told.replace(/[-_.]+/g, "-").toLowerCase();
    const serial = wanted.has(name) ? project.maybe("_last-serial")?.countOrNothing() : undefined;
    if (serial !== undefined) serials.set(name, serial);
  }
  return serials;
}

async function askProject({ key: name }: ProjectItem, context: ItemContext): Promise<Answer> {
  const { asker, known, now } = context;
  const fetched = await fetchProjectPage(asker, name, validatorsIn(known));
  if (isUnchanged(fetched.answer, known)) return { kind: "unchanged", known };
  if (fetched.page === undefined) return { kind: "absent", known: {} };
  const { page, answer, serial } = fetched;
  const newest = newestRelease(page);
  const metadata = newest === undefined ? undefined : await fetchMetadata(asker, newest.files);
  const body = healthOf(page, newest, metadata);
  const provenance = saidBy(answer.url, now);
  return {
    kind: "told",
    changes: [{ put: { owner: name, kind: "health", subject: "", body, provenance } }],
    known: { ...remember(answer), ...(serial === undefined ? {} : { serial }) },
  };
}

/** `page` is undefined where the index does not have the project, or says that nothing has changed. */
export async function fetchProjectPage(
  asker: Asker,
  name: PackageName,
  known: { readonly etag?: string; readonly lastModified?: string },
) {
  const subject = `the index page of \`${name}\``;
  const url = new URL(`${name}/`, asker.base).href;
  const answer = await asker.ask({ url, subject, accept: ACCEPT, limit: PAGE_LIMIT, known });
  if (answer.status === 304 || isAbsent(answer)) return { answer, page: undefined };
  const body = bodyOf(answer, subject);
  const text = new TextDecoder().decode(body);
  const page = parseProjectPage(text, {
    url: answer.url,
    contentType: answer.headers.get("content-type"),
    name,
  });
  // A page of HTML without any file may be anything, such as one that asks to sign in.
  if (page.files.length === 0 && /^\s*</.test(text) && !text.includes("pypi:repository-version"))
    throw notUnderstood(subject, "it lists no file and does not say that it is such a page");
  return { answer, page, serial: serialOf(answer.headers, body) };
}

/** Of the header that PyPI sends, else of the page. */
function serialOf(headers: ReadonlyMap<string, string>, body: Uint8Array): number | undefined {
  const header = headers.get("x-pypi-last-serial") ?? "";
  if (/^\d{1,15}$/.test(header)) return Number(header);
  if (body[0] !== 0x7b) return undefined;
  const meta = Reading.parse(body, "the index page").maybe("meta");
  return meta?.maybe("_last-serial")?.countOrNothing();
}

export interface PageRelease {
  readonly version: Version;
  readonly files: readonly IndexFile[];
}

/** In no order. */
function releasesOf({ files }: ProjectPage): readonly PageRelease[] {
  const found = new Map<string, { version: Version; files: IndexFile[] }>();
  for (const file of files) {
    const version = (tryParseWheelFilename(file.filename) ?? tryParseSdistFilename(file.filename))?.version;
    if (version === undefined) continue;
    const known = found.get(version.text);
    if (known === undefined) found.set(version.text, { version, files: [file] });
    else known.files.push(file);
  }
  return [...found.values()];
}

/** Final releases that are not withdrawn, then others that are not withdrawn, then the rest; the newest of each first. */
export function releasesByPreference(page: ProjectPage): readonly PageRelease[] {
  const place = (release: PageRelease) => (isYanked(release) ? 2 : isPrerelease(release.version) ? 1 : 0);
  return [...releasesOf(page)].sort((a, b) => place(a) - place(b) || compareVersions(b.version, a.version));
}

export function newestRelease(page: ProjectPage): PageRelease | undefined {
  return releasesByPreference(page)[0];
}

function isYanked({ files }: PageRelease): boolean {
  return files.every(({ yanked }) => yanked !== false);
}

/** PEP 658, of the first file that offers it; else read out of a wheel. Undefined: there is none to be had. Throws `hash-mismatch`. */
async function fetchMetadata(asker: Asker, files: readonly IndexFile[]): Promise<Buffer | undefined> {
  const file = files.find(({ coreMetadata }) => coreMetadata !== false);
  if (file === undefined) {
    const wheel = files.find(({ filename }) => filename.endsWith(".whl"));
    return wheel && (await asker.askWheel({ url: wheel.url, filename: wheel.filename, size: wheel.size }));
  }
  const subject = `the metadata of \`${file.filename}\``;
  const { body } = await asker.ask({ url: `${file.url}.metadata`, subject, limit: METADATA_LIMIT });
  const { coreMetadata: expected } = file;
  if (body === undefined || typeof expected !== "string") return body;
  const found = createHash("sha256").update(body).digest("hex");
  if (found === expected) return body;
  throw new ThothError("hash-mismatch", `What is sent as ${subject} is not what the index page promises.`, {
    details: { algorithm: "sha256", expected, found },
  });
}

/** Throws `limit-exceeded`. */
export function healthOf(
  page: ProjectPage,
  newest: PageRelease | undefined,
  metadata: Uint8Array | undefined,
): HealthFact {
  const releases = releasesOf(page);
  const uploads = page.files.flatMap(({ uploadTime = "" }) => parseTime(uploadTime) ?? []);
  const sizes = newest?.files.flatMap(({ size }) => size ?? []) ?? [];
  const { status, reason } = page.status;
  return {
    status,
    ...(reason === undefined ? {} : { reason: storable(reason, 1000) }),
    releases: releases.length,
    yanked: releases.filter(isYanked).length,
    ...(uploads.length === 0
      ? {}
      : { lastUpload: uploads.reduce(greater), firstUpload: uploads.reduce((a, b) => Math.min(a, b)) }),
    ...declared(metadata),
    ...(newest === undefined ? {} : { newest: newest.version.text }),
    ...(sizes.length === 0 ? {} : { largestFile: sizes.reduce(greater) }),
  };
}

function greater(a: number, b: number): number {
  return Math.max(a, b);
}

function declared(
  metadata: Uint8Array | undefined,
): Pick<HealthFact, "maintainers" | "classifiers" | "repository"> {
  if (metadata === undefined) return { maintainers: [], classifiers: [] };
  const { fields } = parseMetadataFields(metadata, { description: false });
  const texts = (name: string): readonly string[] => {
    const value = fields.get(name);
    return typeof value === "string" ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
  };
  const urls = fields.get("project-url");
  const labelled = urls instanceof Map ? [...(urls as ReadonlyMap<string, string>)] : [];
  const home = texts("home-page").map((url): [string, string] => ["homepage", url]);
  const repository = repositoryUrlOf([...labelled, ...home]);
  return {
    maintainers: peopleOf(["maintainer", "maintainer-email", "author", "author-email"].flatMap(texts)),
    classifiers: sortedSet(texts("classifier").map((text) => storable(text, LONGEST))),
    ...(repository === undefined ? {} : { repository }),
  };
}

/** Names, and addresses of those without a name. */
function peopleOf(fields: readonly string[]): readonly string[] {
  const people = fields.flatMap((field) =>
    partsOf(field.slice(0, 20_000)).map((part) => {
      const begin = part.indexOf("<");
      const name = (begin < 0 ? part : part.slice(0, begin)).replaceAll('"', "").trim();
      const address =
        begin < 0
          ? ""
          : part
              .slice(begin + 1)
              .replaceAll(">", "")
              .trim();
      return storable(name === "" ? address : name, LONGEST);
    }),
  );
  return sortedSet(people.filter((person) => person !== "" && person.toUpperCase() !== "UNKNOWN"));
}

/** At commas that are not within quotes. */
function partsOf(field: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < field.length; at++) {
    if (field[at] === '"') isQuoted = !isQuoted;
    else if (field[at] === "," && !isQuoted) {
      parts.push(field.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, field.slice(start)];
}

function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort().slice(0, MOST_KEPT);
}
