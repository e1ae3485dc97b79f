// The packages of a project: advice on them where it is wished, the origin of its lock, and their installation.

import { join } from "node:path";
import { evaluateMarker, type Pylock, parsePylock, quote, ThothError } from "@thoth/pep";
import { type LockChoice, readLockChoice } from "../locks/lock-choice.ts";
import { formOfFile } from "../locks/lock-forms.ts";
import { type GivenLock, readLock } from "../locks/read-lock.ts";
import { openSession } from "../session/open-session.ts";
import { stepOf } from "./builder.ts";
import type { ProjectFiles } from "./project-files.ts";
import { backUp, install, interpreterOf, settingsOf, type Work, withFallback } from "./step.ts";

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
  const { switches, invocation, builder } = work;
  const { lock, requirements } = files;
  if (lock === undefined && requirements === undefined) return await installed(work, undefined);
  if (requirements === undefined || !isAdvised(work, lock)) {
    if (switches.advise === "always")
      invocation.terminal.entry("advice", `none: ${lock} is a lock, and nothing says what it was made from`);
    if (lock === undefined) throw unlocked(requirements ?? "");
    await checkOrigin(work, lock);
    return await installed(work, lock);
  }
  const about = { subject: requirements, hasLock: lock !== undefined };
  if (switches.dryRun) {
    if (lock === undefined) throw unlocked(requirements);
    await withFallback(work, await backUp(join(builder.home, lock), about), {
      advised: () => advise(work, requirements, undefined),
      again: async () => undefined,
    });
    return await installed(work, lock);
  }
  const target = writtenLock(lock);
  return await withFallback(work, await backUp(join(builder.home, target), about), {
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
  const choice = readLockChoice(options, given.foreign);
  const [groups, extras] = [[...choice.groups], [...choice.extras]];
  const wish = { lock: await loaded(work, given, choice), groups, extras, places: given.places, note: lock };
  return resultOf(await install(work, wish));
}

/** The lock, or what of it is needed here: no index is asked for the rest. */
async function loaded(work: Work, given: GivenLock, { groups, extras }: LockChoice): Promise<Pylock> {
  const { invocation } = work;
  const { targetOf } = await import("@thoth/environment");
  const { markers } = targetOf(await interpreterOf(work));
  const settings = settingsOf(work);
  const session = await openSession(invocation, { settings, named: given.places, allowBuild: false });
  try {
    return await given.load(
      session,
      invocation.signal,
      ({ marker }) => marker === undefined || evaluateMarker(marker, markers, extras, groups),
    );
  } finally {
    await session.close();
  }
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
