// The notebooks of a project: each with a lock gets the environment of that lock, and the kernel that it names.

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "@thoth/environment";
import { formatPylock, type Pylock, quote, ThothError } from "@thoth/pep";
import { shellWord } from "../frame/printable.ts";
import { embeddedLock } from "../notebook/embedded-lock.ts";
import { chooseKernelName, statedKernel } from "../notebook/kernel-name.ts";
import { KERNEL_PACKAGE } from "../notebook/lock-notebook.ts";
import { objectIn, textIn } from "../notebook/metadata-keys.ts";
import { type NotebookFile, openNotebook, writeMetadata } from "../notebook/notebook-file.ts";
import { groupsOf } from "../notebook/prepare-notebook.ts";
import { displayNameOf, setKernelEdit } from "../notebook/set-kernel.ts";
import { type AssembledNotebook, stepOf } from "./builder.ts";
import { type AssembledProject, checkOrigin } from "./project-steps.ts";
import { backUp, install, type Work, withFallback } from "./step.ts";

const USUAL_KERNEL = "python3";

interface Around {
  /** The user named the one notebook: what cannot be built is no matter to pass over. */
  readonly isNamed: boolean;
  readonly project: AssembledProject | undefined;
}

export async function assembleNotebooks(
  work: Work,
  paths: readonly string[],
  { isNamed, project }: Around,
): Promise<readonly AssembledNotebook[]> {
  const kernels = new Map<string, string>();
  if (project !== undefined && hasKernel(project)) {
    await makeKernel(work, join(work.builder.root, project.path), USUAL_KERNEL, displayNameOf(USUAL_KERNEL));
    kernels.set(USUAL_KERNEL, project.path);
  }
  const done: AssembledNotebook[] = [];
  for (const path of paths) {
    try {
      const one = await assembleNotebook(work, path, { kernels, project });
      if (one !== undefined) done.push(one);
    } catch (error) {
      if (isNamed || !(error instanceof ThothError) || error.code !== "unsupported-language") throw error;
      work.invocation.terminal.warn(`${path} is no notebook of Python: it is there, without a kernel`);
    }
  }
  return done;
}

interface Neighbours {
  /** Paths of environments by the names of kernels. */
  readonly kernels: Map<string, string>;
  readonly project: AssembledProject | undefined;
}

async function assembleNotebook(
  work: Work,
  path: string,
  { kernels, project }: Neighbours,
): Promise<AssembledNotebook | undefined> {
  const file = await openNotebook(work.invocation, path);
  const own = embeddedLock(file.notebook, []);
  if (own === undefined && project !== undefined && work.switches.advise !== "always") {
    if (!hasKernel(project)) throw noKernel(path);
    return { path, kernel: USUAL_KERNEL, environment: project.path };
  }
  const { lock, environment } = await environmentOf(work, { path, own });
  if (!lock.packages.some(({ name }) => name === KERNEL_PACKAGE)) throw noKernel(path);
  const place = `environments/${environment.path.slice(environment.path.lastIndexOf("/") + 1)}`;
  const kernel = await registered(work, path, { environment, place, kernels });
  return { path, kernel, environment: place };
}

interface Locked {
  readonly lock: Pylock;
  readonly environment: Environment;
}

async function environmentOf(
  work: Work,
  { path, own }: { readonly path: string; readonly own: Pylock | undefined },
): Promise<Locked> {
  const { advise, dryRun } = work.switches;
  const installed = async (lock: Pylock) => ({
    lock,
    environment: await install(work, { lock, groups: groupsOf(lock), note: path }),
  });
  const advises = advise === "always" || (advise === "missing" && own === undefined);
  if (!advises || dryRun) {
    if (own === undefined) throw unlocked(path);
    await checkLock(work, path, own);
    return await installed(own);
  }
  return await withFallback(work, await backUp(path, { subject: path, hasLock: own !== undefined }), {
    advised: async () => await installed(await lockAgain(work, path, advise === "always")),
    again: async () => await installed(own as Pylock),
  });
}

/** By `horus lock`, which writes it into the notebook. */
async function lockAgain(work: Work, path: string, force: boolean): Promise<Pylock> {
  const { lockCommand } = await import("../commands/horus/lock.ts");
  const { invocation } = work;
  await lockCommand(stepOf(invocation, { arguments: [path], options: { ...invocation.options, force } }));
  const lock = embeddedLock((await openNotebook(invocation, path)).notebook, []);
  if (lock === undefined) throw new Error("a notebook that was locked has no lock");
  return lock;
}

/** The origin of what a notebook's own lock names, by a copy of that lock. */
async function checkLock(work: Work, path: string, lock: Pylock): Promise<void> {
  if (!work.switches.provenanceCheck) return;
  const copy = join(work.builder.root, "pylock.toml");
  await writeFile(copy, formatPylock(lock));
  try {
    await checkOrigin(work, copy, path);
  } finally {
    await rm(copy, { force: true });
  }
}

interface Registering {
  readonly environment: Environment;
  readonly place: string;
  readonly kernels: Map<string, string>;
}

/** Two notebooks that call two environments by one name: the second one gets another name. */
async function registered(
  work: Work,
  path: string,
  { environment, place, kernels }: Registering,
): Promise<string> {
  const file = await openNotebook(work.invocation, path);
  const stated = nameOf(file);
  if (kernels.get(stated) === place) return stated;
  const name = kernels.has(stated) ? chooseKernelName(file.notebook, path, undefined).toLowerCase() : stated;
  const taken = kernels.get(name);
  if (taken === place) return name;
  if (taken !== undefined)
    throw new ThothError("conflict", `two notebooks with different locks call their kernel ${quote(name)}`, {
      hint: `Give one another name: \`horus lock ${shellWord(path)} --kernel-name NAME\`.`,
      details: { kernel: name, path },
    });
  const title = textIn(objectIn(file.notebook.metadata, "kernelspec"), "display_name");
  await makeKernel(work, environment.path, name, name === stated ? title : undefined);
  kernels.set(name, place);
  // Without a kernel in its metadata, Jupyter would ask for one.
  if (name !== statedKernel(file.notebook)) await writeMetadata(file, setKernelEdit(file.notebook, name));
  return name;
}

function nameOf({ notebook }: NotebookFile): string {
  const stated = statedKernel(notebook)?.toLowerCase();
  return stated !== undefined && /^[a-z0-9._-]{1,100}$/.test(stated) ? stated : USUAL_KERNEL;
}

async function makeKernel(
  { builder }: Work,
  environment: string,
  name: string,
  title: string | undefined,
): Promise<void> {
  const { installKernelspec } = await import("@thoth/environment");
  const jupyterDataDir = join(builder.root, "share", "jupyter");
  const displayName = title ?? displayNameOf(name);
  await installKernelspec({ path: environment }, { name, displayName, jupyterDataDir });
}

function hasKernel({ packages }: AssembledProject): boolean {
  return packages.some(({ name }) => name === KERNEL_PACKAGE);
}

function unlocked(path: string): ThothError {
  return new ThothError("lock-out-of-date", `the notebook ${quote(path)} has no lock`, {
    hint: `Make one with \`horus lock ${shellWord(path)}\` and commit it, or build with THOTH_ADVISE=1.`,
    details: { path },
  });
}

function noKernel(path: string): ThothError {
  return new ThothError(
    "kernel-not-found",
    `no kernel can be made for ${quote(path)}: ipykernel is not locked`,
    {
      hint: "Add ipykernel to what the project needs and lock again, or give the notebook a lock of its own with `horus lock`.",
      details: { path },
    },
  );
}
