// `horus status`: what a notebook has and what it lacks, at a glance, and the one thing that helps.

import {
  environmentName,
  environmentNames,
  evaluateMarker,
  formatRequirement,
  type Marker,
  type Pylock,
} from "@thoth/pep";
import type { Handler } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { embeddedLock } from "../../notebook/embedded-lock.ts";
import { originalVersions, type Versions, versionsOf } from "../../notebook/explain-lock.ts";
import { isOfKernel } from "../../notebook/kernel-packages.ts";
import { type KernelState, kernelState } from "../../notebook/kernel-state.ts";
import { isOfRequirements, placesOfUser } from "../../notebook/lock-notebook.ts";
import { fitsTarget, partFor } from "../../notebook/lock-part.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import {
  discoverRequirements,
  mustBeReadable,
  type NotebookRequirements,
  statedRequirements,
  USUAL_PYTHON,
} from "../../notebook/notebook-requirements.ts";
import { targetHere } from "../../notebook/part-here.ts";
import { withoutCredentials } from "../../notebook/pipfile-metadata.ts";
import { settingsOf } from "../../notebook/prepare-notebook.ts";
import type { ChosenTarget } from "../../project/target.ts";

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
  const settings = settingsOf(invocation);
  const whole = embeddedLock(file.notebook, placesOfUser(settings));
  const here = whole && (await targetHere(file, settings));
  const lock = whole && partFor(whole, here?.target);
  const fits = whole !== undefined && here !== undefined && fitsTarget(whole, here);
  const kernel = lock && (await kernelState(invocation, file, lock));
  const versions = lock === undefined ? originalVersions(file) : versionsOf(lock);
  const known = { stated, found: found.requirements, lock, fits, versions, kernel };
  const state = stateOf(file, known);
  const environments = environmentsOf(whole, here);
  const packages = rowsOf(known);
  terminal.document({
    notebook: path,
    state,
    imports: found.requirements,
    questions: found.questions.map(({ module }) => module),
    kernel: kernel?.name ?? null,
    python: stated?.python ?? null,
    environments,
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
  terminal.result(`${sentenceOf(state, packages)}\n${environmentsText(environments, here)}`);
  if (rows.length > 0) terminal.result({ headings: ["package", "asked for", "locked", "installed"], rows });
  return 0;
};

interface Known {
  readonly stated: NotebookRequirements | undefined;
  readonly found: readonly string[];
  /** What of it is for this machine. */
  readonly lock: Pylock | undefined;
  readonly fits: boolean;
  /** What is locked, by name: where there is no lock of ours, what the original's says. */
  readonly versions: Versions;
  readonly kernel: KernelState | undefined;
}

function stateOf(file: NotebookFile, { stated, found, lock, fits, versions, kernel }: Known): State {
  if (lock === undefined && versions.size > 0) return "original";
  if (lock === undefined) return stated !== undefined ? "unlocked" : found.length > 0 ? "imports" : "empty";
  if (stated?.pipfile !== undefined && !isOfRequirements(file, stated)) return "outdated";
  if (!fits) return "unfit";
  return kernel?.absent !== undefined || (kernel?.missing.length ?? 0) > 0 ? "uninstalled" : "ready";
}

interface LockedFor {
  readonly name: string;
  /** This machine is one. */
  readonly here: boolean;
}

function environmentsOf(lock: Pylock | undefined, here: ChosenTarget | undefined): readonly LockedFor[] {
  const names = (lock && environmentNames(lock)) ?? [];
  const markers = lock?.environments ?? [];
  return names.map((name, at) => ({
    name,
    here: here !== undefined && evaluateMarker(markers[at] as Marker, here.target.markers),
  }));
}

function environmentsText(environments: readonly LockedFor[], here: ChosenTarget | undefined): string {
  if (environments.length < 2) return "";
  const names = environments.map(({ name, here: isHere }) => (isHere ? `${name} (here)` : name)).join(", ");
  const isAmong = environments.some((one) => one.here);
  const lacks =
    here === undefined || isAmong
      ? ""
      : `, and not for ${environmentName(here.target.markers)}, which is here`;
  return `locked for ${names}${lacks}\n`;
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
