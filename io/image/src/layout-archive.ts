// A layout as one file, as `skopeo` and `podman` take it: the same layout makes the same archive.
// https://github.com/containers/image/blob/main/docs/containers-transports.5.md

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { paddingFor, TAR_END, tarHeader } from "./tar-header.ts";

const CHUNK = 1 << 20;

/** `time`: of all entries, seconds since 1970. */
export async function* archiveOf(layout: string, time: number): AsyncGenerator<Uint8Array> {
  for (const path of ["blobs", "blobs/sha256"])
    yield tarHeader({ path, kind: "folder", mode: 0o755, size: 0, time });
  const blobs = (await readdir(join(layout, "blobs", "sha256"))).sort();
  for (const path of [...blobs.map((name) => `blobs/sha256/${name}`), "index.json", "oci-layout"]) {
    const { size } = await stat(join(layout, path));
    yield tarHeader({ path, kind: "file", mode: 0o644, size, time });
    yield* createReadStream(join(layout, path), { highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
    yield paddingFor(size);
  }
  yield TAR_END;
}
