// `horus lock`: resolve what a notebook needs and embed the lock in it.

import { formatRequirement } from "@thoth/pep";
import { flagOption, type Handler } from "../../frame/command.ts";
import { checkedKernelName, statedKernel } from "../../notebook/kernel-name.ts";
import { writeLockLog } from "../../notebook/lock-log.ts";
import { countHashes, lockNotebook, type NotebookLock } from "../../notebook/lock-notebook.ts";
import { changeNotebook, notebookArgumentOf, writeMetadata } from "../../notebook/notebook-file.ts";
import { askedKernelName, lockTarget, settingsOf } from "../../notebook/prepare-notebook.ts";
import { setKernelEdit } from "../../notebook/set-kernel.ts";
import { tellHeader } from "../../notebook/tell-notebook.ts";

export const lockCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const settings = settingsOf(invocation);
  const asked = askedKernelName(invocation);
  if (asked !== undefined) checkedKernelName(asked);
  const path = notebookArgumentOf(invocation);
  return changeNotebook(invocation, path, async (file) => {
    statedKernel(file.notebook);
    const target = await lockTarget(file, settings);
    tellHeader(invocation, file, target.python);
    const done = await lockNotebook(invocation, file, {
      settings,
      target,
      force: flagOption(options, "force"),
    });
    let { changed } = done;
    if (asked !== undefined)
      changed = (await writeMetadata(done.file, setKernelEdit(done.file.notebook, asked))).changed || changed;
    await writeLockLog(invocation, done, target.python);
    terminal.document(documentOf(path, done, { changed, python: target.python, engine: settings.engine }));
    return 0;
  });
};

interface Particulars {
  readonly changed: boolean;
  readonly python: string;
  readonly engine: string;
}

function documentOf(notebook: string, done: NotebookLock, { changed, python, engine }: Particulars): object {
  return {
    notebook,
    changed,
    engine: done.locked?.engine ?? engine,
    python,
    requirements: done.input.requirements.map(({ requirement, group, source }) => ({
      requirement: formatRequirement(requirement),
      group,
      source,
    })),
    packages: done.lock.packages.map(({ name, version }) => ({ name, version: version?.text ?? "" })),
    hashes: countHashes(done.lock),
    ...(done.locked === undefined ? {} : { proof: done.locked.proof }),
    objective: done.locked?.objective ?? [],
    questions: done.discovery.questions,
    warnings: done.warnings,
  };
}
