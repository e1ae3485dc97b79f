// Gets the wheels of a plan onto this machine: fetched (several at once, the large ones first), inspected, and
// laid out so that an installer finds each under its right name.

import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseWheelFilename, quote, ThothError } from "@thoth/pep";
import { type BuildContext, buildWheelIn } from "./build-sdist.ts";
import { type PlannedPackage, strongest } from "./environment-plan.ts";
import type { EnvironmentRequest } from "./environment-request.ts";
import type { LocalWheel } from "./installer.ts";
import { targetOf } from "./interpreter.ts";
import { disk } from "./temporary-folder.ts";
import { verifyWheel } from "./verify-wheel.ts";

export interface Supply {
  readonly request: EnvironmentRequest;
  readonly packages: readonly PlannedPackage[];
  /** A folder for second names of the wheels and for builds. */
  readonly scratch: string;
  /** Where environments for builds are made. */
  readonly root: string;
  readonly createEnvironment: BuildContext["createEnvironment"];
}

const AT_ONCE = 8;

/** Throws what fetching or inspecting the first bad file throws, after the others have been stopped. */
export async function fetchWheels(supply: Supply): Promise<readonly LocalWheel[]> {
  const { packages, request } = supply;
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const waiting = [...packages].sort((left, right) => (left.size ?? 0) - (right.size ?? 0));
  const wheels: LocalWheel[] = [];
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined && failure === undefined; next = waiting.pop()) {
      try {
        wheels.push(await fetchWheel(next, { ...supply, request: { ...request, signal } }));
        const { filename } = next;
        request.report?.({ kind: "downloading", done: wheels.length, total: packages.length, filename });
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
  const { session, signal } = supply.request;
  const path = await session.artifact(
    { filename, url, hashes, ...(size === undefined ? {} : { size }) },
    signal,
  );
  if (planned.kind === "sdist") return await buildWheel(planned, path, supply);
  await verifyWheel(path, { name, version, filename });
  const hash = strongest(hashes)!;
  return { name, version, hash, folder: await folderOf(path, filename, supply.scratch) };
}

/** What a build makes is inspected like any other wheel. */
async function buildWheel(planned: PlannedPackage, sdist: string, supply: Supply): Promise<LocalWheel> {
  const { request, createEnvironment, root } = supply;
  const { interpreter, session, policy, uv, signal, building = [] } = request;
  const { name, version, filename } = planned;
  const digest = strongest(planned.hashes)!;
  if (building.includes(digest)) {
    throw new ThothError("environment-failed", `${quote(filename)} needs itself to be built.`, {
      details: { package: name },
    });
  }
  request.report?.({ kind: "building", filename });
  const scratch = join(supply.scratch, `build-${digest.slice(-16)}`);
  const wheel = await buildWheelIn(sdist, {
    ...{ interpreter, session, root, createEnvironment, policy, uv, signal, scratch },
    building: [...building, digest],
  });
  const { tags } = targetOf(interpreter);
  if (!parseWheelFilename(basename(wheel)).tags.some((tag) => tags.has(tag))) {
    throw new ThothError(
      "environment-failed",
      `The build of ${quote(filename)} made a wheel for another machine.`,
    );
  }
  await verifyWheel(wheel, { name, version, filename: basename(wheel) });
  const hash = `sha256:${createHash("sha256")
    .update(await readFile(wheel))
    .digest("hex")}`;
  return { name, version, hash, folder: await folderOf(wheel, basename(wheel), supply.scratch) };
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
