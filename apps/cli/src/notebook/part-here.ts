// What of a notebook's lock is for the Python that the notebook would have on this machine.

import { type Pylock, ThothError } from "@thoth/pep";
import type { ChosenTarget } from "../project/target.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { isOfSeveral, partFor } from "./lock-part.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { installTarget } from "./prepare-notebook.ts";

/** Of the Python that the notebook would have here. */
export async function partHere(
  file: NotebookFile,
  lock: Pylock,
  settings: ResolutionSettings,
): Promise<Pylock> {
  if (!isOfSeveral(lock)) return lock;
  return partFor(lock, (await targetHere(file, settings))?.target);
}

/** Undefined where this machine has no such Python. */
export async function targetHere(
  file: NotebookFile,
  settings: ResolutionSettings,
): Promise<ChosenTarget | undefined> {
  try {
    return await installTarget(file, settings);
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}
