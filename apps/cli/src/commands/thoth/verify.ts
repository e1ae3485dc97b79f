// `thoth verify`: whether a lock is that of the project beside it, and for a Python.

import { type Handler, textOption } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { lockFormatWish } from "../../locks/lock-choice.ts";
import { readLock } from "../../locks/read-lock.ts";
import { verifyLock } from "../../locks/verify-lock.ts";
import { describeTarget } from "../../project/target.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const verifyCommand: Handler = async ({ terminal, options, environment, arguments: [path] }) => {
  const lock = path as string;
  const given = await readLock(lock, environment, lockFormatWish(options));
  const pythonVersion = textOption(options, "pythonVersion");
  const { cacheDirectory } = readIndexSettings(options, environment);
  const { target } = await describeTarget({ pythonVersion, cacheDirectory });
  const python = target.markers.python_full_version;
  const { findings, checked, unknown } = await verifyLock(lock, given, python);
  terminal.document({
    lock,
    format: given.foreign.format,
    python,
    packages: given.foreign.packages.length,
    findings,
    checked,
    unknown,
  });
  terminal.result(
    ...[
      ...findings.map(({ id, justification }) => `${id}: ${justification}`),
      ...checked,
      ...unknown.map((text) => `not known: ${text}`),
    ].map(printable),
  );
  return findings.length === 0 ? 0 : 1;
};
