// `horus install` and `horus set-kernel`: the environment and the kernel that a notebook's lock says.

import { resolve } from "node:path";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { shellWord } from "../../frame/printable.ts";
import type { Installed } from "../../locks/install-lock.ts";
import { kernelNameFor } from "../../notebook/kernel-owners.ts";
import { type LockHere, lockForHere } from "../../notebook/lock-elsewhere.ts";
import { isOfRequirements } from "../../notebook/lock-notebook.ts";
import { makeKernel } from "../../notebook/make-kernel.ts";
import {
  changeNotebook,
  type NotebookFile,
  notebookArgumentOf,
  openNotebook,
  writeMetadata,
} from "../../notebook/notebook-file.ts";
import { statedRequirements } from "../../notebook/notebook-requirements.ts";
import {
  askedKernelName,
  installNotebook,
  installTarget,
  requiredLock,
  settingsOf,
} from "../../notebook/prepare-notebook.ts";
import { setKernelEdit } from "../../notebook/set-kernel.ts";
import { tellHeader } from "../../notebook/tell-notebook.ts";

export const installCommand: Handler = async (invocation) => {
  const { options } = invocation;
  const path = notebookArgumentOf(invocation);
  const file = await openNotebook(invocation, path);
  const folder = textOption(options, "target");
  const withKernel = folder === undefined && options["kernel"] !== false;
  const name = withKernel ? await kernelNameFor(invocation, file, askedKernelName(invocation)) : undefined;
  const installed = await installFrom(invocation, file, { folder, name });
  deliver(invocation, path, { installed, name, folder });
  return 0;
};

export const setKernelCommand: Handler = async (invocation) => {
  const path = notebookArgumentOf(invocation);
  return changeNotebook(invocation, path, async (file) => {
    const name = await kernelNameFor(invocation, file, askedKernelName(invocation));
    const installed = await installFrom(invocation, file, { folder: undefined, name });
    await writeMetadata(file, setKernelEdit(file.notebook, name));
    deliver(invocation, path, { installed, name, folder: undefined });
    return 0;
  });
};

interface Place {
  readonly folder: string | undefined;
  readonly name: string | undefined;
}

async function installFrom(
  invocation: Invocation,
  file: NotebookFile,
  { folder, name }: Place,
): Promise<InstalledHere> {
  const settings = settingsOf(invocation);
  const held = requiredLock(file, settings);
  const target = await installTarget(file, settings);
  const { interpreter, python } = target;
  tellHeader(invocation, file, python);
  const stated = statedRequirements(file);
  if (stated?.pipfile !== undefined && !isOfRequirements(file, stated)) {
    invocation.terminal.warn(
      `the requirements changed after the lock was made; \`horus lock ${shellWord(file.path)}\` makes a new one`,
    );
  }
  const { lock, moved } = await lockForHere(invocation, file, { lock: held, target, settings });
  const installed = await installNotebook(invocation, {
    lock,
    interpreter,
    settings,
    allowBuild: flagOption(invocation.options, "allowBuild"),
    target: folder === undefined ? undefined : resolve(folder),
    ...(name === undefined ? {} : { note: `kernel "${name}"` }),
  });
  if (name !== undefined) await makeKernel(invocation, installed.environment, { name, path: file.path });
  return { ...installed, ...(moved === undefined ? {} : { moved }) };
}

interface InstalledHere extends Installed, Pick<LockHere, "moved"> {}

interface Delivery extends Place {
  readonly installed: InstalledHere;
}

function deliver({ terminal }: Invocation, notebook: string, { installed, name, folder }: Delivery): void {
  const { environment, seconds, moved } = installed;
  terminal.document({
    notebook,
    kernel: name ?? null,
    ...(folder === undefined ? { environment: environment.path } : { target: environment.path }),
    ...(moved === undefined ? {} : { moved }),
    python: environment.python,
    packages: environment.packages,
    reused: !environment.created,
    seconds,
  });
  if (name === undefined) terminal.result(environment.path);
  else terminal.result(`kernel ${name} is ready: choose it in Jupyter, or use \`horus run\``);
}
