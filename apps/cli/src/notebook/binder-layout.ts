// What Binder reads: the pins with their hashes, and the Python. https://repo2docker.readthedocs.io/en/latest/configuration/

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type PackageName,
  type Pylock,
  type PylockPackage,
  pylockPart,
  quote,
  selectPylock,
  ThothError,
  targetEnvironment,
} from "@thoth/pep";
import { replaceFile } from "../files/replace-file.ts";
import { requirementsForm } from "../locks/lock-forms.ts";
import { isOfKernel } from "./kernel-packages.ts";
import { isOfSeveral } from "./lock-part.ts";
import { forOnePython, pythonOf } from "./one-python.ts";

/** Binder brings these in versions that fit each other; a pin of one would take it from under the others. */
const SERVER: ReadonlySet<string> = new Set([
  "jupyter",
  "jupyter-server",
  "jupyterhub",
  "jupyterhub-singleuser",
  "jupyterlab",
  "nbclassic",
  "notebook",
]);

/** What Binder would read instead. */
const STRONGER = [
  "Dockerfile",
  "environment.yml",
  "environment.yaml",
  "Pipfile",
  "Pipfile.lock",
  "Project.toml",
  "default.nix",
];

const OLDEST = 8;
const NEWEST = 14;

export interface BinderLayout {
  readonly requirements: string;
  /** `python-3.11`. */
  readonly runtime: string;
  /** Names of packages that Binder brings itself, and what they alone need. */
  readonly leftOut: readonly PackageName[];
}

/** Throws no-matching-artifact where the lock is not for Binder's Python and Linux. */
export function binderLayout(
  whole: Pylock,
  asked: ReadonlySet<string>,
  wantedPython?: string | undefined,
): BinderLayout {
  const ofPython = forOnePython(whole, wantedPython);
  const python = pythonOf(ofPython);
  const minor = Number(python.split(".")[1]);
  if (!python.startsWith("3.") || minor < OLDEST || minor > NEWEST) {
    throw new ThothError("no-matching-artifact", `Binder has no Python ${python}`, {
      hint: `Lock the notebook with --python-version, 3.${OLDEST} to 3.${NEWEST}.`,
      details: { python },
    });
  }
  const target = targetEnvironment({ pythonVersion: python, platform: "linux" });
  selectPylock(ofPython, target);
  const lock = isOfSeveral(whole) ? pylockPart(ofPython, target.markers) : ofPython;
  const kept = keptNames(lock, asked);
  const packages = lock.packages.filter(({ name }) => kept.has(name));
  return {
    requirements: requirementsForm({ ...lock, packages }),
    runtime: `python-${python}\n`,
    leftOut: lock.packages.flatMap(({ name }) => (kept.has(name) ? [] : [name])),
  };
}

/** What is reached from the requirements without going through what Binder brings. */
function keptNames({ packages }: Pylock, asked: ReadonlySet<string>): ReadonlySet<string> {
  const own = packages.filter((item) => !isOfKernel(item) && !SERVER.has(item.name));
  const needed = new Set(packages.flatMap(needsOf));
  const byName = new Map(own.map((item) => [item.name as string, item]));
  const waiting = own
    .map(({ name }) => name as string)
    .filter((name) => asked.has(name) || !needed.has(name));
  const kept = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const item = byName.get(name);
    if (item === undefined || kept.has(name)) continue;
    kept.add(name);
    waiting.push(...needsOf(item));
  }
  return kept;
}

function needsOf({ dependencies = [] }: PylockPackage): string[] {
  return dependencies.map(({ name }) => String(name));
}

export interface WrittenLayout {
  readonly paths: readonly string[];
  /** Files there that Binder reads instead. */
  readonly stronger: readonly string[];
}

/** Writes into the folder for Binder of a repository's root: `.binder` where there is one, else `binder`. */
export async function writeBinder(root: string, layout: BinderLayout): Promise<WrittenLayout> {
  const isItself = ["binder", ".binder"].includes(basename(root));
  const folder = isItself ? root : join(root, existsSync(join(root, ".binder")) ? ".binder" : "binder");
  if (!isItself && folder.endsWith(".binder") && existsSync(join(root, "binder"))) {
    throw new ThothError(
      "invalid-project",
      `${quote(root)} has both \`binder\` and \`.binder\`, which Binder refuses`,
    );
  }
  const files = [
    [join(folder, "requirements.txt"), layout.requirements],
    [join(folder, "runtime.txt"), layout.runtime],
  ] as const;
  for (const [path, text] of files) await replaceFile(path, text, { makeFolders: true });
  const stronger = STRONGER.map((name) => join(folder, name)).filter((path) => existsSync(path));
  return { paths: files.map(([path]) => path), stronger };
}
