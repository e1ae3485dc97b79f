// Files of a build on their way: the source to its place, what an earlier build has saved to where it is looked for, and
// what may be written by whoever runs the image.

import { chmod, cp, lstat, mkdir, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { ThothError } from "@thoth/pep";
import type { Builder } from "./builder.ts";

const PLAIN = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true } as const;
const ENVIRONMENTS = "environments";
const WHEELS = "wheels";
const MARKER = "thoth-environment.json";

/** Moves the source to the home. Throws usage where there is none. */
export async function takeSource({ source, home }: Builder): Promise<void> {
  const entries = await readdir(source).catch(() => undefined);
  if (entries === undefined)
    throw new ThothError("usage", `there is no source in \`${source}\``, {
      hint: "Source-to-Image puts it there, and so does a Containerfile by `thoth s2i containerfile`.",
    });
  await mkdir(home, { recursive: true });
  for (const name of entries) await cp(join(source, name), join(home, name), PLAIN);
  // What cannot be removed belongs to somebody else, such as a mount.
  for (const name of entries)
    await rm(join(source, name), { recursive: true, force: true }).catch(unlessKept);
}

function unlessKept(error: unknown): void {
  if (!["EACCES", "EPERM", "EROFS", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? ""))
    throw error;
}

/** What an image before this one had: environments by what is in them, and wheels by their digests. */
export async function restoreArtifacts(
  { artifacts, root }: Builder,
  cache: string,
): Promise<"environments" | "environments and wheels" | undefined> {
  const environments = join(artifacts, ENVIRONMENTS);
  if (!(await isThere(environments))) return undefined;
  await cp(environments, join(root, ENVIRONMENTS), PLAIN);
  if (!(await isThere(join(artifacts, WHEELS)))) return "environments";
  await cp(join(artifacts, WHEELS), join(cache, "artifacts"), PLAIN);
  return "environments and wheels";
}

/** Removes environments that this build does not need, such as those of earlier builds. */
export async function removeOthers({ root }: Builder, needed: ReadonlySet<string>): Promise<void> {
  const folder = join(root, ENVIRONMENTS);
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => !needed.has(name));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Keeps the wheels of these environments, as the cache has them. */
export async function keepWheels(
  { root }: Builder,
  cache: string,
  environments: ReadonlySet<string>,
): Promise<void> {
  for (const key of environments) {
    const text = await readFile(join(root, ENVIRONMENTS, key, MARKER), "utf8");
    const { packages } = JSON.parse(text) as {
      readonly packages: readonly { readonly filename: string; readonly hash?: string }[];
    };
    for (const { filename, hash } of packages) {
      const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(hash ?? "") ?? [];
      if (sha256 === undefined) continue;
      const place = join(sha256.slice(0, 2), sha256, basename(filename));
      const kept = join(cache, "artifacts", place);
      if (await isThere(kept)) await cp(kept, join(root, WHEELS, place), PLAIN);
    }
  }
}

/** Gives the environment a name of its own. */
export async function nameEnvironment({ root }: Builder, key: string | undefined): Promise<void> {
  const name = join(root, "environment");
  await rm(name, { force: true });
  if (key !== undefined) await symlink(join(ENVIRONMENTS, key), name);
}

/** OpenShift runs any user, always of group 0: that group may do what the user may. */
export async function openToGroup(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToGroup(path);
    else if (entry.isFile()) await openOne(path);
  }
  await openOne(folder);
}

async function openOne(path: string): Promise<void> {
  const { mode } = await lstat(path);
  const wanted = (mode & 0o7707) | ((mode & 0o700) >> 3);
  // What somebody else owns stays as it is: the home itself is as the builder made it.
  if ((mode & 0o7777) !== wanted) await chmod(path, wanted).catch(unlessKept);
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
