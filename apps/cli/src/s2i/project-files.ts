// Which files of a project count: its lock, what that would be made from, and its notebooks.

import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { Switches } from "./switches.ts";

/** The first that is there counts: a lock of ours or of the standard before those of other programs. */
const LOCKS = ["pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.txt"];
const MANAGERS = {
  pipenv: ["Pipfile.lock"],
  micropipenv: ["Pipfile.lock", "poetry.lock", "requirements.txt"],
} as const;
const REQUIREMENTS = ["Pipfile", "pyproject.toml", "requirements.in", "requirements.txt"];
const DEEPEST = 12;
const MOST_NOTEBOOKS = 100;

export interface ProjectFiles {
  /** Paths in the folder. */
  readonly lock: string | undefined;
  /** Other locks, which are left alone. */
  readonly otherLocks: readonly string[];
  readonly requirements: string | undefined;
  /** What says how the project itself would be built. */
  readonly setup: string | undefined;
}

/** Throws usage where the lock that is named is not there. */
export async function findProjectFiles(
  folder: string,
  { lock: named, manager }: Pick<Switches, "lock" | "manager">,
): Promise<ProjectFiles> {
  const names = new Set(
    (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name),
  );
  const isLocked = names.has("requirements.txt") && (await hasHashes(join(folder, "requirements.txt")));
  const isThere = (name: string) => names.has(name) && (name !== "requirements.txt" || isLocked);
  const locks = (manager === undefined ? LOCKS : MANAGERS[manager]).filter(isThere);
  const [first, ...others] = named === undefined ? locks : [named];
  if (named !== undefined && !isInside(folder, named, names))
    throw new ThothError("usage", `the project has no ${quote(named)}, which THOTH_S2I_LOCK names`);
  const requirements = REQUIREMENTS.find(
    (name) => names.has(name) && (name !== "requirements.txt" || !isLocked),
  );
  return {
    lock: first,
    otherLocks: others,
    requirements: await meant(folder, requirements, names),
    setup: ["setup.py", "setup.cfg"].find((name) => names.has(name)),
  };
}

function isInside(folder: string, named: string, names: ReadonlySet<string>): boolean {
  return names.has(relative(folder, join(folder, named)));
}

/** A pyproject.toml may hold the settings of tools alone. */
async function meant(
  folder: string,
  found: string | undefined,
  names: ReadonlySet<string>,
): Promise<string | undefined> {
  if (found !== "pyproject.toml") return found;
  const text = await readFile(join(folder, found), "utf8");
  if (/^\s*\[(?:project|tool\.poetry|dependency-groups)\]/m.test(text)) return found;
  return REQUIREMENTS.slice(2).find((name) => names.has(name));
}

async function hasHashes(path: string): Promise<boolean> {
  return /--hash[= ]/.test(await readFile(path, "latin1"));
}

/** Relative to the folder, sorted. Throws limit-exceeded. */
export async function findNotebooks(folder: string, below = "", depth = 0): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort(byName)) {
    const { name } = entry;
    if (name.startsWith(".")) continue;
    const path = below === "" ? name : `${below}/${name}`;
    if (entry.isFile() && name.endsWith(".ipynb")) found.push(path);
    if (entry.isDirectory() && depth < DEEPEST) found.push(...(await findNotebooks(folder, path, depth + 1)));
  }
  if (found.length <= MOST_NOTEBOOKS) return found;
  throw new ThothError("limit-exceeded", `the project has more than ${MOST_NOTEBOOKS} notebooks`, {
    hint: "Name one with JUPYTER_NOTEBOOK_PATH.",
    details: { limit: "notebooks", maximum: MOST_NOTEBOOKS },
  });
}

function byName(left: Dirent, right: Dirent): number {
  return left.name < right.name ? -1 : 1;
}
