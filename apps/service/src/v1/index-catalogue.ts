// A catalogue of what the configured indexes say, the knowledge graph has, and the shipped table of modules tells.

import { IndexSession, type WheelArchive } from "@thoth/index";
import {
  type ContentsFact,
  type KnowledgeGraph,
  type KnowledgeStore,
  MOST_OWNERS,
  type Owner,
  type ProjectRecord,
  RELEASE,
  type ReleaseMetadata,
} from "@thoth/knowledge";
import { tableProviders } from "@thoth/notebook";
import {
  isValidName,
  type MetadataFields,
  normalizeName,
  type PackageName,
  parseMetadataFields,
} from "@thoth/pep";
import type { Catalogue, KnownImage, KnownRelease, Provider, ReleaseParticulars } from "./catalogue.ts";
import { placeOf } from "./locked-project.ts";

export interface IndexCatalogueOptions {
  /** The first that knows a name owns it. May carry credentials. */
  readonly indexes: readonly string[];
  readonly store: KnowledgeStore;
  readonly cacheDirectory: string;
  /** Environment variables: proxies, certificates, and the hosts that may be asked. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly graph: KnowledgeGraph;
}

/** Milliseconds that whoever asks waits for indexes. */
const PATIENCE = 15_000;
/** Images and names of the graph that are looked at: there are no more yet, and an answer has to end. */
const MOST_IMAGES = 2_000;
const MOST_NAMES = 50_000;
const IMAGES_AT_ONCE = 8;
/** Bytes. */
const LONGEST_METADATA = 4 * 1024 * 1024;
/** Distributions that are looked at for one module. */
const MOST_PROVIDERS = 10;

export class IndexCatalogue implements Catalogue {
  readonly indexes: readonly string[];
  readonly #options: IndexCatalogueOptions;

  constructor(options: IndexCatalogueOptions) {
    this.#options = options;
    this.indexes = options.indexes.map((url) => `${placeOf(url)}/`);
  }

  async names(part: string): Promise<readonly string[]> {
    const wanted = part.toLowerCase().replace(/[-_.]+/g, "-");
    const kept = await this.#with((session) => Promise.resolve(session.namesWith(wanted)));
    const owners = (await this.#owners("contents", MOST_NAMES)).filter((name) => name.includes(wanted));
    return [...new Set<string>([...kept, ...owners])].sort();
  }

  async project(name: PackageName, signal: AbortSignal): Promise<ProjectRecord | undefined> {
    return await this.#with((session, limit) => learn(session, name, limit), signal);
  }

  async particulars(known: KnownRelease, signal: AbortSignal): Promise<ReleaseParticulars> {
    const metadata = await this.#with((session, limit) => learnMetadata(session, known, limit), signal);
    return { metadata, contents: await this.#contents(known) };
  }

  async fields(known: KnownRelease, signal: AbortSignal): Promise<MetadataFields | undefined> {
    return await this.#withWheel(
      known,
      async (wheel) => {
        const member = wheel.members.find(({ name }) => METADATA.test(name));
        const bytes = member && (await wheel.read(member, LONGEST_METADATA));
        return bytes && parseMetadataFields(bytes, { description: false });
      },
      signal,
    );
  }

  async providers(module: string, signal: AbortSignal): Promise<readonly Provider[]> {
    const found: Provider[] = [];
    for (const { name, module: known } of candidatesFor(module).slice(0, MOST_PROVIDERS)) {
      const record = await this.project(name, signal);
      if (record === undefined) continue;
      const seen = await this.#seen(record, module);
      const newest = newestRelease(record);
      if (seen.length > 0) found.push(...seen.map((release) => ({ record, release, module })));
      else if (newest === undefined) continue;
      else if (known !== undefined) found.push({ record, release: newest, module: known });
      else if (await this.#holds({ record, release: newest }, module, signal))
        found.push({ record, release: newest, module });
    }
    return found;
  }

  async *images(): AsyncGenerator<KnownImage> {
    const owners = await this.#owners("image", MOST_IMAGES);
    for (let start = 0; start < owners.length; start += IMAGES_AT_ONCE)
      yield* await this.#imagesOf(owners.slice(start, start + IMAGES_AT_ONCE));
  }

  async image(digest: string): Promise<KnownImage | undefined> {
    const [image] = await this.#imagesOf([`image:${digest}`]);
    return image;
  }

  async #imagesOf(owners: readonly Owner[]): Promise<readonly KnownImage[]> {
    const facts = await this.#options.graph.read({ owners, kinds: ["image"] });
    return facts.flatMap((fact) =>
      fact.kind === "image" ? [{ image: fact.body, observedAt: fact.provenance.observedAt }] : [],
    );
  }

  async #owners(kind: "contents" | "image", most: number): Promise<readonly Owner[]> {
    const { graph } = this.#options;
    const owners: Owner[] = [];
    let after: string | undefined;
    while (owners.length < most) {
      const next = await graph.owners({
        kind,
        limit: MOST_OWNERS,
        ...(after === undefined ? {} : { after }),
      });
      owners.push(...next);
      after = next.at(-1);
      if (next.length < MOST_OWNERS) break;
    }
    return owners;
  }

