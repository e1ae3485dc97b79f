// Which index owns a project. They are asked in their order and the first that knows the name owns it: one
// that fails ends the search, and what a later one offers under the name is never looked at. Files from places
// of links join those of the owner.

import { encodeProject, type KnowledgeStore, ProjectRecord, type StoredProject } from "@thoth/knowledge";
import { type IndexFile, type PackageName, quote, ThothError } from "@thoth/pep";
import type { Report } from "./events.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLocation } from "./index-location.ts";
import type { IndexLimits } from "./limits.ts";
import { groupFiles, LocalPlace } from "./local-place.ts";
import { fetchLinks, fetchPage } from "./page-client.ts";
import { filesOf } from "./record-files.ts";

export interface FinderOptions {
  readonly indexes: readonly IndexLocation[];
  readonly findLinks: readonly IndexLocation[];
  readonly store: KnowledgeStore;
  readonly client: HttpClient;
  readonly limits: IndexLimits;
  readonly offline: boolean;
  readonly report: Report;
}

type FileGroups = ReadonlyMap<PackageName, readonly IndexFile[]>;

export class ProjectFinder {
  readonly #options: FinderOptions;
  readonly #local: ReadonlyMap<string, LocalPlace>;
  readonly #absent = new Set<string>();
  readonly #links = new Map<string, Promise<FileGroups>>();
  readonly #hasLinkPages: boolean;
  /** What the store had when it was first asked, by index and name; until the search for the project ends. */
  readonly #kept = new Map<string, StoredProject | undefined>();

  constructor(options: FinderOptions) {
    this.#options = options;
    const { indexes, findLinks, limits } = options;
    const places = [...indexes, ...findLinks].filter(({ path }) => path !== undefined);
    this.#local = new Map(places.map(({ url, path }) => [url, new LocalPlace(path!, limits.pageBytes)]));
    this.#hasLinkPages = findLinks.some(({ path }) => path === undefined);
  }

  get places(): readonly (readonly string[])[] {
    const { indexes, findLinks } = this.#options;
    return [indexes.map(({ url }) => url), findLinks.map(({ url }) => url)];
  }

  /** Until when no index need be asked again for what was told; seconds since 1970. */
  freshUntil = Number.POSITIVE_INFINITY;

