// `horus status`: what a notebook has and what it lacks, at a glance, and the one thing that helps.

import { formatRequirement, type Pylock, selectPylock, ThothError } from "@thoth/pep";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { embeddedLock } from "../../notebook/embedded-lock.ts";
import { originalVersions, type Versions, versionsOf } from "../../notebook/explain-lock.ts";
import { isOfKernel } from "../../notebook/kernel-packages.ts";
import { type KernelState, kernelState } from "../../notebook/kernel-state.ts";
import { isOfRequirements, placesOfUser } from "../../notebook/lock-notebook.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import {
  discoverRequirements,
  mustBeReadable,
  type NotebookRequirements,
  statedRequirements,
  USUAL_PYTHON,
} from "../../notebook/notebook-requirements.ts";
import { withoutCredentials } from "../../notebook/pipfile-metadata.ts";
import { installTarget, settingsOf } from "../../notebook/prepare-notebook.ts";

/** From nothing known to all well. */
type State = "empty" | "imports" | "unlocked" | "original" | "outdated" | "unfit" | "uninstalled" | "ready";

interface Row {
  readonly name: string;
  /** What is asked for, such as `numpy>=2`; absent for what others need. */
  readonly asked?: string;
  readonly locked?: string;
  readonly installed?: string;
  /** The kernel needs it, and not the code. */
  readonly kernel: boolean;
}

export const statusCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const path = notebookArgumentOf(invocation);
  const file = await openNotebook(invocation, path);
  const stated = statedRequirements(file);
  if (stated !== undefined) mustBeReadable(stated);
  const found = discoverRequirements(file, stated?.python ?? USUAL_PYTHON, invocation.environment);
  const lock = embeddedLock(file.notebook, placesOfUser(settingsOf(invocation)));
  const kernel = lock && (await kernelState(invocation, file, lock));
  const versions = lock === undefined ? originalVersions(file) : versionsOf(lock);
  const known = { stated, found: found.requirements, lock, versions, kernel };
  const state = await stateOf(invocation, file, known);
  const packages = rowsOf(known);
  terminal.document({
    notebook: path,
    state,
    imports: found.requirements,
    questions: found.questions.map(({ module }) => module),
    kernel: kernel?.name ?? null,
    python: stated?.python ?? null,
    packages,
    indexes: lock === undefined ? [] : indexesOf(lock),
    installs: found.pip.map(({ cell, requirements }) => ({ cell, requirements })),
    modules: Object.fromEntries(
      found.imports.flatMap(({ module, distribution }) =>
        distribution === undefined ? [] : [[module, distribution]],
      ),
    ),
  });
  const rows = packages.map(({ name, asked = "", locked = "", installed = "" }) => [
    name,
    asked,
    locked,
    installed,
  ]);
  terminal.result(`${sentenceOf(state, packages)}\n`);
  if (rows.length > 0) terminal.result({ headings: ["package", "asked for", "locked", "installed"], rows });
  return 0;
};

interface Known {
  readonly stated: NotebookRequirements | undefined;
  readonly found: readonly string[];
  readonly lock: Pylock | undefined;
  /** What is locked, by name: where there is no lock of ours, what the original's says. */
  readonly versions: Versions;
  readonly kernel: KernelState | undefined;
}

async function stateOf(
  invocation: Invocation,
  file: NotebookFile,
  { stated, found, lock, versions, kernel }: Known,
): Promise<State> {
  if (lock === undefined && versions.size > 0) return "original";
  if (lock === undefined) return stated !== undefined ? "unlocked" : found.length > 0 ? "imports" : "empty";
  if (stated?.pipfile !== undefined && !isOfRequirements(file, stated)) return "outdated";
  if (!(await fitsHere(invocation, file, lock))) return "unfit";
  return kernel?.absent !== undefined || (kernel?.missing.length ?? 0) > 0 ? "uninstalled" : "ready";
}

async function fitsHere(invocation: Invocation, file: NotebookFile, lock: Pylock): Promise<boolean> {
  try {
    const { target } = await installTarget(file, settingsOf(invocation));
    selectPylock(lock, target);
    return true;
  } catch (error) {
    if (error instanceof ThothError) return false;
    throw error;
  }
}

/** Where a lock says that its packages come from, without credentials. */
function indexesOf({ packages }: Pylock): readonly string[] {
  return [
    ...new Set(packages.flatMap(({ index }) => (index === undefined ? [] : [withoutCredentials(index)]))),
  ].sort();
}

/** What is asked for first, in that order; then what is locked, by name. */
function rowsOf({ stated, found, lock, versions, kernel }: Known): readonly Row[] {
  const asked = new Map<string, string>(
    stated?.input.requirements.map(({ requirement }) => [requirement.name, formatRequirement(requirement)]) ??
      found.map((text) => [text.replace(/[^\w.-].*/s, "").toLowerCase(), text]),
  );
  const packages = new Map((lock?.packages ?? []).map((item) => [item.name as string, item]));
  const names = [...new Set([...asked.keys(), ...[...versions.keys()].sort()])];
  return names.map((name): Row => {
    const version = versions.get(name);
    const text = asked.get(name);
    const installed = kernel?.installed.get(name);
    return {
      name,
      ...(text === undefined ? {} : { asked: text }),
      ...(version === undefined ? {} : { locked: version }),
      ...(installed === undefined ? {} : { installed }),
      kernel: text === undefined && isOfKernel(packages.get(name) ?? {}),
    };
  });
}

function sentenceOf(state: State, packages: readonly Row[]): string {
  const amount = plural(packages.length, "package");
  switch (state) {
    case "empty":
      return "nothing is known of what this notebook needs: it imports nothing that is installed from an index";
    case "imports":
      return `the code imports ${amount}, and nothing is locked: \`horus lock\` resolves and embeds them`;
    case "unlocked":
      return "the notebook says what it needs and has no lock: `horus lock` makes one";
    case "original":
      return "the notebook has a lock that names no files: `horus lock` makes one that installs anywhere";
    case "outdated":
      return "the requirements changed after the lock was made: `horus lock` makes a new one";
    case "unfit":
      return "the lock does not fit this machine: `horus lock` makes one that does";
    case "uninstalled":
      return "the notebook has a lock, and no kernel here that holds it: `horus set-kernel` makes one";
    case "ready":
      return `locked and installed: ${amount}`;
    default:
      return state satisfies never;
  }
}
