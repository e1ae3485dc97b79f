// The steps that lock, install and run share, each taken when it is needed: interpreter, lock, environment, kernel.

import type { Interpreter } from "@thoth/environment";
import { quote, ThothError } from "@thoth/pep";
import { flagOption, type Invocation, textOption } from "../frame/command.ts";
import { shellWord } from "../frame/printable.ts";
import { type Installed, installLock } from "../locks/install-lock.ts";
import { type ChosenTarget, describeTarget, findTarget } from "../project/target.ts";
import { openSession } from "../session/open-session.ts";
import { type ResolutionSettings, readResolutionSettings } from "../settings/resolution-settings.ts";
import { embeddedLock } from "./embedded-lock.ts";
import { KERNEL_GROUP, type NotebookLock, placesOfUser } from "./lock-notebook.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { statedRequirements } from "./notebook-requirements.ts";

export function settingsOf({ options, environment }: Invocation): ResolutionSettings {
  const settings = readResolutionSettings(options, environment);
  if (!flagOption(options, "pipenv")) return settings;
  return { ...settings, engine: "pipenv", asked: { ...settings.asked, engine: "pipenv" } };
}

/** The Python that the user names, else the one that the notebook asks for. */
function pythonOf(file: NotebookFile, settings: ResolutionSettings): string | undefined {
  return settings.pythonVersion ?? statedRequirements(file)?.python;
}

/** The target of a lock; it need not be a Python of this machine. */
export async function lockTarget(file: NotebookFile, settings: ResolutionSettings): Promise<ChosenTarget> {
  const { platform, indexes } = settings;
  const wish = { pythonVersion: pythonOf(file, settings), platform, cacheDirectory: indexes.cacheDirectory };
  if (platform !== undefined) return describeTarget(wish);
  try {
    return await findTarget(wish);
  } catch (error) {
    // A Python that is not here can still be locked for.
    if (
      error instanceof ThothError &&
      error.code === "interpreter-not-found" &&
      wish.pythonVersion !== undefined
    ) {
      return describeTarget(wish);
    }
    throw error;
  }
}

/** The target of an environment on this machine. */
export async function installTarget(
  file: NotebookFile,
  settings: ResolutionSettings,
): Promise<ChosenTarget & { readonly interpreter: Interpreter }> {
  if (settings.platform !== undefined) {
    throw new ThothError("usage", "an environment is made for this machine, so --platform cannot be given", {
      hint: "Use `horus lock --platform` to lock for another machine.",
    });
  }
  return findTarget({
    pythonVersion: pythonOf(file, settings),
    cacheDirectory: settings.indexes.cacheDirectory,
  });
}

/** The lock that the notebook must have. Throws lock-out-of-date. */
export function requiredLock(file: NotebookFile, settings: Pick<ResolutionSettings, "indexes">) {
  const lock = embeddedLock(file.notebook, placesOfUser(settings));
  if (lock !== undefined) return lock;
  throw new ThothError("lock-out-of-date", "the notebook has no lock", {
    hint: `Make one with \`horus lock ${shellWord(file.path)}\`.`,
    details: { path: file.path },
  });
}

export interface InstallNotebookWish {
  readonly lock: NotebookLock["lock"];
  readonly interpreter: Interpreter;
  readonly settings: Pick<ResolutionSettings, "indexes">;
  readonly allowBuild: boolean;
  readonly target?: string | undefined;
  readonly note?: string;
}

export async function installNotebook(invocation: Invocation, wish: InstallNotebookWish): Promise<Installed> {
  const { lock, interpreter, settings, allowBuild, target, note } = wish;
  const session = await openSession(invocation, { settings: settings.indexes, allowBuild });
  try {
    return await installLock(invocation, {
      lock,
      interpreter,
      session,
      allowBuild,
      groups: groupsOf(lock),
      target,
      ...(note === undefined ? {} : { note }),
    });
  } finally {
    await session.close();
  }
}

/** The kernel's own packages belong to every environment of a notebook. */
export function groupsOf({
  defaultGroups = [],
  dependencyGroups = [],
}: NotebookLock["lock"]): readonly string[] {
  return [...new Set([...defaultGroups, ...dependencyGroups.filter((group) => group === KERNEL_GROUP)])];
}

export function askedKernelName({ options }: Invocation): string | undefined {
  return textOption(options, "kernelName");
}

/** Seconds that one cell may take, where that is named. Throws usage. */
export function cellTimeoutOf(options: Invocation["options"]): number | undefined {
  const text = textOption(options, "cellTimeout");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new ThothError("usage", `${quote(text)} is no time in seconds`, { hint: "Write it as 60." });
}
