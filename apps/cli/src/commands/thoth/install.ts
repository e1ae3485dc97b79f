// `thoth install`: exactly what a lock says, every hash checked, all or nothing.

import { resolve } from "node:path";
import { evaluateMarker } from "@thoth/pep";
import { flagOption, type Handler, textOption } from "../../frame/command.ts";
import { formatSeconds, plural } from "../../frame/printable.ts";
import { installLock } from "../../locks/install-lock.ts";
import { lockFormatWish, readLockChoice } from "../../locks/lock-choice.ts";
import { readLock } from "../../locks/read-lock.ts";
import { mustBeVerified } from "../../locks/verify-lock.ts";
import { findTarget } from "../../project/target.ts";
import { openSession } from "../../session/open-session.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const installCommand: Handler = async (invocation) => {
  const { terminal, options, environment: variables, signal } = invocation;
  const path = invocation.arguments[0] as string;
  const settings = readIndexSettings(options, variables);
  const given = await readLock(path, variables, lockFormatWish(options));
  const { groups, extras } = readLockChoice(options, given.foreign);
  const { interpreter, target } = await findTarget({
    pythonVersion: textOption(options, "pythonVersion"),
    cacheDirectory: settings.cacheDirectory,
  });
  for (const warning of given.foreign.warnings) terminal.warn(warning);
  if (flagOption(options, "deploy")) await mustBeVerified(path, given, interpreter.version);
  const allowBuild = flagOption(options, "allowBuild");
  const folder = textOption(options, "target");
  const session = await openSession(invocation, { settings, named: given.places, allowBuild });
  try {
    const lock = await given.load(session, signal, ({ marker }) => {
      return marker === undefined || evaluateMarker(marker, target.markers, extras, groups);
    });
    const { environment, seconds } = await installLock(invocation, {
      lock,
      interpreter,
      session,
      allowBuild,
      groups: [...groups],
      extras: [...extras],
      ...(folder === undefined ? {} : { target: resolve(folder) }),
      lockDirectory: given.folder,
    });
    const { packages, python, created } = environment;
    terminal.document({
      ...(folder === undefined ? { environment: environment.path } : { target: environment.path }),
      python,
      packages,
      reused: !created,
      seconds,
    });
    terminal.result(environment.path);
    terminal.trace(`${plural(packages.length, "package")} for ${python} in ${formatSeconds(seconds)}`);
    return 0;
  } finally {
    await session.close();
  }
};
