// One image asked for at its registry by whoever wants to know of it now: what it is made of, or what it holds.

import type { Secret, WebClient } from "@thoth/index";
import type { ImageFact, KnowledgeGraph } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { Asker, POLITE, type Politeness, SourceClosed } from "../jobs/asker.ts";
import { type ImageLimits, USUAL_LIMITS } from "./image-budget.ts";
import type { ImageReference } from "./image-reference.ts";
import { factOf, hasRoom, imageIn, withName } from "./kept-image.ts";
import { type Blob, type ImageParticulars, parseParticulars } from "./manifest.ts";
import { type FoundImage, fetchParts, findImage, readImage } from "./read-image.ts";
import { Registry } from "./registry.ts";

export interface RegistryAccess {
  readonly client: WebClient;
  /** As `basicAuthorization` makes it; undefined: what everybody may have. */
  readonly credentials?: Secret | undefined;
  readonly signal: AbortSignal;
  /** For all of it. */
  readonly seconds: number;
  readonly politeness?: Partial<Politeness>;
}

export interface ImageDescription extends ImageParticulars {
  /** Of what the name leads to, which may be a list of images for several platforms. */
  readonly digest: string;
  /** Of the repository, as far as its registry tells them; sorted. */
  readonly tags: readonly string[];
  /** Digests, the lowest one first. */
  readonly layers: readonly string[];
}

/**
 * Nothing of its layers is fetched. Throws `not-found`, `unauthorized`, `no-matching-artifact`, `index-response-invalid`,
 * `index-unreachable`, `hash-mismatch`, `limit-exceeded`, or the reason of the signal.
 */
export async function describeImage(
  reference: ImageReference,
  access: RegistryAccess,
): Promise<ImageDescription> {
  return await asking(reference, access, async (registry, found) => {
    const { configuration, layers } = await fetchParts(registry, found);
    return {
      ...parseParticulars(await registry.blob(configuration), reference.text),
      digest: found.first.digest,
      tags: await tagsOf(registry),
      layers: layers.map(({ digest }) => digest),
    };
  });
}

/** An image can be had of many whose registry does not list it. */
async function tagsOf(registry: Registry): Promise<readonly string[]> {
  try {
    return [...(await registry.tags())].sort();
  } catch (error) {
    const isTheirs =
      error instanceof ThothError && /^(?:unauthorized|index-response-invalid)$/.test(error.code);
    if (isTheirs) return [];
    throw error;
  }
}

export interface InspectImageOptions extends RegistryAccess {
  /** Where it is kept, and its layers not read again; undefined: nowhere. */
  readonly graph?: KnowledgeGraph | undefined;
  /** Images that the graph may hold: beyond that, new ones are not kept. */
  readonly mostKept?: number;
  readonly limits?: ImageLimits;
  /** Seconds since 1970. */
  readonly now: number;
  readonly progress?: (done: number, total: number) => void;
}

export interface InspectedImage {
  readonly image: ImageFact;
  readonly particulars: ImageParticulars;
  /** Of the list of images for several platforms that the name leads to. */
  readonly list?: string;
  readonly layers: readonly Blob[];
  /** Whether the graph has it now. */
  readonly kept: boolean;
}

/** Throws as `describeImage`, `invalid-metadata`, `invalid-binary`, and what the graph throws. */
export async function inspectImage(
  reference: ImageReference,
  options: InspectImageOptions,
): Promise<InspectedImage> {
  const { graph, limits = USUAL_LIMITS, progress } = options;
  return await asking(reference, options, async (registry, found) => {
    const { digest, first } = found;
    const parts = await fetchParts(registry, found);
    const known = graph && (await imageIn(graph, digest));
    const image =
      known === undefined
        ? await readImage(registry, found, { ...parts, limits, progress })
        : withName(known, reference.text);
    const kept = known !== undefined || (await hasPlace(options));
    if (kept && image !== known) await keep(reference, image, options);
    return {
      image,
      particulars: parseParticulars(await registry.blob(parts.configuration), reference.text),
      kept,
      ...(first.digest === digest ? {} : { list: first.digest }),
      layers: parts.layers.map(({ digest: layer, size }) => ({ digest: layer, size })),
    };
  });
}

async function hasPlace({
  graph,
  mostKept = Number.MAX_SAFE_INTEGER,
}: InspectImageOptions): Promise<boolean> {
  return graph !== undefined && (await hasRoom(graph, mostKept));
}

async function keep(
  reference: ImageReference,
  image: ImageFact,
  { graph, now }: InspectImageOptions,
): Promise<void> {
  await graph?.write({ changes: [{ put: factOf(reference, image, now) }], at: now, source: "images" });
}

/** What is done with an image while its registry is asked. Throws as `describeImage`, and what `work` throws. */
export async function asking<T>(
  reference: ImageReference,
  { client, signal, seconds, politeness, credentials }: RegistryAccess,
  work: (registry: Registry, found: FoundImage) => Promise<T>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  const asker = new Asker({ client, signal, end, politeness: { ...POLITE, ...politeness } });
  const registry = new Registry(asker, reference, credentials);
  try {
    const found = await findImage(registry, reference);
    if (found !== undefined) return await work(registry, found);
  } catch (error) {
    signal.throwIfAborted();
    throw refusalOf(error, reference);
  }
  throw new ThothError("not-found", `The registry has no image ${quote(reference.text)}.`);
}

function refusalOf(error: unknown, { text }: ImageReference): unknown {
  if (error instanceof SourceClosed) return error.cause;
  if (!(error instanceof ThothError) || error.code !== "unauthorized") return error;
  return new ThothError("unauthorized", `${quote(text)} is not given to whoever asks for it in this way.`, {
    hint: "There is no such image, or it takes a user and a password.",
    details: error.details,
    cause: error,
  });
}
