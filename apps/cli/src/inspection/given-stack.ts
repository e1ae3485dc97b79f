// The stack that a command line asks to inspect: a lock, files of a project, or requirements as they are written.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import { type PackageName, type Pylock, quote, ThothError } from "@thoth/pep";
import { lockGiven } from "../commands/thoth/lock.ts";
import { flagOption, type Invocation, textOption } from "../frame/command.ts";
import { readLock } from "../locks/read-lock.ts";
import { readFileInput } from "../project/file-input.ts";
import { joinInputs, type ProjectInput } from "../project/project-input.ts";
import { readProject } from "../project/read-project.ts";
import { findTarget } from "../project/target.ts";
import type { NamedPlaces } from "../session/index-places.ts";
import { openSession } from "../session/open-session.ts";
import { readResolutionSettings } from "../settings/resolution-settings.ts";

export interface GivenStack {
  readonly lock: Pylock;
  readonly lockDirectory?: string;
  readonly interpreter: Interpreter;
  /** Names that were asked for themselves; of a lock those that no other package of it needs. */
  readonly direct: readonly PackageName[];
  /** The caller closes it. */
  readonly session: IndexSession;
}

/** Throws what reading, resolving and finding an interpreter throw. */
export async function readStack(invocation: Invocation): Promise<GivenStack> {
  const { options, environment } = invocation;
  const words = (invocation.arguments[0] ?? []) as readonly string[];
  const settings = readResolutionSettings(options, environment);
  const { interpreter } = await findTarget({
    pythonVersion: textOption(options, "pythonVersion"),
    cacheDirectory: settings.indexes.cacheDirectory,
  });
  const allowBuild = flagOption(options, "allowBuild");
  const open = (named: NamedPlaces) =>
    openSession(invocation, { settings: settings.indexes, named, allowBuild, builder: interpreter });
  const [first] = words;
  if (words.length === 1 && first !== undefined && isLock(first)) {
    const given = await readLock(first, environment);
    const session = await open(given.places);
    try {
      const lock = await given.load(session, invocation.signal);
      return { lock, lockDirectory: given.folder, interpreter, direct: rootsOf(lock), session };
    } catch (error) {
      await session.close();
      throw error;
    }
  }
  const input = await readWords(invocation, words, settings.constraints);
  const { locked } = await lockGiven(invocation, settings, { input });
  const direct = input.requirements.map(({ requirement }) => requirement.name);
  return {
    lock: locked.pylock,
    interpreter,
    direct: [...new Set(direct)],
    session: await open(input.places),
  };
}

export function isLock(word: string): boolean {
  return /^pylock(\.[^.]+)?\.toml$/.test(basename(word));
}

/** Requirements as they are written, and files of a project. Throws usage, and what reading throws. */
export async function readWords(
  { environment, documents, options }: Invocation,
  words: readonly string[],
  constraints: readonly string[],
): Promise<ProjectInput> {
  const files = words.filter((word) => word === "-" || existsSync(word));
  const texts = words.filter((word) => !files.includes(word));
  const lost = texts.find((word) => /[/\\]|\.(?:txt|in|toml|py|ipynb)$/.test(word) && !word.includes("@"));
  if (lost !== undefined) throw new ThothError("usage", `${quote(lost)} does not exist`);
  const written = readFileInput({ text: `${texts.join("\n")}\n`, name: "the command line", environment });
  if (files.length === 0 && texts.length > 0) return written;
  const dev = flagOption(options, "dev");
  const read = await readProject({ files, constraints, dev, environment, documents });
  return joinInputs([read, written]);
}

/** Packages that no other package of the lock needs; all where it does not tell what needs what. */
export function rootsOf({ packages }: Pylock): readonly PackageName[] {
  const needed = new Set(
    packages.flatMap(({ dependencies = [] }) => dependencies.map(({ name }) => name as string)),
  );
  return packages.map(({ name }) => name).filter((name) => !needed.has(name));
}
