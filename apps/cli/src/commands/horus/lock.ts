// `horus lock`: resolve what a notebook needs and embed the lock in it.

import type { JsonObject } from "@thoth/notebook";
import { environmentNames, formatRequirement, type Pylock, ThothError } from "@thoth/pep";
import { flagOption, type Handler, type Invocation, listOption, textOption } from "../../frame/command.ts";
import { adviceOf } from "../../notebook/embedded-lock.ts";
import { explainedPackages } from "../../notebook/explain-lock.ts";
import { checkedKernelName, statedKernel } from "../../notebook/kernel-name.ts";
import type { PastOfLock } from "../../notebook/lock-by-trial.ts";
import { writeLockLog } from "../../notebook/lock-log.ts";
import { countHashes, lockNotebook, type NotebookLock } from "../../notebook/lock-notebook.ts";
import { isOfSeveral, partFor } from "../../notebook/lock-part.ts";
import { engineOf, isObject, textIn, valueAt } from "../../notebook/metadata-keys.ts";
import { changeNotebook, notebookArgumentOf, writeMetadata } from "../../notebook/notebook-file.ts";
import type { Implied } from "../../notebook/past.ts";
import { askedKernelName, lockTarget, settingsOf } from "../../notebook/prepare-notebook.ts";
import { setKernelEdit } from "../../notebook/set-kernel.ts";
import { tellHeader } from "../../notebook/tell-notebook.ts";
import type { ChosenTarget } from "../../project/target.ts";
import { isAutomatic } from "../../settings/as-of.ts";

export const lockCommand: Handler = async (invocation) => {
  const isAuto = isAutomatic(textOption(invocation.options, "asOf"));
  if (!isAuto) settingsOf(invocation);
  mustFitAuto(invocation, isAuto);
  const asked = askedKernelName(invocation);
  if (asked !== undefined) checkedKernelName(asked);
  return changeNotebook(invocation, notebookArgumentOf(invocation), async (file) => {
    statedKernel(file.notebook);
    if (isAuto) {
      const { lockByTrial } = await import("../../notebook/lock-by-trial.ts");
      const { done, target, past } = await lockByTrial(invocation, file);
      return deliver(invocation, done, { target, past });
    }
    const settings = settingsOf(invocation);
    const target = await lockTarget(file, settings);
    tellHeader(invocation, file, target.python);
    const force = flagOption(invocation.options, "force");
    const environments = listOption(invocation.options, "environment");
    const done = await lockNotebook(invocation, file, { settings, target, force, environments });
    return deliver(invocation, done, { target });
  });
};

/** Throws usage. */
function mustFitAuto({ options }: Invocation, isAuto: boolean): void {
  const tries = flagOption(options, "try");
  if (tries && !isAuto)
    throw new ThothError("usage", "`--try` is for notebooks that are dated by themselves", {
      hint: "Add --as-of auto.",
    });
  if (!tries && textOption(options, "cellTimeout") !== undefined)
    throw new ThothError("usage", "`--cell-timeout` is for notebooks that are run", { hint: "Add --try." });
  if (tries && textOption(options, "platform") !== undefined)
    throw new ThothError("usage", "stacks are tried on this machine, so --platform cannot be given");
}

interface Made {
  readonly target: ChosenTarget;
  readonly past?: PastOfLock;
}

async function deliver(invocation: Invocation, done: NotebookLock, { target, past }: Made): Promise<0> {
  let { changed } = done;
  const asked = askedKernelName(invocation);
  if (asked !== undefined)
    changed = (await writeMetadata(done.file, setKernelEdit(done.file.notebook, asked))).changed || changed;
  await writeLockLog(invocation, done, target.python);
  const told =
    past === undefined ? undefined : { ...past, vulnerabilities: await impliedBy(invocation, done) };
  const { terminal } = invocation;
  if (terminal.json) terminal.document(documentOf(done.file.path, done, { changed, target, past: told }));
  return 0;
}

async function impliedBy(invocation: Invocation, { lock }: NotebookLock): Promise<readonly Implied[]> {
  const { tellImplied } = await import("../../notebook/past.ts");
  const packages = lock.packages.flatMap(({ name, version }) =>
    version === undefined ? [] : [{ name, version }],
  );
  return tellImplied(invocation, packages);
}

interface Particulars {
  readonly changed: boolean;
  readonly target: ChosenTarget;
  /** How it was dated by itself, and what that implies. */
  readonly past: object | undefined;
}

function documentOf(notebook: string, done: NotebookLock, { changed, target, past }: Particulars): object {
  const advice = adviceOf(done.file.notebook);
  const proof = done.locked?.proof ?? oneOf(["optimal", "feasible"], textIn(advice, "proof"));
  const locked = new Set<string>(done.lock.packages.map(({ name }) => name));
  const stated = oneOf(["thoth", "uv", "pip", "pipenv"], engineOf(done.file.notebook));
  return {
    notebook,
    changed,
    engine: done.locked?.engine ?? stated ?? "thoth",
    python: target.python,
    ...(past === undefined ? {} : { past }),
    requirements: done.input.requirements.map(({ requirement, group, source }) => ({
      requirement: formatRequirement(requirement),
      group,
      source,
    })),
    packages: explainedPackages(done.lock, {
      ...{ before: done.before, locked: done.locked },
      here: partFor(done.lock, target.target),
    }),
    gone: [...done.before.keys()].filter((name) => !locked.has(name)),
    hashes: countHashes(done.lock),
    ...environmentsOf(done.lock),
    ...(done.locked?.moved === undefined ? {} : { moved: done.locked.moved }),
    ...(proof === undefined ? {} : { proof }),
    objective: done.locked?.objective ?? objectiveIn(advice),
    questions: done.discovery.questions,
    warnings: done.warnings,
  };
}

/** Where there are several. */
function environmentsOf(lock: Pylock): { readonly environments?: readonly string[] } {
  const environments = isOfSeveral(lock) ? environmentNames(lock) : undefined;
  return environments === undefined ? {} : { environments };
}

/** What a kept lock says of itself, so far as it says it in our form. */
function objectiveIn(advice: JsonObject | undefined): object[] {
  const levels = advice === undefined ? undefined : valueAt(advice, "objective");
  if (!Array.isArray(levels)) return [];
  return levels.flatMap((level) => {
    if (!isObject(level)) return [];
    const { level: name, value, bound } = level;
    return typeof name === "string" && typeof value === "number" && typeof bound === "number"
      ? [{ level: name, value, bound }]
      : [];
  });
}

function oneOf(known: readonly string[], text: string | undefined): string | undefined {
  return text !== undefined && known.includes(text) ? text : undefined;
}
