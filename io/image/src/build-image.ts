// From a base, wheels and a notebook to an image in a layout that is being written.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inspectWheel } from "@thoth/environment";
import type { ByteSource } from "@thoth/index";
import type { BaseImage } from "./base-image.ts";
import { groupWheels, MOST_LAYERS } from "./group-wheels.ts";
import { configurationOf, ownLabels, timeText } from "./image-configuration.ts";
import { type Descriptor, type ImageDocument, layerType, manifestOf, sorted } from "./image-documents.ts";
import { type LayerFile, type LayerPlan, TakenPaths, writeLayer } from "./layer-plan.ts";
import { LayerWriter } from "./layer-writer.ts";
import type { LayoutWriter } from "./layout-writer.ts";
import type { LockedWheel } from "./locked-wheels.ts";
import { environmentLayer, type ImageNotebook, notebookLayer } from "./notebook-layer.ts";
import { filesOfWheel } from "./wheel-files.ts";

/** A wheel on this machine whose hash was found right. */
export interface LocalWheel extends LockedWheel {
  readonly path: string;
}

export interface ImageRequest {
  readonly base: BaseImage;
  readonly wheels: readonly LocalWheel[];
  readonly notebook: ImageNotebook;
  /** Digest of the lock, `sha256:…`. */
  readonly lock: string;
  /** Of the image, seconds since 1970: nothing in it is of a later time. */
  readonly time: number;
  readonly layout: LayoutWriter;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number, title: string) => void) | undefined;
}

export interface BuiltImage {
  readonly configuration: ImageDocument;
  readonly manifest: ImageDocument;
  /** Those of the base first. */
  readonly layers: readonly Descriptor[];
}

/** The most layers that are neither the base's nor of wheels. */
const OTHERS = 2;

/** Throws as `filesOfWheel`, `TakenPaths.take`, `inspectWheel`, `limit-exceeded`, `file-failed`, or the signal's reason. */
export async function buildImage(request: ImageRequest): Promise<BuiltImage> {
  const opened: number[] = [];
  try {
    const plans = await planLayers(request, opened);
    return await writeImage(request, plans);
  } finally {
    for (const file of opened) closeSync(file);
  }
}

async function planLayers(request: ImageRequest, opened: number[]): Promise<readonly LayerPlan[]> {
  const { base, wheels, notebook, signal } = request;
  const taken = new TakenPaths();
  const environment = environmentLayer(base.python);
  const hasKernel = wheels.some(({ name }) => name === "ipykernel");
  const last = notebookLayer(notebook, hasKernel);
  for (const { files, links = [] } of [environment, last])
    taken.take([...files, ...links.map(({ path, link }) => asFile(path, link))]);
  const python = base.python.version.split(".", 2).join(".");
  const files = new Map<string, readonly LayerFile[]>();
  const sizes: { name: string; size: number }[] = [];
  for (const wheel of wheels) {
    signal?.throwIfAborted();
    const file = openSync(wheel.path, "r");
    opened.push(file);
    const { size } = fstatSync(file);
    const inspected = await inspectWheel(sourceOf(file), size, wheel);
    files.set(
      wheel.name,
      taken.take(await filesOfWheel(inspected, { name: wheel.name, python, time: wheel.time })),
    );
    sizes.push({ name: wheel.name, size });
  }
  const most = MOST_LAYERS - base.layers.length - OTHERS;
  const groups = groupWheels(sizes, most).map((group) => ({
    title: group
      .map(({ name }) => `${name} ${wheels.find((wheel) => wheel.name === name)!.version}`)
      .join(", "),
    files: group.flatMap(({ name }) => files.get(name)!),
  }));
  return [environment, ...groups, last];
}

/** A link takes a path as a file does. */
function asFile(path: string, link: string): LayerFile {
  return {
    path,
    mode: 0o777,
    size: 0,
    hash: `link=${link}`,
    owner: "the image",
    source: { bytes: Buffer.alloc(0) },
  };
}

/** Wheels lie in the cache of this machine, where waiting for a thread would take longer than reading. */
function sourceOf(file: number): ByteSource {
  return {
    read: async (buffer, offset, length, position) => ({
      bytesRead: readSync(file, buffer, offset, length, position),
    }),
  };
}

async function writeImage(request: ImageRequest, plans: readonly LayerPlan[]): Promise<BuiltImage> {
  const { base, wheels, notebook, lock, time, layout, progress } = request;
  const written: (Descriptor & { readonly diffId: string; readonly title: string })[] = [];
  for (const [at, plan] of plans.entries()) {
    progress?.(at, plans.length, plan.title);
    const { diffId, ...blob } = await writeOne(plan, request);
    written.push({ mediaType: layerType("gzip"), ...blob, diffId, title: plan.title });
  }
  const packages = new Set(wheels.map(({ name }) => name));
  const created = timeText(time);
  const labels = ownLabels({ notebook: notebook.name, lock, base: base.digest, packages, created });
  const facts = { base, notebook: notebook.name, packages, time, layers: written, labels };
  const configuration = configurationOf(facts);
  const own = written.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const layers = [...base.layers, ...own];
  const annotations = sorted({
    "org.opencontainers.image.created": created,
    "org.opencontainers.image.base.digest": base.digest,
  });
  const manifest = manifestOf({ configuration: configuration.descriptor, layers, annotations });
  for (const document of [configuration, manifest]) await layout.add(document);
  return { configuration, manifest, layers };
}

async function writeOne(plan: LayerPlan, { layout, time, signal }: ImageRequest) {
  const part = layout.part();
  const writer = new LayerWriter(part);
  try {
    await writeLayer(plan, writer, { latest: time, signal });
  } catch (error) {
    writer.abandon();
    throw error;
  }
  const layer = writer.finish();
  await layout.adopt(part, layer.digest);
  return layer;
}