  /** What was seen of the release's wheels when they were looked at. */
  async #contents({ record, release }: KnownRelease): Promise<ContentsFact | undefined> {
    const hashes = hashesOf(record, release);
    const facts = await this.#contentsOf(record, hashes);
    return facts[0]?.body;
  }

  async #contentsOf(record: ProjectRecord, subjects?: readonly string[]) {
    const { graph } = this.#options;
    if (subjects?.length === 0) return [];
    const query = { owners: [record.name], kinds: ["contents" as const] };
    const facts = await graph.read(subjects === undefined ? query : { ...query, subjects });
    return facts.flatMap((fact) => (fact.kind === "contents" ? [fact] : []));
  }

  /** Releases with a wheel that was seen to hold the module. */
  async #seen(record: ProjectRecord, module: string): Promise<readonly number[]> {
    const hashes = new Set(
      (await this.#contentsOf(record))
        .filter(({ body }) => body.modules.includes(module))
        .map(({ subject }) => subject),
    );
    if (hashes.size === 0) return [];
    const releases = Array.from({ length: record.releaseCount }, (_, release) => release);
    return releases.filter((release) => hashesOf(record, release).some((hash) => hashes.has(hash)));
  }

  /** Whether the wheel of a release holds a module: its directory alone is read. */
  async #holds(known: KnownRelease, module: string, signal: AbortSignal): Promise<boolean> {
    const place = module.replaceAll(".", "/");
    const holds = async ({ members }: WheelArchive) =>
      members.some(({ name }) => name.startsWith(`${place}/`) || isModule(name, place));
    return (await this.#withWheel(known, holds, signal)) === true;
  }

  /** Undefined where the release has no wheel. */
  async #withWheel<T>(
    known: KnownRelease,
    work: (wheel: WheelArchive) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const file = wheelOf(known);
    if (file === undefined) return undefined;
    const { record } = known;
    const [filename, url, hashes, size] = [
      record.filename(file),
      record.url(file),
      record.hashes(file),
      record.size(file),
    ];
    return await this.#with(async (session, limit) => {
      const wheel = await session.openWheel({ filename, url, hashes, size }, limit);
      try {
        return await work(wheel);
      } finally {
        await wheel.close();
      }
    }, signal);
  }

  /** A session of its own for each answer: what it once knew it would not ask again. */
  async #with<T>(
    work: (session: IndexSession, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const session = new IndexSession({
      ...this.#options,
      findLinks: [],
      offline: false,
      allowBuild: false,
    });
    const limit = AbortSignal.timeout(PATIENCE);
    try {
      return await work(session, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } finally {
      await session.close();
    }
  }
}

async function learn(
  session: IndexSession,
  name: PackageName,
  signal: AbortSignal,
): Promise<ProjectRecord | undefined> {
  for (;;) {
    const record = session.project(name);
    if (record !== undefined) return record ?? undefined;
    await session.supply({ projects: [name], metadata: [] }, signal);
  }
}

async function learnMetadata(
  session: IndexSession,
  known: KnownRelease,
  signal: AbortSignal,
): Promise<ReleaseMetadata | undefined> {
  const { record } = known;
  const file = wheelOf(known) ?? record.firstFile(known.release);
  for (;;) {
    const fact = session.metadata(record, file);
    if (fact !== undefined) return "unavailable" in fact ? undefined : fact;
    await session.supply({ projects: [], metadata: [{ project: record, file }] }, signal);
  }
}

interface Candidate {
  readonly name: PackageName;
  /** As the table has it; undefined: only its name suggests it. */
  readonly module?: string;
}

/** Distributions of the table; where it knows none, the one of that name may be the right one, and is looked at. */
function candidatesFor(module: string): readonly Candidate[] {
  const known = tableProviders(module).flatMap(({ distribution, alternatives, module: part }) =>
    [distribution, ...alternatives].map((name) => ({ name: normalizeName(name), module: part })),
  );
  const [top = ""] = module.split(".");
  if (known.length > 0 || !isValidName(top)) return known;
  return [{ name: normalizeName(top) }];
}

function isModule(name: string, place: string): boolean {
  if (!name.startsWith(`${place}.`)) return false;
  return /^(?:py|pyi|so|pyd|[A-Za-z0-9_-]+\.(?:so|pyd))$/.test(name.slice(place.length + 1));
}

const METADATA = /^[^/]+\.dist-info\/METADATA$/;

function wheelOf({ record, release }: KnownRelease): number | undefined {
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++)
    if (!record.isSdist(file)) return file;
  return undefined;
}

/** SHA-256 of its files, as far as the index tells. */
export function hashesOf(record: ProjectRecord, release: number): readonly string[] {
  const hashes: string[] = [];
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const hash = record.sha256(file);
    if (hash !== undefined) hashes.push(hash);
  }
  return hashes;
}

/** A final one that is not yanked, where there is one. */
function newestRelease(record: ProjectRecord): number | undefined {
  let fallback: number | undefined;
  for (let release = 0; release < record.releaseCount; release++) {
    const isYanked = ((record.releases.flags[release] ?? 0) & RELEASE.yanked) !== 0;
    if (!isYanked && !record.isPrerelease(release)) return release;
    fallback ??= release;
  }
  return fallback;
}
