// What base images of containers hold: system, packages, Pythons, and the libraries that wheels may find there. An image is
// known by the digest of its manifest, and never fetched again.

import { arch } from "node:os";
import { ImageTree, type ImageWord, imageContents } from "@thoth/artifact";
import type { ImageFact, KnowledgeGraph, Owner } from "@thoth/knowledge";
import { parseFact } from "@thoth/knowledge/facts";
import { quote, ThothError } from "@thoth/pep";
import { DIGEST, type ImageReference, parseImageReference } from "../images/image-reference.ts";
import { type FetchedManifest, forPlatform, parseConfiguration, parseManifest } from "../images/manifest.ts";
import { readLayer } from "../images/read-layer.ts";
import { Registry } from "../images/registry.ts";
import type { Answer, ItemContext, Source, SourceItem } from "../jobs/source.ts";
import { saidBy } from "./provenance.ts";
import { notUnderstood } from "./reading.ts";

/** Bytes of all layers of an image. */
const LARGEST = 16 * 2 ** 30;

interface ImageItem extends SourceItem {
  readonly reference: ImageReference;
}

/** As the names of platforms have it. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x64", "amd64"],
  ["ia32", "386"],
  ["ppc64", "ppc64le"],
]);

/** `references`: as `parseImageReference` reads them. */
export function imagesSource(references: readonly string[]): Source<ImageItem> {
  const images = references.map(parseImageReference);
  const architecture = ARCHITECTURES.get(arch()) ?? arch();
  // Two names of one image may be asked for before either is written.
  const told = new Map<string, ImageFact>();
  return {
    name: "images",
    place: [...new Set(images.map(({ registry }) => registry))].sort().join(", "),
    atOnce: 1,
    items: async () => images.map((reference) => ({ key: reference.text, wish: architecture, reference })),
    ask: async ({ reference }, context) => await askImage(reference, { ...context, architecture, told }),
  };
}

interface ImageContext extends ItemContext {
  readonly architecture: string;
  readonly told: Map<string, ImageFact>;
}

async function askImage(reference: ImageReference, context: ImageContext): Promise<Answer> {
  const { asker, known, graph, now, told } = context;
  // What was asked for by its digest, and read, cannot change.
  if (DIGEST.test(reference.version) && known["digest"] !== undefined) return { kind: "unchanged", known };
  const registry = new Registry(asker, reference);
  const first = await registry.manifest(reference.version);
  if (first === undefined) return { kind: "absent", known: {} };
  const digest = digestFor(context.architecture, first, reference);
  const before = told.get(digest) ?? (await imageIn(graph, digest));
  const body =
    before === undefined
      ? await readImage(registry, digest, { first, reference })
      : withName(before, reference.text);
  told.set(digest, body);
  const provenance = saidBy(
    new URL(`${reference.repository}/manifests/${digest}`, reference.registry).href,
    now,
  );
  const put = parseFact({ owner: ownerOf(digest), kind: "image", subject: "", body, provenance });
  return { kind: "told", changes: [{ put }], known: { digest } };
}

export function ownerOf(digest: string): Owner {
  return `image:${digest}`;
}

interface Found {
  readonly first: FetchedManifest;
  readonly reference: ImageReference;
}

/** Of the manifest itself, or of a list of them that for this machine. Throws `no-matching-artifact`, `index-response-invalid`. */
function digestFor(architecture: string, first: FetchedManifest, { text }: ImageReference): string {
  const manifest = parseManifest(first, text);
  if (manifest.kind === "image") return first.digest;
  const digest = forPlatform(manifest.manifests, architecture);
  if (digest !== undefined) return digest;
  throw new ThothError(
    "no-matching-artifact",
    `${quote(text)} has no image for ${quote(`linux/${architecture}`)}.`,
  );
}

async function imageIn(graph: KnowledgeGraph, digest: string): Promise<ImageFact | undefined> {
  const [fact] = await graph.read({ owners: [ownerOf(digest)], kinds: ["image"] });
  return fact?.kind === "image" ? fact.body : undefined;
}

/** In an order that does not depend on which name was asked for first. */
function withName(image: ImageFact, name: string): ImageFact {
  const [reference = name, ...also] = [...new Set([image.reference, ...(image.also ?? []), name])].sort();
  return { ...image, reference, ...(also.length === 0 ? {} : { also }) };
}

async function readImage(
  registry: Registry,
  digest: string,
  { first, reference }: Found,
): Promise<ImageFact> {
  const name = reference.text;
  const fetched = digest === first.digest ? first : await registry.manifest(digest);
  const manifest = fetched && parseManifest(fetched, name);
  if (manifest?.kind !== "image")
    throw notUnderstood(`the manifest of ${quote(name)}`, "what it names for this platform is no image");
  const { configuration, layers } = manifest;
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  if (size > LARGEST)
    throw new ThothError("limit-exceeded", `${quote(name)} exceeds the limit of ${LARGEST} bytes.`, {
      details: { limit: "bytes", most: LARGEST },
    });
  const { architecture, created, environment } = parseConfiguration(await registry.blob(configuration), name);
  const tree = new ImageTree<ImageWord>();
  for (const layer of layers) tree.addLayer(await readLayer(registry, layer));
  return {
    reference: name,
    digest,
    size,
    ...(created === undefined ? {} : { created }),
    architecture,
    ...imageContents(tree),
    environment,
  };
}
