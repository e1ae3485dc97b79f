// From a base, wheels and a notebook to an image in a layout that is being written.

import { statSync } from "node:fs";
import type { BaseImage } from "./base-image.ts";
import { groupWheels, MOST_LAYERS } from "./group-wheels.ts";
import { commandOf, configurationOf, ownLabels, timeText } from "./image-configuration.ts";
import { type Descriptor, type ImageDocument, layerType, manifestOf, sorted } from "./image-documents.ts";
import { type LayerFile, type LayerPlan, TakenPaths, writeLayer } from "./layer-plan.ts";
import type { WrittenLayer } from "./layer-writer.ts";
import type { LayoutWriter } from "./layout-writer.ts";
import { environmentLayer, type ImageNotebook, notebookLayer } from "./notebook-layer.ts";
import { filesOf, type LocalWheel, type WheelLayer, writeWheelLayer, writing } from "./wheel-layer.ts";

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
  /** What it runs where nobody says otherwise. */
  readonly command: readonly string[];
}

/** The most layers that are neither the base's nor of wheels. */
const OTHERS = 2;

/**
 * Throws as `filesOfWheel`, `TakenPaths.take`, `inspectWheel`, `limit-exceeded`, `file-failed`, or the signal's reason. Each
 * wheel is inspected twice: first of all of them it is seen what they bring, so that none takes the place of another's.
 */
export async function buildImage(request: ImageRequest): Promise<BuiltImage> {
  return await writeImage(request, await planLayers(request));
}

async function planLayers(request: ImageRequest): Promise<readonly (LayerPlan | WheelLayer)[]> {
  const { base, wheels, notebook, signal } = request;
  const taken = new TakenPaths();
  const environment = environmentLayer(base.python);
  const hasKernel = wheels.some(({ name }) => name === "ipykernel");
  const last = notebookLayer(notebook, hasKernel);
  for (const { files, links = [] } of [environment, last])
    taken.take([...files, ...links.map(({ path, link }) => asFile(path, link))]);
  const python = minorOf(base);
  const leftOut = new Map<string, ReadonlySet<string>>();
  for (const wheel of wheels) {
    signal?.throwIfAborted();
    const files = await filesOf(wheel, python);
    const kept = new Set(taken.take(files));
    if (kept.size < files.length)
      leftOut.set(wheel.name, new Set(files.filter((file) => !kept.has(file)).map(({ path }) => path)));
  }
  const most = MOST_LAYERS - base.layers.length - OTHERS;
  const sized = wheels.map((wheel) => ({ wheel, name: wheel.name, size: statSync(wheel.path).size }));
  const groups = groupWheels(sized, most).map((group) => ({
    title: group.map(({ wheel }) => `${wheel.name} ${wheel.version}`).join(", "),
    wheels: group.map(({ wheel }) => wheel),
    leftOut,
  }));
  return [environment, ...groups, last];
}

/** `3.11` */
function minorOf({ python }: BaseImage): string {
  return python.version.split(".", 2).join(".");
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

async function writeImage(
  request: ImageRequest,
  plans: readonly (LayerPlan | WheelLayer)[],
): Promise<BuiltImage> {
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
  return { configuration, manifest, layers, command: commandOf(facts) };
}

async function writeOne(
  plan: LayerPlan | WheelLayer,
  { base, layout, time: latest, signal }: ImageRequest,
): Promise<WrittenLayer> {
  const part = layout.part();
  const layer =
    "wheels" in plan
      ? await writeWheelLayer(plan, { python: minorOf(base), latest, part, signal })
      : await writing(part, (writer) => writeLayer(plan, writer, { latest, memory: NONE, signal }));
  await layout.adopt(part, layer.digest);
  return layer;
}

/** What is made here is in memory. */
const NONE = Buffer.alloc(0);
