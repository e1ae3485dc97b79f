// Gets the wheels of a plan onto this machine: fetched (several at once, the large ones first), inspected, and
// laid out so that an installer finds each under its right name.

import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { IndexSession } from "@thoth/index";
import { type CoreMetadata, parseWheelFilename, quote, ThothError } from "@thoth/pep";
import { type BuildContext, buildWheelIn } from "./build-sdist.ts";
import { type PlannedPackage, strongest } from "./environment-plan.ts";
import type { EnvironmentRequest } from "./environment-request.ts";
import type { LocalWheel } from "./installer.ts";
import { targetOf } from "./interpreter.ts";
import { findUnmet } from "./lock-consistency.ts";
import { disk } from "./temporary-folder.ts";
import { type DeclaredMetadata, verifyWheel } from "./verify-wheel.ts";

export interface Supply {
  readonly request: EnvironmentRequest;
  readonly packages: readonly PlannedPackage[];
  /** A folder for second names of the wheels and for builds. */
  readonly scratch: string;
  /** Where environments for builds are made. */
  readonly root: string;
  readonly createEnvironment: BuildContext["createEnvironment"];
}

export interface SuppliedWheel extends LocalWheel {
  readonly metadata: CoreMetadata;
}

const AT_ONCE = 8;

/** Throws what fetching or inspecting the first bad file throws, after the others have been stopped. */
export async function fetchWheels(supply: Supply): Promise<readonly SuppliedWheel[]> {
  const { packages, request } = supply;
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const waiting = [...packages].sort((left, right) => (left.size ?? 0) - (right.size ?? 0));
  const wheels: SuppliedWheel[] = [];
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
  checkConsistency(wheels, request);
  return wheels.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function fetchWheel(planned: PlannedPackage, supply: Supply): Promise<SuppliedWheel> {
  const { name, version, filename, url, hashes, size } = planned;
  const { session, signal } = supply.request;
  const path = await session.artifact(
    { filename, url, hashes, ...(size === undefined ? {} : { size }) },
    signal,
  );
  if (planned.kind === "sdist") return await buildWheel(planned, path, supply);
  const declared = declaredMetadata(planned, session);
  const metadata = await verifyWheel(path, { name, version, filename, metadata: declared });
  const hash = strongest(hashes)!;
  return { name, version, hash, metadata, folder: await folderOf(path, filename, supply.scratch) };
}

/** What an index said of this very file before, as far as it is remembered. */
function declaredMetadata(planned: PlannedPackage, session: IndexSession): DeclaredMetadata | undefined {
  const record = session.project(planned.name);
  const sha256 = Object.hasOwn(planned.hashes, "sha256") ? planned.hashes["sha256"] : undefined;
  if (!record || sha256 === undefined) return undefined;
  for (let release = 0; release < record.releaseCount; release++) {
    if (record.versionText(release) !== planned.version) continue;
    for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
      if (record.filename(file) !== planned.filename || record.sha256(file) !== sha256) continue;
      const known = session.metadata(record, file);
      return known === undefined || "unavailable" in known ? undefined : known;
    }
  }
  return undefined;
}

/** Throws metadata-mismatch for a lock of ours that is not what its wheels ask for; warns of another's. */
function checkConsistency(
  wheels: readonly SuppliedWheel[],
  { lock, interpreter, report }: EnvironmentRequest,
): void {
  const metadata = wheels.map((wheel) => wheel.metadata);
  const unmet = findUnmet(metadata, targetOf(interpreter).markers);
  if (unmet === undefined) return;
  const { package: name, requirement, found } = unmet;
  const has = found === undefined ? "does not have it" : `has version ${found}`;
  const message = `The wheel of ${quote(name)} requires ${quote(requirement)}, but the lock ${has}.`;
  if (lock.createdBy !== "thoth") {
    report?.({ kind: "warning", message });
    return;
  }
  throw new ThothError("metadata-mismatch", message, {
    hint: "The index told other metadata than the wheel has: lock again, or leave this package out.",
    details: { ...unmet },
  });
}

/** What a build makes is inspected like any other wheel. */
async function buildWheel(planned: PlannedPackage, sdist: string, supply: Supply): Promise<SuppliedWheel> {
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
  const metadata = await verifyWheel(wheel, { name, version, filename: basename(wheel) });
  const hash = `sha256:${createHash("sha256")
    .update(await readFile(wheel))
    .digest("hex")}`;
  return { name, version, hash, metadata, folder: await folderOf(wheel, basename(wheel), supply.scratch) };
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
