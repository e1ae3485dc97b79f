// An OCI layout on this machine as a source of images: what it says of itself is checked like what a registry says.
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Sink } from "@thoth/index";
import {
  type Blob,
  blobDigest,
  type FetchedManifest,
  type ImageSource,
  notUnderstood,
  otherDigest,
  Reading,
} from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import { INDEX_TYPE } from "./image-documents.ts";
import { pathOfBlob } from "./layout-writer.ts";

const LARGEST_DOCUMENT = 8 * 1024 * 1024;
const MOST_MANIFESTS = 1000;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const NAME = "org.opencontainers.image.ref.name";
const CHUNK = 1 << 20;

export class LayoutSource implements ImageSource {
  readonly #folder: string;
  readonly #shown: string;

  private constructor(folder: string, shown: string) {
    this.#folder = folder;
    this.#shown = shown;
  }

  /** Throws `not-found` where the folder is no layout. */
  static async open(folder: string): Promise<LayoutSource> {
    const shown = quote(basename(resolve(folder)));
    const isLayout = await stat(join(folder, "oci-layout")).then(
      (status) => status.isFile(),
      () => false,
    );
    if (isLayout) return new LayoutSource(resolve(folder), shown);
    throw new ThothError("not-found", `${quote(folder)} is no OCI layout.`, {
      hint: "It is a folder with `oci-layout`, `index.json` and `blobs`, as `skopeo copy IMAGE oci:FOLDER` makes one.",
      details: { path: folder },
    });
  }

  /** `version`: the name of one of its images, or nothing where it has one only. */
  async manifest(version: string): Promise<FetchedManifest | undefined> {
    const body = DIGEST.test(version) ? await this.#document(version) : await this.#index();
    if (DIGEST.test(version)) {
      const type = Reading.parse(body, this.#shown).maybe("mediaType")?.text(200);
      return { body, digest: version, contentType: type ?? "" };
    }
    const entries = Reading.parse(body, `the index of ${this.#shown}`).get("manifests").list(MOST_MANIFESTS);
    const chosen = entries.filter((entry) => {
      const name = entry.maybe("annotations")?.maybe(NAME)?.text(500);
      return version === "" ? entry.maybe("artifactType") === undefined : name === version;
    });
    const digests = new Set(chosen.map((entry) => entry.get("digest").text(200)));
    if (digests.size === 0) return undefined;
    // Several for several platforms are a list; it is nobody's but the folder's.
    if (digests.size > 1) return { body, digest: blobDigest(body), contentType: INDEX_TYPE };
    return await this.manifest([...digests][0]!);
  }

  async blob({ digest, size }: Blob): Promise<Buffer> {
    if (size > LARGEST_DOCUMENT) throw notUnderstood(this.#shown, `${quote(digest)} is no document`);
    return await this.#document(digest);
  }

  async stream({ digest }: Blob, begin: () => Sink): Promise<void> {
    const take = begin();
    try {
      for await (const chunk of createReadStream(this.#path(digest), { highWaterMark: CHUNK }))
        await take(chunk as Buffer);
    } catch (error) {
      throw this.#failure(error, digest);
    }
  }

  async #index(): Promise<Buffer> {
    return await readFile(join(this.#folder, "index.json")).catch((error: unknown) => {
      throw this.#failure(error, "index.json");
    });
  }

  async #document(digest: string): Promise<Buffer> {
    const path = this.#path(digest);
    const status = await stat(path).catch((error: unknown) => {
      throw this.#failure(error, digest);
    });
    if (status.size > LARGEST_DOCUMENT) throw notUnderstood(this.#shown, `${quote(digest)} is no document`);
    const bytes = await readFile(path);
    const found = blobDigest(bytes);
    if (found !== digest) throw otherDigest(this.#shown, digest, found);
    return bytes;
  }

  #path(digest: string): string {
    if (!DIGEST.test(digest)) throw notUnderstood(this.#shown, `${quote(digest)} is no SHA-256`);
    return pathOfBlob(this.#folder, digest);
  }

  #failure(error: unknown, what: string): unknown {
    if (!(error instanceof Error) || !("code" in error) || error instanceof ThothError) return error;
    const missing = error.code === "ENOENT";
    return new ThothError(
      missing ? "not-found" : "file-failed",
      `The layout ${this.#shown} ${missing ? "lacks" : "does not give"} ${quote(what)}.`,
      { details: { reason: String(error.code) }, cause: error },
    );
  }
}
