// Makes an environment from a lock: every file fetched and inspected, all installed in a folder beside the final
// one, compared with the lock, marked complete, and only then given its name. Whoever sees the name sees the
// whole; what a killed process leaves has no name and is cleared away by the next.

import { mkdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./build-lock.ts";
import { type BuildContext, buildMetadataIn } from "./build-sdist.ts";
import { isMissing, throwIfInterrupted } from "./child-process.ts";
import { environmentKey, type PlannedPackage, planPackages, strongest } from "./environment-plan.ts";
import type { Environment, EnvironmentRequest } from "./environment-request.ts";
import { installTarget } from "./install-target.ts";
import { findDifference, installedPackages, pythonIn, sitePackagesIn } from "./installed.ts";
import {
  checkInstalled,
  chooseInstaller,
  installWheels,
  type LocalWheel,
  makeVirtualEnvironment,
} from "./installer.ts";
import { interpreterIdentity } from "./interpreter.ts";
import { relocate } from "./relocate.ts";
import { clearLeftovers, discard, disk, makeTemporary, remove } from "./temporary-folder.ts";
import { fetchWheels } from "./wheel-supply.ts";

/** Says that an environment is complete, and what it is. */
export const MARKER = "thoth-environment.json";

/**
 * Throws no-matching-artifact, build-not-allowed, hash-mismatch, metadata-mismatch, invalid-wheel, path-escape,
 * limit-exceeded, file-failed, environment-failed or interrupted; then nothing was changed.
 */
export async function createEnvironment(request: EnvironmentRequest): Promise<Environment> {
  const packages = planPackages(request);
  if (request.target !== undefined) return await installTarget({ request, packages, createEnvironment });
  const root = await ensureFolder(request.root);
  const key = await environmentKey(packages, request.interpreter);
  const path = join(root, key);
  const wish: Wish = { request, packages, root, path };
  const existing = await reuse(wish);
  if (existing !== undefined) return existing;
  throwIfInterrupted(request.signal);
  const options = {
    signal: request.signal,
    onWait: () => request.report?.({ kind: "waiting", path }),
  };
  return await withLock(join(root, `.${key}.lock`), options, async () => {
    return (await reuse(wish)) ?? (await build(wish));
  });
}

async function reuse(wish: Wish): Promise<Environment | undefined> {
  const existing = await openComplete(wish);
  if (existing !== undefined) wish.request.report?.({ kind: "reused", path: existing.path });
  return existing;
}

interface Wish {
  readonly request: EnvironmentRequest;
  readonly packages: readonly PlannedPackage[];
  readonly root: string;
  readonly path: string;
}

/** The environment at the path of the wish when it is there and still what the lock says. */
async function openComplete({ packages, path }: Wish): Promise<Environment | undefined> {
  const marker = await readFile(join(path, MARKER), "utf8").catch(() => undefined);
  if (marker === undefined) return undefined;
  const sitePackages = await sitePackagesIn(path);
  if (sitePackages === undefined) return undefined;
  if (findDifference(packages, await installedPackages(sitePackages)) !== undefined) return undefined;
  const python = pythonIn(path);
  if ((await realpath(python).catch(() => undefined)) === undefined) return undefined;
  return { path, python, created: false, packages: packages.map(nameAndVersion) };
}

async function build(wish: Wish): Promise<Environment> {
  const { request, packages, root, path } = wish;
  await clearLeftovers(root);
  const installer = await chooseInstaller(request.interpreter, request.uv);
  const folder = await makeTemporary(root);
  const scratch = await makeTemporary(root);
  try {
    const task = { interpreter: request.interpreter, signal: request.signal, scratch };
    const supply = { request, packages, root, scratch, createEnvironment };
    const [wheels] = await settle([fetchWheels(supply), makeVirtualEnvironment(installer, folder, task)]);
    request.report?.({ kind: "installing", total: wheels.length, program: installer.kind });
    await installWheels(installer, wheels as readonly LocalWheel[], { ...task, path: folder, flat: false });
    const sitePackages = await sitePackagesIn(folder);
    checkInstalled(packages, sitePackages === undefined ? [] : await installedPackages(sitePackages));
    await relocate(folder, path);
    await writeMarker(folder, wish);
    throwIfInterrupted(request.signal);
    await giveName(folder, wish);
  } finally {
    await Promise.all([remove(folder), remove(scratch)]);
  }
  return { path, python: pythonIn(path), created: true, packages: packages.map(nameAndVersion) };
}

/** Waits for all, also when one fails: nothing may still be writing when the folders are removed. */
async function settle<T extends readonly unknown[]>(
  works: {
    readonly [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  const results = await Promise.allSettled(works);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

async function writeMarker(folder: string, { request, packages }: Wish): Promise<void> {
  const marker = {
    form: 1,
    interpreter: await interpreterIdentity(request.interpreter),
    packages: packages.map(({ name, version, filename, hashes }) => ({
      name,
      version,
      filename,
      hash: strongest(hashes),
    })),
  };
  const file = join(folder, MARKER);
  await disk(file, () => writeFile(file, `${JSON.stringify(marker, undefined, 1)}\n`, { flush: true }));
}

/** The first one who finishes wins; a damaged environment in the place is replaced. */
async function giveName(folder: string, wish: Wish): Promise<void> {
  const { path, root } = wish;
  try {
    await disk(path, () => rename(folder, path).catch(unlessTaken));
    if ((await openComplete(wish)) !== undefined) return;
    await discard(path, root);
    await disk(path, () => rename(folder, path));
  } catch (error) {
    if (isMissing(error, "ENOENT") && (await openComplete(wish)) !== undefined) return;
    throw error;
  }
}

function unlessTaken(error: unknown): void {
  if (!isMissing(error, "ENOTEMPTY") && !isMissing(error, "EEXIST")) throw error;
}

/** The real path: an environment knows its own path, which must not change with a link. */
async function ensureFolder(path: string): Promise<string> {
  await disk(path, () => mkdir(path, { recursive: true }));
  return await realpath(path);
}

function nameAndVersion({ name, version }: PlannedPackage): { name: string; version: string } {
  return { name, version };
}

/** The METADATA that a source distribution has once it is built, which runs its code: only where that is allowed. */
export async function buildMetadata(
  sdistPath: string,
  context: Omit<BuildContext, "scratch" | "createEnvironment">,
): Promise<string> {
  return await buildMetadataIn(sdistPath, { ...context, createEnvironment });
}
