// Which environments a notebook is locked for: those that are named, else those of its lock, and this machine where it is
// not among them.

import { environmentName, environmentNames, type Pylock, ThothError } from "@thoth/pep";
import type { ChosenTarget } from "../project/target.ts";
import {
  describeEnvironments,
  type NamedEnvironment,
  withEnvironment,
} from "../project/target-environments.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { adviceOf } from "./embedded-lock.ts";
import { fitsTarget } from "./lock-part.ts";
import { textsIn } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";

export interface EnvironmentsWish {
  /** As they were named; empty: nobody named any. */
  readonly asked: readonly string[];
  readonly target: ChosenTarget;
  readonly settings: ResolutionSettings;
  /** The lock that the notebook carries. */
  readonly old: Pylock | undefined;
  /** That lock answers what is asked now, wherever it is for. */
  readonly isCurrent: boolean;
}

export interface Wanted {
  readonly environments: readonly NamedEnvironment[];
  /** The lock is to say that it was made for these. */
  readonly isShared: boolean;
  /** Its versions are preferred. */
  readonly keep: Pylock | undefined;
}

/** Undefined: this one alone, and no other lock is minded. Throws usage. */
export async function wantedEnvironments(
  file: NotebookFile,
  wish: EnvironmentsWish,
): Promise<Wanted | undefined> {
  const { asked, target, settings, old, isCurrent } = wish;
  const keep = isCurrent ? old : undefined;
  if (asked.length > 0) {
    mustBeOurs(settings);
    return { environments: await describe(asked, wish), isShared: true, keep };
  }
  // Whoever names a Python or a platform asks for these alone, and for what is the greatest there.
  if (settings.pythonVersion !== undefined || settings.platform !== undefined || settings.engine !== "thoth")
    return undefined;
  const names = environmentsIn(file, old);
  const here = environmentHere(target);
  const isMoved = keep !== undefined && !fitsTarget(keep, target);
  if (names.length === 0 || (isMoved && names.includes(here.name)))
    return isMoved ? { environments: [here], isShared: false, keep } : undefined;
  const environments = await describe(names, wish);
  const isAmong = environments.some(({ name }) => name === here.name);
  return { environments: isAmong ? environments : withEnvironment(environments, here), isShared: true, keep };
}

function describe(
  names: readonly string[],
  { target, settings }: EnvironmentsWish,
): Promise<readonly NamedEnvironment[]> {
  return describeEnvironments(names, {
    pythonVersion: target.python,
    cacheDirectory: settings.indexes.cacheDirectory,
  });
}

/** Those that a lock was made for. */
export function environmentsIn({ notebook }: NotebookFile, lock: Pylock | undefined): readonly string[] {
  if (lock === undefined) return [];
  const told = textsIn(adviceOf(notebook), "environments");
  if (told.length > 0) return told;
  const names = environmentNames(lock) ?? [];
  return names.length > 1 ? names : [];
}

export function environmentHere(target: ChosenTarget): NamedEnvironment {
  const name = environmentName(target.target.markers);
  return { name, words: "this machine", target };
}

function mustBeOurs({ engine, platform }: ResolutionSettings): void {
  if (engine !== "thoth")
    throw new ThothError("usage", `the engine ${engine} and --environment do not go together`, {
      hint: "Only Thoth's own engine locks for several environments.",
    });
  if (platform !== undefined)
    throw new ThothError("usage", "--platform and --environment do not go together", {
      hint: "Name the platform with another --environment.",
    });
}
