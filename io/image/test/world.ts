// A base, wheels and a place for images, for one test file.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { findImage } from "@thoth/ingest";
import { parseWheelFilename } from "@thoth/pep";
import { type Artifact, SAMPLE_IMAGE, writeImageLayout } from "@thoth/testkit";
import { readBase } from "../src/base-image.ts";
import { buildImage } from "../src/build-image.ts";
import { LayoutSource } from "../src/layout-source.ts";
import { LayoutWriter } from "../src/layout-writer.ts";
import type { LocalWheel } from "../src/wheel-layer.ts";

export const TIME = 1_700_000_000;

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "thoth-image-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A wheel on this machine, as one of a lock. */
export function localWheel(folder: string, { filename, bytes }: Artifact): LocalWheel {
  const path = join(folder, filename);
  writeFileSync(path, bytes);
  const { name, version } = parseWheelFilename(filename);
  return {
    name,
    version: version.text,
    filename,
    url: "",
    hashes: {},
    sha256: "",
    time: undefined,
    path,
  };
}

/** Makes an image of the wheels upon a small base, at `target`. */
export async function imageOf(wheels: readonly LocalWheel[], target: string, time = TIME) {
  const folder = mkdtempSync(join(tmpdir(), "thoth-image-base-"));
  const layout = await LayoutWriter.begin(target);
  try {
    writeImageLayout(join(folder, "base"), SAMPLE_IMAGE);
    const source = await LayoutSource.open(join(folder, "base"));
    const found = await findImage(source, { text: "base", version: "" });
    const fits = (python: string) => python.startsWith("3.11.");
    const base = await readBase({ source, found: found!, layout, fits, wanted: "Python 3.11" });
    const notebook = { name: "one.ipynb", bytes: Buffer.from("{}"), kernel: "mine" };
    const built = await buildImage({ base, wheels, notebook, lock: "sha256:0", time, layout });
    const { digest, size, mediaType } = built.manifest.descriptor;
    await layout.index([{ mediaType, digest, size }]);
    await layout.finish(target);
    return built;
  } finally {
    await layout.discard();
    rmSync(folder, { recursive: true });
  }
}

export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}
