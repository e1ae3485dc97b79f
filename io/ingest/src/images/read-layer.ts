// A layer of an image while it streams by: hashed, unpacked, and of its files those read that tell something. Its steps are
// given out only when all of it is there and is what the manifest names.

import { createHash } from "node:crypto";
import { PassThrough, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { type ImageWord, imageFileLimit, type LayerStep, readImageFile } from "@thoth/artifact";
import { TarEntries, type TarEntry } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";
import type { ImageBudget } from "./image-budget.ts";
import type { ImageSource } from "./image-source.ts";
import type { Layer } from "./manifest.ts";
import { otherDigest } from "./registry.ts";

/** Bytes that are unpacked of one layer, and its members. */
const UNPACKED = 32 * 2 ** 30;
const MOST_STEPS = 1_000_000;
/** Bytes that are unpacked at a time. */
const CHUNK = 256 * 1024;

export type ImageStep = LayerStep<ImageWord>;

/** Throws as `ImageSource.stream`, `hash-mismatch`, `invalid-metadata`, `invalid-binary`, `limit-exceeded`. */
export async function readLayer(
  source: Pick<ImageSource, "stream">,
  layer: Layer,
  budget: ImageBudget,
): Promise<readonly ImageStep[]> {
  let intake: LayerIntake | undefined;
  try {
    await source.stream(layer, () => {
      intake?.abandon();
      const begun = new LayerIntake(layer, budget);
      intake = begun;
      return (chunk) => begun.add(chunk);
    });
    if (intake === undefined) throw new Error("a layer came without having been begun");
    return await intake.finish();
  } finally {
    intake?.abandon();
  }
}

class LayerIntake {
  readonly #layer: Layer;
  readonly #budget: ImageBudget;
  readonly #hash = createHash("sha256");
  readonly #unpacked: Transform;
  readonly #entries: TarEntries;
  readonly #steps: ImageStep[] = [];
  readonly #reading: Promise<void>;
  #received = 0;
  #failure: unknown;

  constructor(layer: Layer, budget: ImageBudget) {
    this.#layer = layer;
    this.#budget = budget;
    this.#unpacked = unpackerOf(layer);
    this.#entries = new TarEntries((entry) => this.#begin(entry), UNPACKED);
    this.#reading = this.#read();
    // Whoever waits for it is told; nobody waits for one that is abandoned.
    this.#reading.catch((error: unknown) => {
      this.#failure = error;
    });
  }

  add(chunk: Buffer): Promise<void> | undefined {
    // Of what cannot be read the digest still tells whether it is what was promised.
    if (this.#failure instanceof ThothError && this.#failure.code === "limit-exceeded") throw this.#failure;
    this.#hash.update(chunk);
    this.#received += chunk.length;
    if (this.#unpacked.destroyed || this.#unpacked.write(chunk)) return undefined;
    return drained(this.#unpacked);
  }

  async finish(): Promise<readonly ImageStep[]> {
    const { digest, size } = this.#layer;
    this.#unpacked.end();
    const found = `sha256:${this.#hash.digest("hex")}`;
    // Of what is not what the manifest names nothing else is told.
    const reading = await this.#reading.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const subject = `the layer ${quote(digest.slice(0, 19))}`;
    if (found !== digest || this.#received !== size) throw otherDigest(subject, digest, found);
    if (reading !== undefined) throw reading.error;
    if (!this.#entries.whole) throw damagedLayer(digest);
    return this.#steps;
  }

  abandon(): void {
    this.#unpacked.destroy();
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#unpacked as AsyncIterable<Buffer>) {
        this.#budget.unpack(chunk.length);
        this.#entries.add(chunk);
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      throw /^Z_|^ZSTD_|^ERR_/.test(code) ? damagedLayer(this.#layer.digest, error) : error;
    }
  }

  #begin(entry: TarEntry) {
    const { name, kind, size, link } = entry;
    if (this.#steps.length >= MOST_STEPS) throw tooMany("files", MOST_STEPS);
    this.#budget.file(name.length + link.length);
    if (kind === "other") this.#steps.push({ kind: "file", path: name });
    else if (kind === "folder") this.#steps.push({ kind, path: name });
    else if (kind !== "file") this.#steps.push({ kind, path: name, link });
    else {
      const at = this.#steps.push({ kind, path: name }) - 1;
      if (size > (imageFileLimit(name) ?? -1)) return undefined;
      return (bytes: Buffer) => {
        const content = readImageFile(name, bytes);
        if (content !== undefined) this.#steps[at] = { kind, path: name, content };
      };
    }
    return undefined;
  }
}

function unpackerOf({ packing }: Layer): Transform {
  switch (packing) {
    case "gzip":
      return createGunzip({ chunkSize: CHUNK });
    case "zstd":
      return createZstdDecompress({ chunkSize: CHUNK });
    default:
      return new PassThrough();
  }
}

function drained(stream: Transform): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}

function damagedLayer(digest: string, cause?: unknown): ThothError {
  return new ThothError("invalid-metadata", `The layer ${quote(digest.slice(0, 19))} is damaged.`, { cause });
}

function tooMany(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `A layer exceeds the limit of ${most} for ${limit}.`, {
    details: { limit, most },
  });
}
