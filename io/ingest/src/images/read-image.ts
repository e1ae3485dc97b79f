// An image from its registry, or from a folder: which one a name means on this platform, and what its layers leave.

import { arch } from "node:os";
import { ImageTree, type ImageWord, imageContents } from "@thoth/artifact";
import type { ImageFact } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { notUnderstood } from "../sources/reading.ts";
import { ImageBudget, type ImageLimits } from "./image-budget.ts";
import type { ImageReference } from "./image-reference.ts";
import type { ImageSource } from "./image-source.ts";
import {
  type Blob,
  type FetchedManifest,
  forPlatform,
  type Layer,
  parseConfiguration,
  parseManifest,
} from "./manifest.ts";
import { readLayer } from "./read-layer.ts";

/** As the names of platforms have it. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x64", "amd64"],
  ["ia32", "386"],
  ["ppc64", "ppc64le"],
]);

/** Of the images that run here. */
export const ARCHITECTURE = ARCHITECTURES.get(arch()) ?? arch();

/** How it is shown, and what is asked for. */
export type ImageName = Pick<ImageReference, "text" | "version">;

export interface FoundImage {
  readonly reference: ImageName;
  /** What the name leads to: the manifest of the image, or a list of some for several platforms. */
  readonly first: FetchedManifest;
  /** Of the image's own manifest, by which it is known. */
  readonly digest: string;
}

export interface ImageParts {
  readonly configuration: Blob;
  readonly layers: readonly Layer[];
}

/** Undefined: the registry has no such image. Throws as `ImageSource.manifest`, `no-matching-artifact`, `index-response-invalid`. */
export async function findImage(
  registry: ImageSource,
  reference: ImageName,
  architecture = ARCHITECTURE,
): Promise<FoundImage | undefined> {
  const first = await registry.manifest(reference.version);
  return first && { reference, first, digest: digestFor(architecture, first, reference) };
}

function digestFor(architecture: string, first: FetchedManifest, { text }: ImageName): string {
  const manifest = parseManifest(first, text);
  if (manifest.kind === "image") return first.digest;
  const digest = forPlatform(manifest.manifests, architecture);
  if (digest !== undefined) return digest;
  throw new ThothError(
    "no-matching-artifact",
    `${quote(text)} has no image for ${quote(`linux/${architecture}`)}.`,
  );
}

/** Throws as `ImageSource.manifest`, `index-response-invalid`. */
export async function fetchParts(
  registry: ImageSource,
  { first, digest, reference: { text } }: FoundImage,
): Promise<ImageParts> {
  const fetched = digest === first.digest ? first : await registry.manifest(digest);
  const manifest = fetched && parseManifest(fetched, text);
  if (manifest?.kind !== "image")
    throw notUnderstood(`the manifest of ${quote(text)}`, "what it names for this platform is no image");
  return manifest;
}

export interface ReadImageOptions {
  readonly limits: ImageLimits;
  /** Told before each layer. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Throws as `ImageSource`, `readLayer`, `limit-exceeded`. */
export async function readImage(
  registry: ImageSource,
  { digest, reference: { text } }: FoundImage,
  { configuration, layers, limits, progress }: ImageParts & ReadImageOptions,
): Promise<ImageFact> {
  const size = sizeOf(layers);
  if (size > limits.bytes)
    throw new ThothError("limit-exceeded", `${quote(text)} exceeds the limit of ${limits.bytes} bytes.`, {
      details: { limit: "bytes", most: limits.bytes },
    });
  const { architecture, created, environment } = parseConfiguration(await registry.blob(configuration), text);
  const tree = new ImageTree<ImageWord>();
  const budget = new ImageBudget(limits);
  for (const [at, layer] of layers.entries()) {
    progress?.(at, layers.length);
    tree.addLayer(await readLayer(registry, layer, budget));
  }
  return {
    reference: text,
    digest,
    size,
    ...(created === undefined ? {} : { created }),
    architecture,
    ...imageContents(tree),
    environment,
  };
}

export function sizeOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
