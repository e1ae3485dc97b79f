// Files of rules from a folder of this machine, in bounds. Names are only told, never used as paths.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { PrescriptionFile } from "@thoth/prescriptions";

const MOST_FILES = 500_000;
const MOST_BYTES = 2 * 1024 ** 3;
const MOST_OF_A_FILE = 5 * 1024 ** 2;
const DEEPEST = 32;
const RULES = /\.ya?ml$/;
/** Cases that rules are tried with, beside them. */
export const CASES = /\.test\.ya?ml$/;

export interface RuleFiles {
  readonly rules: readonly PrescriptionFile[];
  readonly cases: readonly PrescriptionFile[];
}

/** All YAML files below a folder, or one file. Throws file-failed, limit-exceeded, or the reason of the signal. */
export async function readPrescriptions(place: string, signal?: AbortSignal): Promise<RuleFiles> {
  const files: PrescriptionFile[] = [];
  let left = MOST_BYTES;
  const take = async (path: string, shown: string) => {
    signal?.throwIfAborted();
    const { size } = await stat(path);
    left -= size;
    if (size > MOST_OF_A_FILE || left < 0 || files.length >= MOST_FILES) throw tooMuch(place);
    files.push({ path: shown, text: await readFile(path, "utf8") });
  };
  const walk = async (folder: string, shown: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw tooMuch(place);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path, `${shown}${entry.name}/`, depth + 1);
      else if (entry.isFile() && RULES.test(entry.name)) await take(path, shown + entry.name);
    }
  };
  try {
    if ((await stat(place)).isDirectory()) await walk(place, "", 0);
    else await take(place, place.split(/[\\/]/).at(-1) as string);
  } catch (error) {
    if (error instanceof ThothError || signal?.aborted === true) throw error;
    throw new ThothError("file-failed", `the rules at ${quote(place)} cannot be read`, { cause: error });
  }
  return {
    rules: files.filter(({ path }) => !CASES.test(path)),
    cases: files.filter(({ path }) => CASES.test(path)),
  };
}

function tooMuch(place: string): ThothError {
  return new ThothError(
    "limit-exceeded",
    `the rules at ${quote(place)} are too many, too large or too deep`,
    {
      details: { limit: "size", files: MOST_FILES, bytes: MOST_BYTES },
    },
  );
}