  /** Undefined: not without asking somebody. */
  stored(name: PackageName): ProjectRecord | null | undefined {
    const { indexes, findLinks } = this.#options;
    if (this.#hasLinkPages || findLinks.some(({ url }) => this.#linksTo(url, name))) return undefined;
    for (const { url, path } of indexes) {
      if (path !== undefined) {
        if (this.#place(url).knows(name)) return undefined;
        continue;
      }
      const stored = this.#load(url, name);
      if (stored === undefined) return undefined;
      this.freshUntil = Math.min(this.freshUntil, stored.validators.freshUntil);
      if (stored.record !== null) return stored.record;
    }
    return null;
  }

  /** What is kept of it, however old; undefined where nothing is. */
  kept(name: PackageName): ProjectRecord | undefined {
    for (const { url, path } of this.#options.indexes) {
      const stored = path === undefined ? this.#options.store.loadProject({ index: url, name }) : undefined;
      if (stored?.record != null) return stored.record;
    }
    return undefined;
  }

  /** Names that contain `part`: of projects that are kept, and of those in folders. */
  namesWith(part: string): ReadonlySet<PackageName> {
    const { indexes, findLinks, store } = this.#options;
    const names = indexes.flatMap(({ url, path }) =>
      path === undefined ? store.projectNames(url, part) : [],
    );
    const places = [...indexes, ...findLinks].filter(({ path }) => path !== undefined);
    const local = places.flatMap(({ url }) => this.#namesIn(url).filter((name) => name.includes(part)));
    return new Set([...(names as PackageName[]), ...local]);
  }

  /** Whether somebody may have it who can be asked offline. */
  hasPlaces(name: PackageName): boolean {
    const { indexes, findLinks } = this.#options;
    if (this.#hasLinkPages || findLinks.some(({ url }) => this.#linksTo(url, name))) return true;
    return indexes.some(({ url, path }) => path !== undefined && this.#place(url).knows(name));
  }

  /** Null: nobody has the project. Throws what asking throws. */
  async find(name: PackageName, signal: AbortSignal | undefined): Promise<ProjectRecord | null> {
    try {
      return await this.#find(name, signal);
    } finally {
      for (const { url } of this.#options.indexes) this.#kept.delete(`${url} ${name}`);
    }
  }

  async #find(name: PackageName, signal: AbortSignal | undefined): Promise<ProjectRecord | null> {
    const linked = await this.#linked(name, signal);
    for (const location of this.#options.indexes) {
      const record = await this.#ask(location, name, signal);
      if (record !== null) return linked.length === 0 ? record : join(record, linked);
    }
    const place = this.#options.findLinks[0]?.url;
    return linked.length === 0 || place === undefined ? null : encode(name, linked, place);
  }

  /** What the store has of one index and may still say. */
  #load(index: string, name: PackageName): StoredProject | undefined {
    const stored = this.#read(index, name);
    if (stored === undefined || this.#options.offline) return stored;
    return stored.validators.freshUntil > now() ? stored : undefined;
  }

  /** The store is asked once, however often the search steps before the page is here. */
  #read(index: string, name: PackageName): StoredProject | undefined {
    const key = `${index} ${name}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined || this.#kept.has(key)) return kept;
    const stored = this.#options.store.loadProject({ index, name });
    this.#kept.set(key, stored);
    return stored;
  }

  async #ask(
    { url, path }: IndexLocation,
    name: PackageName,
    signal: AbortSignal | undefined,
  ): Promise<ProjectRecord | null> {
    if (path !== undefined) {
      const page = await this.#place(url).project(name);
      if (page === undefined) return null;
      this.#warn(page.warnings);
      return encode(name, page.files, url);
    }
    const stored = this.#load(url, name);
    if (stored !== undefined) return stored.record;
    if (this.#options.offline) {
      this.#warn([`${quote(name)} is not in the cache, and nothing may be asked for offline.`]);
      return null;
    }
    return await this.#fetch(url, name, signal);
  }

  async #fetch(
    index: string,
    name: PackageName,
    signal: AbortSignal | undefined,
  ): Promise<ProjectRecord | null> {
    const { store, client, limits, report } = this.#options;
    const key = { index, name };
    const stored = this.#read(index, name);
    report({ kind: "requested", subject: "project", name });
    const answer = await fetchPage(client, { index, name, stored, limit: limits.pageBytes, signal });
    report({ kind: "received", subject: "project", name });
    if ("validators" in answer) this.freshUntil = Math.min(this.freshUntil, answer.validators.freshUntil);
    switch (answer.kind) {
      case "unchanged":
        store.refreshProject(key, answer.validators);
        return stored?.record ?? null;
      case "absent":
        store.saveProject(key, null, answer.validators);
        return null;
      case "page":
        this.#warn(answer.warnings);
        store.saveProject(key, answer.bytes, answer.validators);
        return new ProjectRecord(answer.bytes);
      default:
        return answer satisfies never;
    }
  }

  async #linked(name: PackageName, signal: AbortSignal | undefined): Promise<readonly IndexFile[]> {
    const files: IndexFile[] = [];
    for (const { url, path } of this.#options.findLinks) {
      if (path !== undefined) {
        const page = this.#linksTo(url, name) ? await this.#place(url).project(name) : undefined;
        files.push(...(page?.files ?? []));
        continue;
      }
      let groups = this.#links.get(url);
      if (groups === undefined) {
        groups = this.#fetchLinks(url, signal);
        this.#links.set(url, groups);
      }
      files.push(...((await groups).get(name) ?? []));
    }
    return files;
  }

  async #fetchLinks(url: string, signal: AbortSignal | undefined): Promise<FileGroups> {
    const { client, limits, offline } = this.#options;
    if (offline) {
      throw new ThothError(
        "index-unreachable",
        `The page of links ${quote(url)} cannot be asked for offline.`,
        {
          hint: "Leave out `--offline`, or name a folder in `--find-links`.",
        },
      );
    }
    const { files, warnings } = await fetchLinks(client, { url, limit: limits.pageBytes, signal });
    this.#warn(warnings);
    return groupFiles(files);
  }

  #linksTo(url: string, name: PackageName): boolean {
    return this.#askLinks(url, (place) => place.knows(name)) ?? false;
  }

  #namesIn(url: string): readonly PackageName[] {
    return this.#askLinks(url, (place) => place.names) ?? [];
  }

  /** A place of links that is not there is passed over, as pip does: it may be named in a variable for all times. */
  #askLinks<T>(url: string, ask: (place: LocalPlace) => T): T | undefined {
    if (this.#absent.has(url)) return undefined;
    try {
      return ask(this.#place(url));
    } catch (error) {
      if (!(error instanceof ThothError) || error.code !== "file-failed") throw error;
      this.#absent.add(url);
      this.#warn([error.message]);
      return undefined;
    }
  }

  #place(url: string): LocalPlace {
    return this.#local.get(url)!;
  }

  #warn(messages: readonly string[]): void {
    for (const message of messages) this.#options.report({ kind: "warning", message });
  }
}

function join(record: ProjectRecord, linked: readonly IndexFile[]): ProjectRecord {
  const own = filesOf(record);
  const names = new Set(own.map(({ filename }) => filename));
  const more = linked.filter(({ filename }) => !names.has(filename));
  if (more.length === 0) return record;
  const { name, status, tracks, alternateLocations } = record;
  const page = { name, files: [...own, ...more], status, tracks, alternateLocations, warnings: [] };
  return new ProjectRecord(encodeProject(page, record.index));
}

function encode(name: PackageName, files: readonly IndexFile[], index: string): ProjectRecord {
  const status = { status: "active" as const };
  return new ProjectRecord(
    encodeProject({ name, files, status, tracks: [], alternateLocations: [], warnings: [] }, index),
  );
}

function now(): number {
  return Date.now() / 1000;
}
