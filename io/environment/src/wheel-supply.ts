// Gets the wheels of a plan onto this machine: fetched (several at once, the large ones first), inspected, and
// laid out so that an installer finds each under its right name.

import { copyFile, link, mkdir, readdir, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ArtifactRequest, type PlannedPackage, strongest } from "./environment-plan.ts";
import type { ArtifactSource, EnvironmentEvent } from "./environment-request.ts";
import type { LocalWheel } from "./installer.ts";
import { disk } from "./temporary-folder.ts";
import { verifyWheel } from "./verify-wheel.ts";

export interface Supply {
  readonly packages: readonly PlannedPackage[];
  readonly session: ArtifactSource;
  /** A folder for second names of the wheels. */
  readonly scratch: string;
  readonly report?: ((event: EnvironmentEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const AT_ONCE = 8;

/** Throws what fetching or inspecting the first bad file throws, after the others have been stopped. */
export async function fetchWheels(supply: Supply): Promise<readonly LocalWheel[]> {
  const { packages } = supply;
  const stop = new AbortController();
  const signal = supply.signal === undefined ? stop.signal : AbortSignal.any([supply.signal, stop.signal]);
  const waiting = [...packages].sort((left, right) => (left.size ?? 0) - (right.size ?? 0));
  const wheels: LocalWheel[] = [];
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined && failure === undefined; next = waiting.pop()) {
      try {
        wheels.push(await fetchWheel(next, { ...supply, signal }));
        const { filename } = next;
        supply.report?.({ kind: "downloading", done: wheels.length, total: packages.length, filename });
      } catch (error) {
        failure ??= { error };
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failure !== undefined) throw failure.error;
  return wheels.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function fetchWheel(planned: PlannedPackage, supply: Supply): Promise<LocalWheel> {
  const { name, version, filename, url, hashes, size } = planned;
  const request: ArtifactRequest = { filename, url, hashes, ...(size === undefined ? {} : { size }) };
  const path = await supply.session.artifact(request, supply.signal);
  await verifyWheel(path, { name, version, filename });
  const hash = strongest(hashes)!;
  return { name, version, hash, folder: await folderOf(path, filename, supply.scratch) };
}

/** A folder that holds the wheel, and only it, under its right name. */
async function folderOf(path: string, filename: string, scratch: string): Promise<string> {
  const own = dirname(path);
  if (basename(path) === filename && (await readdir(own)).length === 1) return own;
  const folder = join(scratch, filename.slice(0, -".whl".length));
  const place = join(folder, filename);
  await disk(folder, () => mkdir(folder, { recursive: true }));
  await link(path, place)
    .catch(() => symlink(path, place))
    .catch(() => disk(place, () => copyFile(path, place)));
  return folder;
}
