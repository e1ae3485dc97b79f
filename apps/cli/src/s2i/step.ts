// What the steps of a build share: how a lock is installed, and what happens where advice fails.

import { readFile, rm, writeFile } from "node:fs/promises";
import type { Environment, Interpreter } from "@thoth/environment";
import { type Pylock, quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { installLock } from "../locks/install-lock.ts";
import { findTarget, minorOf } from "../project/target.ts";
import type { NamedPlaces } from "../session/index-places.ts";
import { openSession } from "../session/open-session.ts";
import { type IndexSettings, readIndexSettings } from "../settings/resolution-settings.ts";
import type { Builder } from "./builder.ts";
import type { Switches } from "./switches.ts";

export interface Work {
  readonly builder: Builder;
  readonly switches: Switches;
  /** Of the steps: in the home, with what the variables say as options. */
  readonly invocation: Invocation;
}

export interface InstallWish {
  readonly lock: Pylock;
  readonly groups?: readonly string[];
  readonly extras?: readonly string[];
  readonly places?: NamedPlaces;
  readonly label?: string;
  readonly note?: string;
}

export function settingsOf({ invocation }: Work): IndexSettings {
  return readIndexSettings(invocation.options, invocation.environment);
}

/** The builder's own Python. */
export async function interpreterOf(work: Work): Promise<Interpreter> {
  const { cacheDirectory } = settingsOf(work);
  return (await findTarget({ cacheDirectory })).interpreter;
}

/** An environment below the builder's root. */
export async function install(work: Work, wish: InstallWish): Promise<Environment> {
  const { builder, invocation } = work;
  const { options, environment: variables } = invocation;
  const allowBuild = options["allowBuild"] === true;
  const { places, ...rest } = wish;
  const interpreter = await interpreterOf(work);
  const session = await openSession(invocation, {
    settings: settingsOf(work),
    allowBuild,
    ...(places === undefined ? {} : { named: places }),
  });
  try {
    const inside = { ...invocation, environment: { ...variables, THOTH_DATA_DIR: builder.root } };
    const { environment } = await installLock(inside, {
      ...rest,
      ...{ interpreter, session, allowBuild, lockDirectory: builder.home },
    });
    return environment;
  } catch (error) {
    throw error instanceof ThothError && error.code === "no-matching-artifact"
      ? elsewhere(error, interpreter.version)
      : error;
  } finally {
    await session.close();
  }
}

/** A lock for another Python is mended by another builder too. */
function elsewhere(error: ThothError, version: string): ThothError {
  const hint = `This builder has Python ${version}: build upon one with the Python of the lock, or lock again with --python-version ${minorOf(version)}.`;
  return new ThothError(error.code, error.message, { hint, details: error.details, cause: error });
}

export interface Backup {
  /** What is tried on, such as `analysis.ipynb`. */
  readonly subject: string;
  /** Whether the repository had a lock that can be installed. */
  readonly hasLock: boolean;
  /** Makes the file that advice writes what it was. */
  readonly restore: () => Promise<void>;
}

/** Of a file that may not be there, before anything is written to it. */
export async function backUp(path: string, about: Omit<Backup, "restore">): Promise<Backup> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const restore = () => (bytes === undefined ? rm(path, { force: true }) : writeFile(path, bytes));
  return { ...about, restore };
}

/**
 * What advice leads to, or with THOTH_ERROR_FALLBACK=1 what the repository had before: the file is then as it was. `again`
 * installs that.
 */
export async function withFallback<T>(
  { switches, invocation }: Work,
  backup: Backup,
  { advised, again }: { readonly advised: () => Promise<T>; readonly again: () => Promise<T> },
): Promise<T> {
  try {
    return await advised();
  } catch (error) {
    if (!(error instanceof ThothError) || error.code === "interrupted" || error.code === "internal")
      throw error;
    if (!switches.errorFallback || !backup.hasLock) throw withWayOut(error, backup);
    await backup.restore();
    const { terminal } = invocation;
    terminal.warn(`advice on ${backup.subject} failed (${error.code}): ${error.message}`);
    if (error.hint !== undefined) terminal.note(error.hint);
    terminal.warn("THOTH_ERROR_FALLBACK=1: the lock of the repository is installed as it was");
    return await again();
  }
}

function withWayOut(error: ThothError, { hasLock, subject }: Omit<Backup, "restore">): ThothError {
  const more = hasLock
    ? "With THOTH_ERROR_FALLBACK=1 the lock of the repository is installed where advice fails, and with THOTH_ADVISE=0 always."
    : `There is no lock of ${quote(subject)} to fall back on.`;
  const hint = error.hint === undefined ? more : `${error.hint} ${more}`;
  return new ThothError(error.code, error.message, { hint, details: error.details, cause: error });
}
