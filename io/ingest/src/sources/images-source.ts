// What base images of containers hold: system, packages, Pythons, and the libraries that wheels may find there. An image is
// known by the digest of its manifest, and never fetched again.

import type { ImageFact } from "@thoth/knowledge";
import { USUAL_LIMITS } from "../images/image-budget.ts";
import { DIGEST, type ImageReference, parseImageReference } from "../images/image-reference.ts";
import { factOf, imageIn, withName } from "../images/kept-image.ts";
import { ARCHITECTURE, type FoundImage, fetchParts, findImage, readImage } from "../images/read-image.ts";
import { Registry } from "../images/registry.ts";
import type { Answer, ItemContext, Source, SourceItem } from "../jobs/source.ts";

interface ImageItem extends SourceItem {
  readonly reference: ImageReference;
}

/** `references`: as `parseImageReference` reads them. */
export function imagesSource(references: readonly string[]): Source<ImageItem> {
  const images = references.map(parseImageReference);
  // Two names of one image may be asked for before either is written.
  const told = new Map<string, ImageFact>();
  return {
    name: "images",
    place: [...new Set(images.map(({ registry }) => registry))].sort().join(", "),
    atOnce: 1,
    items: async () => images.map((reference) => ({ key: reference.text, wish: ARCHITECTURE, reference })),
    ask: async ({ reference }, context) => await askImage(reference, { ...context, told }),
  };
}

interface ImageContext extends ItemContext {
  readonly told: Map<string, ImageFact>;
}

async function askImage(reference: ImageReference, context: ImageContext): Promise<Answer> {
  const { asker, known, graph, now, told } = context;
  // What was asked for by its digest, and read, cannot change.
  if (DIGEST.test(reference.version) && known["digest"] !== undefined) return { kind: "unchanged", known };
  const registry = new Registry(asker, reference);
  const found = await findImage(registry, reference);
  if (found === undefined) return { kind: "absent", known: {} };
  const { digest } = found;
  const before = told.get(digest) ?? (await imageIn(graph, digest));
  const body = before === undefined ? await readWhole(registry, found) : withName(before, reference.text);
  told.set(digest, body);
  return { kind: "told", changes: [{ put: factOf(reference, body, now) }], known: { digest } };
}

async function readWhole(registry: Registry, found: FoundImage): Promise<ImageFact> {
  const parts = await fetchParts(registry, found);
  return await readImage(registry, found, { ...parts, limits: USUAL_LIMITS });
}
