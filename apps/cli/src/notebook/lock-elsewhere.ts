// The lock of a notebook that is for other machines, made for this one: its versions are preferred, and what differs is told.
// The notebook stays as it is.

import type { MovedPackage } from "@thoth/adviser";
import { libraryUsage, notebookUsage } from "@thoth/notebook";
import { environmentNames, type Pylock } from "@thoth/pep";
import { tellMoved } from "../engines/moved.ts";
import type { Invocation } from "../frame/command.ts";
import { plural, shellWord } from "../frame/printable.ts";
import type { ChosenTarget } from "../project/target.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { notebookInput } from "./lock-notebook.ts";
import { fitsTarget } from "./lock-part.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { readableRequirements } from "./notebook-requirements.ts";
import { environmentHere } from "./wanted-environments.ts";

export interface ElsewhereWish {
  readonly lock: Pylock;
  readonly target: ChosenTarget;
  readonly settings: ResolutionSettings;
}

export interface LockHere {
  readonly lock: Pylock;
  /** Absent where the notebook's own lock is for this machine. */
  readonly moved?: readonly MovedPackage[];
}

/** Throws what a resolution throws. */
export async function lockForHere(
  invocation: Invocation,
  file: NotebookFile,
  { lock, target, settings }: ElsewhereWish,
): Promise<LockHere> {
  if (fitsTarget(lock, target)) return { lock };
  const { terminal } = invocation;
  const here = environmentHere(target);
  const names = environmentNames(lock) ?? [];
  const others = names.length === 0 ? "other environments" : names.join(", ");
  terminal.entry(
    "lock",
    `the notebook's is for ${others}: one for ${here.name} is made, as near to it as can be`,
  );
  const { lockTogether } = await import("../engines/joint-engine.ts");
  const requirements = readableRequirements(invocation, file, target.python);
  const locked = await lockTogether(
    invocation,
    {
      settings,
      input: await notebookInput(invocation, requirements, settings),
      subject: "the notebook's requirements",
      keep: lock,
      libraryUsage: () => libraryUsage(file.notebook),
      usage: () => notebookUsage(file.notebook),
    },
    [here],
  );
  for (const warning of locked.warnings) terminal.warn(warning);
  const { moved = [], pylock } = locked;
  tellMoved(terminal, moved);
  const how =
    moved.length === 0
      ? "every version is that of the notebook"
      : `${plural(moved.length, "package")} differ`;
  terminal.entry("lock", `${how}; \`horus lock ${shellWord(file.path)}\` adds this machine to the notebook`);
  return { lock: pylock, moved };
}
