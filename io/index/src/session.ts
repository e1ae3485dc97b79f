// The indexes of one run as knowledge: what is known is answered at once, from memory or the store; what is
// not is fetched when it is needed.

import { fileURLToPath } from "node:url";
import type { KnowledgeReader, KnowledgeStore, Needs, ProjectRecord } from "@thoth/knowledge";
import { type PackageName, quote, ThothError } from "@thoth/pep";
import { type Artifact, ArtifactCache, type ArtifactRequest } from "./artifact-cache.ts";
import { Credentials } from "./credentials.ts";
import { download } from "./download.ts";
import type { IndexEvent } from "./events.ts";
import { checkRemote } from "./forbidden.ts";
import { HttpClient } from "./http-client.ts";
import { parseIndexLocation } from "./index-location.ts";
import { DEFAULT_LIMITS, type IndexLimits } from "./limits.ts";
import { type Fact, MetadataClient } from "./metadata-client.ts";
import { readNetrc } from "./netrc.ts";
import { News } from "./news.ts";
import { ProjectFinder } from "./project-finder.ts";
import { Transport } from "./transport.ts";
import { openLocalWheel, openRemoteWheel, type WheelArchive } from "./wheel-archive.ts";

export interface IndexSessionOptions {
  /** In order: URLs (which may carry credentials), `file:` URLs or folders. */
  readonly indexes: readonly string[];
  /** Folders or pages whose files join those of the owner. */
  readonly findLinks: readonly string[];
  readonly store: KnowledgeStore;
  /** Artifacts lie below it, by their hash. */
  readonly cacheDirectory: string;
  readonly offline: boolean;
  readonly allowBuild: boolean;
  /** Environment variables: proxies, NETRC, SSL_CERT_FILE, THOTH_ALLOWED_HOSTS … */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A file of certificates. */
  readonly certificate?: string | undefined;
  /** Hosts whose certificates are not checked. */
  readonly trustedHosts?: readonly string[];
  /** Builds the METADATA of a source distribution; called only when builds are allowed. */
  readonly buildMetadata?: (sdistPath: string, signal: AbortSignal) => Promise<string>;
  readonly report?: (event: IndexEvent) => void;
  readonly limits?: Partial<IndexLimits>;
}

/** By file; null: the store does not have it. */
type Facts = (Fact | null | undefined)[];

export class IndexSession implements KnowledgeReader {
  readonly #options: IndexSessionOptions;
  readonly #transport: Transport;
  readonly #finder: ProjectFinder;
  readonly #metadata: MetadataClient;
  readonly #artifacts: ArtifactCache;
  readonly #place: { readonly client: HttpClient; readonly limits: IndexLimits };
  readonly #projects = new Map<PackageName, ProjectRecord | null>();
  readonly #facts = new WeakMap<ProjectRecord, Facts>();
  readonly #running = new Set<string>();
  readonly #news = new News();
  readonly #asked = { projects: 0, metadata: 0 };
  /** What was told so far is in the store, or the store does not have it. */
  #isStored = true;

