// Folders with the files of one question, which may hold what nobody else shall read: they go with the job, or, where the process
// was killed, when the next one begins.

import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "thoth-job-";

export async function makeJobFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), PREFIX));
}

/** Removes those that are older than any job can be, in milliseconds: those of other processes stay. What cannot be removed stays. */
export async function removeLostFolders(age: number): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    const path = join(tmpdir(), name);
    const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > age) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
