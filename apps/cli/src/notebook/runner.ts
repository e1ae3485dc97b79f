// The environment from which notebooks are executed: Jupyter's nbclient and what it needs, locked once by our own
// resolver and shared by all notebooks of a Python, or for an old one by a newer Python. It never mixes with a notebook's own packages.

import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment, Interpreter } from "@thoth/environment";
import { formatPylock, type Pylock, parsePylock, parseRequirement, ThothError } from "@thoth/pep";
import { lockWithThoth } from "../engines/thoth-engine.ts";
import { replaceFile } from "../files/replace-file.ts";
import type { Invocation } from "../frame/command.ts";
import { installLock } from "../locks/install-lock.ts";
import { EMPTY_INPUT } from "../project/project-input.ts";
import { minorOf } from "../project/target.ts";
import { openSession } from "../session/open-session.ts";
import { now } from "../settings/as-of.ts";
import { dataDirectory } from "../settings/directories.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";

const RUNNER_PACKAGES = ["nbclient"];

export interface RunnerWish {
  readonly interpreter: Interpreter;
  readonly settings: ResolutionSettings;
}

export async function runnerEnvironment(invocation: Invocation, asked: RunnerWish): Promise<Environment> {
  const interpreter = await runnersOwn(asked);
  const wish = { ...asked, interpreter };
  const path = lockPath(invocation, interpreter);
  const kept = await keptLock(path);
  if (kept !== undefined) {
    try {
      return await install(invocation, wish, kept);
    } catch (error) {
      // A kept lock may not fit any more, such as after the index was changed: a new one is made once.
      if (!(error instanceof ThothError) || error.code === "interrupted") throw error;
      invocation.terminal.trace(`the kept lock of the runner is not used: ${error.message}`);
    }
  }
  const lock = await resolveRunner(invocation, wish);
  const environment = await install(invocation, wish, lock);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, formatPylock(lock));
  return environment;
}

/** What nbclient can do is not known to its releases for older Pythons; the kernel has the notebook's own all the same. */
const OLDEST_MINOR = 7;

async function runnersOwn({ interpreter, settings }: RunnerWish): Promise<Interpreter> {
  const [major, minor] = interpreter.version.split(".").map(Number);
  if (major !== 3 || (minor as number) >= OLDEST_MINOR) return interpreter;
  const { selectInterpreter } = await import("@thoth/environment");
  const { cacheDirectory } = settings.indexes;
  return selectInterpreter({ pythonVersion: `>=3.${OLDEST_MINOR}` }, { cacheDirectory });
}

function lockPath({ environment }: Invocation, { version, implementation, platform }: Interpreter): string {
  const name = `${implementation}-${minorOf(version)}-${platform}`.replace(/[^A-Za-z0-9._-]/g, "_");
  return join(dataDirectory(environment), "runner", `${name}.toml`);
}

async function keptLock(path: string): Promise<Pylock | undefined> {
  try {
    return parsePylock(await readFile(path, "utf8"));
  } catch {
    // A missing or damaged file is made anew.
    return undefined;
  }
}

async function resolveRunner(invocation: Invocation, { interpreter, settings }: RunnerWish): Promise<Pylock> {
  const { targetOf } = await import("@thoth/environment");
  const moment = now();
  const requirements = RUNNER_PACKAGES.map((text) => ({
    requirement: parseRequirement(text),
    group: "default",
    source: "the runner",
  }));
  const locked = await lockWithThoth(invocation, {
    settings: {
      ...settings,
      asOf: moment,
      policy: {
        ...settings.policy,
        asOf: moment.seconds,
        asOfStrict: false,
        prerelease: "if-necessary",
        resolution: "highest",
        allowBuild: false,
        recommendationType: "latest",
        objective: undefined,
      },
    },
    input: { ...EMPTY_INPUT, requirements },
    target: {
      target: targetOf(interpreter),
      interpreter,
      python: minorOf(interpreter.version),
      platform: interpreter.platform,
    },
    subject: "what runs notebooks",
    label: "runner",
  });
  return locked.pylock;
}

async function install(
  invocation: Invocation,
  { interpreter, settings }: RunnerWish,
  lock: Pylock,
): Promise<Environment> {
  const session = await openSession(invocation, { settings: settings.indexes, allowBuild: false });
  try {
    const wish = { lock, interpreter, session, allowBuild: false, label: "runner", quietReuse: true };
    return (await installLock(invocation, wish)).environment;
  } finally {
    await session.close();
  }
}