  /** Throws `usage` for a place that is none, `index-unreachable` for one on this machine where that is forbidden. */
  constructor(options: IndexSessionOptions) {
    this.#options = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const report = (event: IndexEvent) => options.report?.(event);
    const indexes = options.indexes.map((text) => parseIndexLocation(text));
    const findLinks = options.findLinks.map((text) => parseIndexLocation(text, true));
    for (const { url } of [...indexes, ...findLinks]) checkRemote(url, options.variables);
    this.#transport = new Transport({
      variables: options.variables,
      certificate: options.certificate,
      trustedHosts: options.trustedHosts ?? [],
      connections: limits.connections,
    });
    const credentials = new Credentials([...indexes, ...findLinks], () => readNetrc(options.variables));
    const client = new HttpClient({ transport: this.#transport, credentials, limits });
    this.#place = { client, limits };
    const { store, offline } = options;
    this.#finder = new ProjectFinder({ indexes, findLinks, store, client, limits, offline, report });
    this.#artifacts = new ArtifactCache({
      directory: options.cacheDirectory,
      artifactBytes: limits.artifactBytes,
      downloads: limits.downloads,
      download: (request, target, signal) => {
        if (offline) throw notOffline(request.filename);
        return download({ client, limits, report }, request, target, signal);
      },
    });
    const build = options.allowBuild ? options.buildMetadata : undefined;
    this.#metadata = new MetadataClient({ client, artifacts: this.#artifacts, limits, build });
  }

  project(name: PackageName): ProjectRecord | null | undefined {
    const known = this.#projects.get(name);
    if (known !== undefined) return known;
    const found = this.#finder.stored(name);
    if (found !== undefined) this.#projects.set(name, found);
    return found;
  }

  /** What is kept of a project, however old: nobody is asked. */
  kept(name: PackageName): ProjectRecord | undefined {
    return this.#finder.kept(name);
  }

  /** Names that contain `part`, of projects that are kept or lie in folders: nobody is asked. */
  namesWith(part: string): ReadonlySet<PackageName> {
    return this.#finder.namesWith(part);
  }

  metadata(record: ProjectRecord, file: number): Fact | undefined {
    const facts = this.#factsOf(record);
    const known = facts[file];
    if (known !== undefined) return known ?? undefined;
    const stored = this.#load(record, file) ?? this.#alike(record, file);
    facts[file] = stored ?? null;
    return stored;
  }

  /** Of another file of the release that has the same metadata: the wheels of most releases have, whatever they are for. */
  #alike(record: ProjectRecord, file: number): Fact | undefined {
    const facts = this.#factsOf(record);
    for (const other of filesAlike(record, file)) {
      if (facts[other] === undefined) facts[other] = this.#load(record, other) ?? null;
      const fact = facts[other];
      if (fact != null && !("unavailable" in fact)) return fact;
    }
    return undefined;
  }

  /**
   * Starts to fetch what is asked for, and resolves as soon as something is known that was not known when it was
   * last called; `whole`: when all of it is. Throws what fetching throws.
   */
  async supply(needs: Needs, signal?: AbortSignal, { whole = false } = {}): Promise<void> {
    signal?.throwIfAborted();
    for (const name of needs.projects) {
      if (this.project(name) !== undefined) this.#news.arrive();
      else if (!this.#options.offline || this.#finder.hasPlaces(name))
        this.#start(name, () => this.#fetchProject(name, signal));
    }
    for (const { project, file } of needs.metadata) {
      if (this.metadata(project, file) !== undefined) this.#news.arrive();
      else if (!this.#options.offline || isLocal(project, file))
        this.#start(keyOf(project, file), () => this.#fetchMetadata(project, file, signal));
    }
    // Offline, only what the search cannot do without is given up, one by one: it may never need the others.
    if (this.#options.offline && this.#running.size === 0 && !this.#news.arrived)
      await this.#giveUp(needs, signal);
    do await this.#news.next(this.#running.size, signal);
    while (whole && this.#running.size > 0);
  }

  /** Path of a verified copy of the file in the cache. Throws `hash-mismatch`, `limit-exceeded`, `index-unreachable`, … */
  async artifact(file: ArtifactRequest, signal?: AbortSignal): Promise<string> {
    return (await this.fetchArtifact(file, signal)).path;
  }

  /** The same, with its SHA-256 and size. */
  async fetchArtifact(file: ArtifactRequest, signal?: AbortSignal): Promise<Artifact> {
    checkRemote(file.url, this.#options.variables);
    this.#options.report?.({ kind: "requested", subject: "artifact", name: file.filename });
    const artifact = await this.#artifacts.fetch(file, signal);
    this.#options.report?.({ kind: "received", subject: "artifact", name: file.filename });
    return artifact;
  }

  /**
   * Opens a wheel where it lies: on this machine, in the cache, or at its index, of which parts are fetched; whole only
   * where the index knows no ranges. Throws as `fetchArtifact`, `invalid-wheel`, `limit-exceeded`.
   */
  async openWheel(file: ArtifactRequest, signal?: AbortSignal): Promise<WheelArchive> {
    const { limits } = this.#place;
    checkRemote(file.url, this.#options.variables);
    const local = file.url.startsWith("file:")
      ? fileURLToPath(file.url)
      : (await this.#artifacts.find(file))?.path;
    if (local !== undefined) return await openLocalWheel(local, file.filename, limits);
    if (!this.#options.offline) {
      const remote = await openRemoteWheel(this.#place.client, { ...file, size: file.size, limits, signal });
      if (remote !== undefined) return remote;
    }
    return await openLocalWheel(await this.artifact(file, signal), file.filename, limits);
  }

  /** Where projects are looked for, without secrets: sessions that have this in common see the same in the same store. */
  get places(): string {
    return JSON.stringify([this.#finder.places, this.#options.allowBuild]);
  }

  /** See `KnowledgeStore`. */
  get stamp(): string | undefined {
    return this.#options.store.stamp();
  }

  /** The stamp of the store, where all that was told so far can be read there and by everybody; undefined where not. */
  get ownStamp(): string | undefined {
    return this.#isStored ? this.#options.store.ownStamp() : undefined;
  }

  /** Until when an index need not be asked again for what was told; seconds since 1970. */
  get freshUntil(): number {
    return this.#finder.freshUntil;
  }

  get offline(): boolean {
    return this.#options.offline;
  }

  /** Whether folders and pages of links have a say in these projects. */
  hasOtherPlaces(names: Iterable<PackageName>): boolean {
    for (const name of names) if (this.#finder.hasPlaces(name)) return true;
    return false;
  }

  /** How many projects and files were asked for so far. */
  get asked(): { readonly projects: number; readonly metadata: number } {
    return { ...this.#asked };
  }

  async close(): Promise<void> {
    await this.#transport.close();
    this.#options.store.flush();
  }

  #start(key: string, work: () => Promise<void>): void {
    if (this.#running.has(key)) return;
    this.#running.add(key);
    work().then(
      () => {
        this.#running.delete(key);
        this.#news.arrive();
      },
      (error: unknown) => {
        this.#running.delete(key);
        this.#news.fail(error);
      },
    );
  }

  #factsOf(record: ProjectRecord): Facts {
    let facts = this.#facts.get(record);
    if (facts === undefined) {
      facts = [];
      this.#facts.set(record, facts);
    }
    return facts;
  }

  /** What the store says of a file, unless that may have changed. */
  #load(record: ProjectRecord, file: number): Fact | undefined {
    const { store, offline, allowBuild, buildMetadata } = this.#options;
    const stored = store.loadMetadata(record, file);
    if (stored === undefined) return undefined;
    const builds = allowBuild && buildMetadata !== undefined;
    if (builds && "unavailable" in stored && stored.unavailable === "build-not-allowed") return undefined;
    if (record.sha256(file) !== undefined) return stored;
    // Without a hash nothing tells whether the file is still the same.
    this.#isStored = false;
    return offline && !isLocal(record, file) ? stored : undefined;
  }

  async #fetchProject(name: PackageName, signal: AbortSignal | undefined): Promise<void> {
    this.#asked.projects++;
    if (this.#finder.hasPlaces(name)) this.#isStored = false;
    this.#projects.set(name, await this.#finder.find(name, signal));
  }

  async #fetchMetadata(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<void> {
    checkRemote(record.url(file), this.#options.variables);
    this.#asked.metadata++;
    const name = record.filename(file);
    this.#options.report?.({ kind: "requested", subject: "metadata", name });
    const { fact, lasting } = await this.#metadata.fetch(record, file, signal);
    this.#options.report?.({ kind: "received", subject: "metadata", name });
    const facts = this.#factsOf(record);
    facts[file] = fact;
    if (!("unavailable" in fact)) for (const other of filesAlike(record, file)) facts[other] ??= fact;
    if (lasting && !isLocal(record, file)) this.#options.store.saveMetadata(record, file, fact);
    else this.#isStored = false;
  }

  async #giveUp({ projects, metadata }: Needs, signal: AbortSignal | undefined): Promise<void> {
    const name = projects[0];
    const first = metadata[0];
    this.#isStored = false;
    if (name !== undefined) await this.#fetchProject(name, signal);
    else if (first !== undefined) {
      const message = `the metadata of ${quote(first.project.filename(first.file))} is not in the cache`;
      this.#factsOf(first.project)[first.file] = { unavailable: "offline", message };
    }
    this.#news.arrive();
  }
}

/** Files of the same release of which the index says that their metadata are the same, byte for byte (PEP 658). */
function filesAlike(record: ProjectRecord, file: number): readonly number[] {
  const digest = record.coreMetadata(file);
  if (typeof digest !== "string") return [];
  const release = record.releaseOf(file);
  const alike: number[] = [];
  for (let other = record.firstFile(release); other < record.firstFile(release + 1); other++)
    if (other !== file && record.coreMetadata(other) === digest) alike.push(other);
  return alike;
}

/** Files alike are asked for once. */
function keyOf(record: ProjectRecord, file: number): string {
  const digest = record.coreMetadata(file);
  return `${record.name} ${typeof digest === "string" ? `${record.releaseOf(file)} ${digest}` : file}`;
}

function isLocal(record: ProjectRecord, file: number): boolean {
  return record.url(file).startsWith("file:");
}

function notOffline(filename: string): ThothError {
  return new ThothError(
    "index-unreachable",
    `${quote(filename)} is not in the cache, and \`--offline\` forbids to fetch it.`,
    {
      hint: "Run once without `--offline`.",
      details: { file: filename, offline: true },
    },
  );
}
