// Installs a lock into a plain folder, as `pip install --target` does, whole or not at all: into a folder beside
// it first, which then takes its place. A folder that holds anything but what we put there is left alone.

import { lstat, mkdir, readdir, readFile, realpath, rename, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { isMissing, throwIfInterrupted } from "./child-process.ts";
import { environmentKey, type PlannedPackage } from "./environment-plan.ts";
import type { Environment, EnvironmentRequest } from "./environment-request.ts";
import { findDifference, installedPackages } from "./installed.ts";
import { checkInstalled, chooseInstaller, installWheels } from "./installer.ts";
import { clearLeftovers, disk, makeTemporary, remove, temporaryName } from "./temporary-folder.ts";
import { fetchWheels } from "./wheel-supply.ts";

/** Lies in the folder and says that it is ours, what it was made from, and what we put into it. */
const MARKER = ".thoth-target.json";
const UNCOUNTED: ReadonlySet<string> = new Set([MARKER, "__pycache__", ".DS_Store"]);

interface Marker {
  readonly key: string;
  readonly entries: readonly string[];
}

export interface TargetWish {
  readonly request: EnvironmentRequest;
  readonly packages: readonly PlannedPackage[];
  /** For what a build needs. */
  readonly createEnvironment: (request: EnvironmentRequest) => Promise<Environment>;
}

/** Throws as `createEnvironment` does, and usage when the folder is not ours to replace. */
export async function installTarget(wish: TargetWish): Promise<Environment> {
  const { request } = wish;
  const { path, made } = await placeOf(request.target ?? "");
  try {
    return await installAt(path, wish);
  } catch (error) {
    if (made !== undefined) await removeEmpty(dirname(path), made);
    throw error;
  }
}

async function installAt(path: string, wish: TargetWish): Promise<Environment> {
  const { request, packages } = wish;
  const key = await environmentKey(packages, request.interpreter);
  const answer = { path, python: request.interpreter.path, packages: packages.map(nameAndVersion) };
  const marker = await checkOurs(path);
  if (marker?.key === key && findDifference(packages, await installedPackages(path)) === undefined) {
    return { ...answer, created: false };
  }
  await fill(path, key, wish);
  return { ...answer, created: true };
}

async function fill(
  path: string,
  key: string,
  { request, packages, createEnvironment }: TargetWish,
): Promise<void> {
  const parent = dirname(path);
  await clearLeftovers(parent);
  const installer = await chooseInstaller(request.interpreter, request.uv);
  const folder = await makeTemporary(parent);
  const scratch = await makeTemporary(parent);
  try {
    const { interpreter, signal } = request;
    const wheels = await fetchWheels({ request, packages, scratch, root: request.root, createEnvironment });
    request.report?.({ kind: "installing", total: wheels.length, program: installer.kind });
    await installWheels(installer, wheels, { interpreter, signal, scratch, path: folder, flat: true });
    checkInstalled(packages, await installedPackages(folder));
    // uv leaves the lock that it took.
    await remove(join(folder, ".lock"));
    const marker: Marker = { key, entries: (await readdir(folder)).sort() };
    const file = join(folder, MARKER);
    await disk(file, () => writeFile(file, `${JSON.stringify(marker)}\n`, { flush: true }));
    throwIfInterrupted(signal);
    await replaceFolder(folder, path);
  } finally {
    await Promise.all([remove(folder), remove(scratch)]);
  }
}

/** The real path of the folder, whose parent exists afterwards, and the topmost folder that was made for it. */
async function placeOf(target: string): Promise<{ readonly path: string; readonly made?: string }> {
  const path = resolve(target);
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return { path: real };
  const made = await disk(path, () => mkdir(dirname(path), { recursive: true }));
  const parent = await realpath(dirname(path));
  return {
    path: join(parent, basename(path)),
    ...(made === undefined ? {} : { made: await realpath(made) }),
  };
}

/** Folders from `folder` up to `top`, as long as nothing lies in them. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let at = folder; at.startsWith(top); at = dirname(at)) {
    const gone = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

/** The marker of a folder of ours; undefined when the folder is empty or not there. */
async function checkOurs(path: string): Promise<Marker | undefined> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error, "ENOENT")) return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (!found.isDirectory()) throw notOurs(path, "it is no folder");
  const entries = await disk(path, () => readdir(path));
  if (entries.length === 0) return undefined;
  const marker = await readMarker(path);
  if (marker === undefined) throw notOurs(path, "it is not empty");
  const known = new Set([...marker.entries, ...UNCOUNTED]);
  const foreign = entries.find((entry) => !known.has(entry));
  if (foreign !== undefined) throw notOurs(path, `it also holds ${quote(foreign)}`);
  return marker;
}

async function readMarker(path: string): Promise<Marker | undefined> {
  try {
    const value = JSON.parse(await readFile(join(path, MARKER), "utf8")) as Partial<Marker>;
    if (typeof value.key !== "string" || !Array.isArray(value.entries)) return undefined;
    return { key: value.key, entries: value.entries.filter((entry) => typeof entry === "string") };
  } catch {
    return undefined;
  }
}

function notOurs(path: string, why: string): ThothError {
  return new ThothError("usage", `The folder ${quote(path)} is left alone: ${why}.`, {
    hint: "Give a new or an empty folder.",
    details: { path },
  });
}

async function replaceFolder(folder: string, path: string): Promise<void> {
  const aside = join(dirname(path), temporaryName());
  const occupied = await rename(path, aside).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error, "ENOENT")) return false;
      throw error;
    },
  );
  try {
    await disk(path, () => rename(folder, path));
  } catch (error) {
    if (occupied) await rename(aside, path);
    throw error;
  }
  if (occupied) await remove(aside);
}

function nameAndVersion({ name, version }: PlannedPackage): { name: string; version: string } {
  return { name, version };
}
