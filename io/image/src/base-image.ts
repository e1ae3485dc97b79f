// The image that another one stands on: read once, layer by layer, while its blobs are copied as they are. What it says of
// itself is its configuration; which Python it has is seen in its files.

import { closeSync, openSync, writeSync } from "node:fs";
import { glibcOf, ImageTree, type ImageWord, imageContents } from "@thoth/artifact";
import {
  type FoundImage,
  fetchParts,
  ImageBudget,
  type ImageSource,
  type Layer,
  notUnderstood,
  Reading,
  readLayer,
  USUAL_LIMITS,
} from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import { type Descriptor, layerType } from "./image-documents.ts";
import type { LayoutWriter } from "./layout-writer.ts";

export interface BaseImage {
  /** Of its manifest. */
  readonly digest: string;
  readonly layers: readonly Descriptor[];
  readonly configuration: BaseConfiguration;
  /** Its interpreter of the wanted version. */
  readonly python: { readonly path: string; readonly version: string };
  /** The platform tag of wheels that it runs, such as `manylinux_2_36_x86_64`. */
  readonly platform: string;
}

export interface BaseConfiguration {
  readonly architecture: string;
  readonly os: string;
  readonly variant: string | undefined;
  /** As `NAME=VALUE`. */
  readonly environment: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly diffIds: readonly string[];
  /** As it is written there. */
  readonly history: readonly object[];
}

const MACHINES: ReadonlyMap<string, string> = new Map([
  ["amd64", "x86_64"],
  ["arm64", "aarch64"],
  ["386", "i686"],
  ["ppc64le", "ppc64le"],
  ["s390x", "s390x"],
  ["riscv64", "riscv64"],
  ["arm", "armv7l"],
]);
const PLACES = ["/usr/local/bin/", "/usr/bin/", "/bin/"];
const MOST_VARIABLES = 1000;
const MOST_LABELS = 1000;
const MOST_LAYERS = 500;
const MOST_HISTORY = 5000;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export interface BaseWish {
  readonly source: ImageSource;
  readonly found: FoundImage;
  /** Whether the lock is for that Python on that platform. */
  readonly fits: (python: string, platform: string) => boolean;
  /** What the lock is for, in words. */
  readonly wanted: string;
  readonly layout: LayoutWriter;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Throws as its source, `hash-mismatch`, `invalid-metadata`, `limit-exceeded`, and `interpreter-not-found`. */
export async function readBase(wish: BaseWish): Promise<BaseImage> {
  const { source, found, layout, progress } = wish;
  const { text } = found.reference;
  const { configuration: blob, layers } = await fetchParts(source, found);
  const configuration = parseBase(await source.blob(blob), text);
  if (configuration.diffIds.length !== layers.length)
    throw notUnderstood(`the configuration of ${quote(text)}`, "it does not have the layers of its manifest");
  const tree = new ImageTree<ImageWord>();
  const budget = new ImageBudget(USUAL_LIMITS);
  for (const [at, layer] of layers.entries()) {
    progress?.(at, layers.length);
    tree.addLayer(await copyLayer(source, layer, { layout, budget }));
  }
  const { pythons, libraries, os } = imageContents(tree);
  const platform = platformOf(configuration.architecture, { glibc: glibcOf(libraries), system: os.id });
  return {
    digest: found.digest,
    configuration,
    layers: layers.map(({ digest, size, packing }) => ({ mediaType: layerType(packing), digest, size })),
    python: pythonIn(pythons, wish, platform),
    platform,
  };
}

async function copyLayer(
  source: ImageSource,
  layer: Layer,
  { layout, budget }: { readonly layout: LayoutWriter; readonly budget: ImageBudget },
) {
  const part = layout.part();
  let file: number | undefined;
  const copying: Pick<ImageSource, "stream"> = {
    stream: async (blob, begin) =>
      await source.stream(blob, () => {
        const take = begin();
        if (file !== undefined) closeSync(file);
        const opened = openSync(part, "w", 0o644);
        file = opened;
        return (chunk) => {
          for (let at = 0; at < chunk.length; ) at += writeSync(opened, chunk, at);
          return take(chunk);
        };
      }),
  };
  try {
    const steps = await readLayer(copying, layer, budget);
    await layout.adopt(part, layer.digest);
    return steps;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function parseBase(body: Buffer, text: string): BaseConfiguration {
  const subject = `the configuration of ${quote(text)}`;
  const document = Reading.parse(body, subject);
  const os = document.get("os").text(50);
  if (os !== "linux") throw notUnderstood(subject, `it is for ${quote(os)}`);
  const own = document.maybe("config");
  const diffIds = document.get("rootfs").get("diff_ids").list(MOST_LAYERS);
  const history = document.maybe("history");
  return {
    architecture: document.get("architecture").text(50),
    os,
    variant: document.maybe("variant")?.text(50),
    environment: (own?.maybe("Env")?.list(MOST_VARIABLES) ?? []).map((one) => one.text(32_000)),
    labels: own?.maybe("Labels")?.texts(MOST_LABELS) ?? {},
    diffIds: diffIds.map((one) => {
      const digest = one.text(200);
      if (!DIGEST.test(digest)) throw notUnderstood(subject, `${quote(digest)} is no SHA-256`);
      return digest;
    }),
    history: (history?.list(MOST_HISTORY) ?? []).map((entry) => historyOf(entry)),
  };
}

function historyOf(entry: Reading): object {
  const created = entry.maybe("created")?.text(64);
  const by = entry.maybe("created_by")?.text(10_000);
  const comment = entry.maybe("comment")?.text(10_000);
  return {
    ...(created === undefined ? {} : { created }),
    ...(by === undefined ? {} : { created_by: by }),
    ...(comment === undefined ? {} : { comment }),
    ...(entry.maybe("empty_layer")?.flag() === true ? { empty_layer: true } : {}),
  };
}

type Python = BaseImage["python"];

/** The one that a shell finds first, of those that the lock is for. */
function pythonIn(pythons: readonly Python[], { found, fits, wanted }: BaseWish, platform: string): Python {
  const rank = ({ path }: Python) => PLACES.findIndex((place) => path.startsWith(place)) >>> 0;
  const [chosen] = pythons
    .filter(({ version }) => fits(version, platform))
    .sort((left, right) => rank(left) - rank(right) || (left.path < right.path ? -1 : 1));
  if (chosen !== undefined) return chosen;
  const versions = [...new Set(pythons.map(({ version }) => version))];
  const has = versions.length === 0 ? "no Python" : `Python ${versions.join(", ")} on ${platform}`;
  throw new ThothError(
    "interpreter-not-found",
    `The base ${quote(found.reference.text)} has ${has}; the lock is for ${wanted}.`,
    {
      hint: "Take a base with that Python, or lock the notebook for the one of this base with --python-version.",
      details: { found: versions, platform },
    },
  );
}

function platformOf(
  architecture: string,
  { glibc, system }: { readonly glibc: string | undefined; readonly system: string },
): string {
  const machine = MACHINES.get(architecture) ?? architecture;
  if (glibc !== undefined) return `manylinux_${glibc.replace(".", "_")}_${machine}`;
  if (system === "alpine") return `musllinux_1_2_${machine}`;
  throw new ThothError("interpreter-not-found", "The base has no C library that wheels are made for.", {
    hint: "Take a base with glibc, such as one of Debian's or Red Hat's, or one of Alpine.",
  });
}
