// An OCI layout while it is written: in a folder beside its place, which it takes when all of it is there.
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { type Descriptor, type ImageDocument, INDEX_TYPE } from "./image-documents.ts";

/** What the folder of a layout has, and nothing else. */
const OWN = new Set(["oci-layout", "index.json", "blobs"]);
const VERSION = '{"imageLayoutVersion":"1.0.0"}';

export class LayoutWriter {
  /** While it is written. */
  readonly folder: string;
  #parts = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `beside`: a path in the folder of which it is written. Throws `file-failed`. */
  static async begin(beside: string): Promise<LayoutWriter> {
    const path = resolve(beside);
    const name = `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`;
    const folder = join(dirname(path), name);
    await writing(beside, async () => {
      await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
      await writeFile(join(folder, "oci-layout"), VERSION);
    });
    return new LayoutWriter(folder);
  }

  /** A path for a blob whose digest is not known yet. */
  part(): string {
    return join(this.folder, "blobs", `part-${this.#parts++}`);
  }

  /** Gives what lies at such a path its name. */
  async adopt(part: string, digest: string): Promise<void> {
    await rename(part, this.path(digest));
  }

  has(digest: string): boolean {
    return existsSync(this.path(digest));
  }

  async add({ bytes, descriptor }: ImageDocument): Promise<Descriptor> {
    await writeFile(this.path(descriptor.digest), bytes);
    return descriptor;
  }

  path(digest: string): string {
    return pathOfBlob(this.folder, digest);
  }

  async index(manifests: readonly Descriptor[]): Promise<void> {
    const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests };
    await writeFile(join(this.folder, "index.json"), JSON.stringify(index));
  }

  /** Puts it in its place. Throws `usage` where something else is there, `file-failed`. */
  async finish(target: string): Promise<void> {
    await checkReplaceable(target);
    await writing(target, async () => {
      const path = resolve(target);
      const aside = `${this.folder}.old`;
      const had = existsSync(path);
      if (had) await rename(path, aside);
      try {
        await rename(this.folder, path);
      } catch (error) {
        if (had) await rename(aside, path);
        throw error;
      }
      await rm(aside, { recursive: true, force: true });
    });
  }

  /** Where it has not taken its place. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** `digest`: `sha256:…`, whose form was checked. */
export function pathOfBlob(layout: string, digest: string): string {
  return join(layout, "blobs", ...digest.split(":", 2));
}

/** Nothing, an empty folder or another layout may be replaced. Throws `usage`. */
export async function checkReplaceable(target: string): Promise<void> {
  const status = await lstat(target).catch(() => undefined);
  if (status === undefined) return;
  const entries = status.isDirectory() ? await readdir(target) : undefined;
  if (entries?.every((entry) => OWN.has(entry))) return;
  throw new ThothError("usage", `${quote(target)} is left alone: it is no OCI layout.`, {
    hint: "Give a new or an empty folder.",
    details: { path: target },
  });
}

/** Throws `file-failed` for what the disk refuses. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error instanceof ThothError) throw error;
    throw new ThothError("file-failed", `${quote(path)} cannot be written (${String(error.code)}).`, {
      details: { path, reason: String(error.code) },
      cause: error,
    });
  }
}
