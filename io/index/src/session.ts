// The indexes of one run as knowledge: what is known is answered at once, from memory or the store; what is
// not is fetched when it is needed. The first index that knows a name owns it, and one that fails is never
// passed over.

import type { KnowledgeReader, KnowledgeStore, Needs, ProjectRecord } from "@thoth/knowledge";
import { type PackageName, quote } from "@thoth/pep";
import { Credentials } from "./credentials.ts";
import type { IndexEvent } from "./events.ts";
import { HttpClient } from "./http-client.ts";
import { type IndexLocation, parseIndexLocation } from "./index-location.ts";
import { DEFAULT_LIMITS, type IndexLimits } from "./limits.ts";
import { type Fact, MetadataClient } from "./metadata-client.ts";
import { readNetrc } from "./netrc.ts";
import { News } from "./news.ts";
import { fetchPage } from "./page-client.ts";
import { Transport } from "./transport.ts";

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
  /** Environment variables: proxies, NETRC, SSL_CERT_FILE … */
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

export class IndexSession implements KnowledgeReader {
  readonly #options: IndexSessionOptions;
  readonly #limits: IndexLimits;
  readonly #indexes: readonly IndexLocation[];
  readonly #transport: Transport;
  readonly #client: HttpClient;
  readonly #metadata: MetadataClient;
  readonly #projects = new Map<PackageName, ProjectRecord | null>();
  /** By file; null: the store does not have it. */
  readonly #facts = new WeakMap<ProjectRecord, (Fact | null | undefined)[]>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #news = new News();
  readonly #asked = { projects: 0, metadata: 0 };

  constructor(options: IndexSessionOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#indexes = options.indexes.map((text) => parseIndexLocation(text));
    const links = options.findLinks.map((text) => parseIndexLocation(text, true));
    this.#transport = new Transport({
      variables: options.variables,
      certificate: options.certificate,
      trustedHosts: options.trustedHosts ?? [],
      connections: this.#limits.connections,
    });
    this.#client = new HttpClient({
      transport: this.#transport,
      credentials: new Credentials([...this.#indexes, ...links], () => readNetrc(options.variables)),
      limits: this.#limits,
    });
    this.#metadata = new MetadataClient({ client: this.#client, limits: this.#limits });
  }

  project(name: PackageName): ProjectRecord | null | undefined {
    const known = this.#projects.get(name);
    if (known !== undefined) return known;
    const found = this.#stored(name);
    if (found !== undefined) this.#projects.set(name, found);
    return found;
  }

  metadata(record: ProjectRecord, file: number): Fact | undefined {
    const facts = this.#factsOf(record);
    const known = facts[file];
    if (known !== undefined) return known ?? undefined;
    const stored = this.#options.store.loadMetadata(record, file);
    if (stored === undefined && this.#options.offline) {
      const message = `the metadata of ${quote(record.filename(file))} is not in the cache`;
      facts[file] = { unavailable: "offline", message };
      return facts[file];
    }
    facts[file] = stored ?? null;
    return stored;
  }

  /**
   * Starts to fetch what is asked for, and resolves as soon as something is known that was not known when it was
   * last called. Throws what fetching throws.
   */
  async supply(needs: Needs, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    for (const name of needs.projects) {
      if (this.project(name) === undefined) this.#start(name, () => this.#fetchProject(name, signal));
    }
    for (const { project, file } of needs.metadata) {
      if (this.metadata(project, file) !== undefined) continue;
      this.#start(`${project.name} ${file}`, () => this.#fetchMetadata(project, file, signal));
    }
    await this.#news.next(this.#running.size > 0, signal);
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
    const done = work().then(
      () => {
        this.#running.delete(key);
        this.#news.arrive();
      },
      (error: unknown) => {
        this.#running.delete(key);
        this.#news.fail(error);
      },
    );
    this.#running.set(key, done);
  }

  #factsOf(record: ProjectRecord): (Fact | null | undefined)[] {
    let facts = this.#facts.get(record);
    if (facts === undefined) {
      facts = [];
      this.#facts.set(record, facts);
    }
    return facts;
  }

  /** What the store has and may still say; undefined: an index must be asked. */
  #stored(name: PackageName): ProjectRecord | null | undefined {
    const now = Date.now() / 1000;
    for (const { url } of this.#indexes) {
      const stored = this.#options.store.loadProject({ index: url, name });
      if (stored === undefined) {
        if (!this.#options.offline) return undefined;
        continue;
      }
      if (!this.#options.offline && stored.validators.freshUntil <= now) return undefined;
      if (stored.record !== null) return stored.record;
    }
    return null;
  }

  async #fetchProject(name: PackageName, signal: AbortSignal | undefined): Promise<void> {
    this.#asked.projects++;
    for (const { url } of this.#indexes) {
      const record = await this.#fetchFrom(url, name, signal);
      if (record === null) continue;
      this.#projects.set(name, record);
      return;
    }
    this.#projects.set(name, null);
  }

  async #fetchFrom(
    index: string,
    name: PackageName,
    signal: AbortSignal | undefined,
  ): Promise<ProjectRecord | null> {
    const { store } = this.#options;
    const key = { index, name };
    const stored = store.loadProject(key);
    if (stored !== undefined && stored.validators.freshUntil > Date.now() / 1000) return stored.record;
    this.#report({ kind: "requested", subject: "project", name });
    const answer = await fetchPage(this.#client, {
      index,
      name,
      stored,
      limit: this.#limits.pageBytes,
      signal,
    });
    this.#report({ kind: "received", subject: "project", name });
    if (answer.kind === "unchanged") store.refreshProject(key, answer.validators);
    else {
      store.saveProject(key, answer.kind === "page" ? answer.bytes : null, answer.validators);
      if (answer.kind === "page")
        for (const message of answer.warnings) this.#report({ kind: "warning", message });
    }
    return store.loadProject(key)?.record ?? null;
  }

  async #fetchMetadata(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<void> {
    const name = record.filename(file);
    this.#asked.metadata++;
    this.#report({ kind: "requested", subject: "metadata", name });
    const { fact, lasting } = await this.#metadata.fetch(record, file, signal);
    this.#report({ kind: "received", subject: "metadata", name });
    this.#factsOf(record)[file] = fact;
    if (lasting) this.#options.store.saveMetadata(record, file, fact);
  }

  #report(event: IndexEvent): void {
    this.#options.report?.(event);
  }
}
