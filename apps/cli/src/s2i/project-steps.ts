// The packages of a project: advice on them where it is wished, the origin of its lock, and their installation.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Pylock, parsePylock, quote, ThothError } from "@thoth/pep";
import { readLockChoice } from "../locks/lock-choice.ts";
import { formOfFile } from "../locks/lock-forms.ts";
import { readLock } from "../locks/read-lock.ts";
import { stepOf } from "./builder.ts";
import type { ProjectFiles } from "./project-files.ts";
import { type Backup, install, type Work, withFallback } from "./step.ts";

export interface AssembledProject {
  /** Relative to the root. */
  readonly path: string;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

const NOTHING: Pylock = parsePylock('lock-version = "1.0"\ncreated-by = "thoth"\npackages = []\n');
/** That the check of the origin reads. */
const CHECKED = /(?:\.toml|requirements\.txt|Pipfile\.lock)$/;

/** Throws lock-out-of-date where nothing is locked and nobody wishes advice. */
export async function assembleProject(work: Work, files: ProjectFiles): Promise<AssembledProject> {
  const { switches, invocation } = work;
  const { lock, requirements } = files;
  const advises = requirements !== undefined && isAdvised(work, lock);
  if (lock === undefined && requirements === undefined) return await installed(work, undefined);
  if (switches.advise === "always" && requirements === undefined)
    invocation.terminal.entry("advice", `none: ${lock} is a lock, and nothing says what it was made from`);
  if (!advises) {
    if (lock === undefined) throw unlocked(requirements ?? "");
    if (switches.dryRun && requirements !== undefined) await tryAdvice(work, requirements);
    await checkOrigin(work, lock);
    return await installed(work, lock);
  }
  if (switches.dryRun) {
    await tryAdvice(work, requirements);
    if (lock === undefined) throw unlocked(requirements);
    return await installed(work, lock);
  }
  const target = writtenLock(lock);
  const path = join(work.builder.home, target);
  const bytes = lock === target ? await readFile(path) : undefined;
  const backup: Backup = { subject: requirements, path, bytes, hasLock: lock !== undefined };
  return await withFallback(work, backup, {
    advised: async () => {
      await advise(work, requirements, target);
      return await installed(work, target);
    },
    again: () => installed(work, lock),
  });
}

function isAdvised({ switches }: Work, lock: string | undefined): boolean {
  return switches.advise === "always" || (switches.advise === "missing" && lock === undefined);
}

/** The lock that advice writes: the one that is there, if it has a form that can be written. */
function writtenLock(lock: string | undefined): string {
  const form = lock === undefined || /\b(?:uv|poetry|pdm)\.lock$/.test(lock) ? undefined : formOfFile(lock);
  return lock === undefined || form === undefined || form === "json" ? "pylock.toml" : lock;
}

/** With a dry run nothing of it counts but that it failed. */
async function tryAdvice(work: Work, requirements: string): Promise<void> {
  if (work.switches.advise !== "always") return;
  const backup = { subject: requirements, path: "", bytes: undefined, hasLock: true };
  await withFallback(
    work,
    { ...backup, path: join(work.builder.home, ".none") },
    {
      advised: () => advise(work, requirements, undefined),
      again: async () => undefined,
    },
  );
}

async function advise(work: Work, requirements: string, output: string | undefined): Promise<void> {
  const { adviseCommand } = await import("../commands/thoth/advise.ts");
  const { invocation, switches } = work;
  const byService = invocation.options["service"] !== undefined;
  const options = {
    ...invocation.options,
    count: "1",
    ...(output === undefined ? {} : { output }),
    ...(output === undefined && byService ? { wait: false } : {}),
    ...(switches.dev ? { dev: true } : {}),
  };
  await adviseCommand(stepOf(invocation, { arguments: [[requirements]], options }));
}

/** Throws hash-mismatch where a file is not from where the lock says. */
export async function checkOrigin(
  { switches, invocation }: Work,
  lock: string,
  subject = lock,
): Promise<void> {
  if (!switches.provenanceCheck) return;
  if (!CHECKED.test(lock)) {
    invocation.terminal.entry("origin", `of ${lock} not checked; every file is compared with its hash`);
    return;
  }
  const { provenanceCommand } = await import("../commands/thoth/provenance-check.ts");
  const status = await provenanceCommand(stepOf(invocation, { arguments: [lock] }));
  if (status === 0) return;
  throw new ThothError("hash-mismatch", `what is locked in ${quote(subject)} is not where the lock says`, {
    hint: "Lock again with `thoth lock`, or set THOTH_PROVENANCE_CHECK=0 if you know why.",
    details: { lock: subject },
  });
}

async function installed(work: Work, lock: string | undefined): Promise<AssembledProject> {
  const { switches, builder, invocation } = work;
  if (lock === undefined) return resultOf(await install(work, { lock: NOTHING }));
  const path = join(builder.home, lock);
  const given = await readLock(path, invocation.environment);
  for (const warning of given.foreign.warnings) invocation.terminal.warn(warning);
  // A lock of the standard says itself what an installation takes; of others a deployment leaves the development out.
  const isOwn = given.foreign.format === "pylock" || switches.dev;
  const hasDev = (given.foreign.dependencyGroups ?? []).includes("dev");
  const options = { defaultGroups: isOwn, dev: switches.dev && hasDev };
  const { groups, extras } = readLockChoice(options, given.foreign);
  const { openSession } = await import("../session/open-session.ts");
  const { settingsOf } = await import("./step.ts");
  const session = await openSession(invocation, {
    settings: settingsOf(work),
    named: given.places,
    allowBuild: false,
  });
  let loaded: Pylock;
  try {
    loaded = await given.load(session, invocation.signal);
  } finally {
    await session.close();
  }
  const wish = { lock: loaded, groups: [...groups], extras: [...extras], places: given.places, note: lock };
  return resultOf(await install(work, wish));
}

function resultOf({ path, packages }: Awaited<ReturnType<typeof install>>): AssembledProject {
  return { path: `environments/${path.slice(path.lastIndexOf("/") + 1)}`, packages };
}

function unlocked(requirements: string): ThothError {
  return new ThothError("lock-out-of-date", `${quote(requirements)} has no lock`, {
    hint: `Make one with \`thoth lock ${requirements} -o pylock.toml\` and commit it, or build with THOTH_ADVISE=1.`,
    details: { requirements },
  });
}
