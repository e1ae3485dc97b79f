// A lock becomes an environment; what happens meanwhile is told.

import type { Environment, EnvironmentEvent, Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import type { Pylock } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds, plural } from "../frame/printable.ts";
import type { Stage } from "../frame/stage.ts";
import { environmentsFolder } from "../settings/directories.ts";

export interface InstallWish {
  readonly lock: Pylock;
  readonly interpreter: Interpreter;
  readonly session: IndexSession;
  readonly allowBuild: boolean;
  readonly groups?: readonly string[] | undefined;
  readonly extras?: readonly string[] | undefined;
  /** Into this folder instead of an environment. */
  readonly target?: string | undefined;
  readonly lockDirectory?: string | undefined;
  /** Of the step, such as `install`. */
  readonly label?: string;
  /** Added to the last words of the step. */
  readonly note?: string;
  /** Say nothing when the environment was there already. */
  readonly quietReuse?: boolean;
}

export interface Installed {
  readonly environment: Environment;
  readonly seconds: number;
}

export async function installLock(invocation: Invocation, wish: InstallWish): Promise<Installed> {
  const { createEnvironment } = await import("@thoth/environment");
  const { terminal, signal, environment: variables } = invocation;
  const stage = terminal.stage(wish.label ?? "install");
  const { lock, interpreter, session, allowBuild, groups, extras, target, lockDirectory } = wish;
  try {
    const environment = await createEnvironment({
      lock,
      groups,
      extras,
      interpreter,
      session,
      root: environmentsFolder(variables),
      target,
      lockDirectory,
      allowBuild,
      report: (event) => tell(stage, event, (message) => terminal.warn(message)),
      signal,
    });
    const { seconds } = stage;
    stage.end(lastWords(environment, wish, seconds));
    return { environment, seconds };
  } catch (error) {
    stage.end();
    throw error;
  }
}

function tell(stage: Stage, event: EnvironmentEvent, warn: (message: string) => void): void {
  switch (event.kind) {
    case "waiting":
      stage.update(0, 0, "waiting for another process that makes the same environment");
      return;
    case "reused":
      return;
    case "downloading":
      stage.update(event.done, event.total, `${event.done} of ${event.total} · ${shortName(event.filename)}`);
      return;
    case "building":
      stage.update(0, 0, `building ${event.filename}`);
      return;
    case "installing":
      stage.update(0, 0, `${plural(event.total, "package")} with ${event.program}`);
      return;
    case "warning":
      warn(event.message);
      return;
    default:
      event satisfies never;
  }
}

/** `numpy 2.4.6` of a wheel's name, whose tags help nobody who watches. */
function shortName(filename: string): string {
  return filename.endsWith(".whl") ? filename.split("-", 2).join(" ") : filename;
}

function lastWords(
  { created, packages }: Environment,
  { note, quietReuse, target }: InstallWish,
  seconds: number,
): string | undefined {
  if (!created && quietReuse === true) return undefined;
  const what = created
    ? `${plural(packages.length, "package")} in ${formatSeconds(seconds)}`
    : `${target === undefined ? "environment" : "folder"} ready: ${plural(packages.length, "package")}`;
  return note === undefined ? what : `${what} · ${note}`;
}
