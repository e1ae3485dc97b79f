// `thoth audit`: what is known against a lock.

import { tellAudit } from "../../advice/audit.ts";
import type { Handler } from "../../frame/command.ts";
import { readLock } from "../../locks/read-lock.ts";
import { openAllAdvisories } from "../../session/known-advisories.ts";
import { readAdvisoryPlaces } from "../../settings/resolution-settings.ts";

export const auditCommand: Handler = async (invocation) => {
  const path = (invocation.arguments[0] ?? "pylock.toml") as string;
  const { versions } = await readLock(path, invocation.environment);
  const advisories = await openAllAdvisories(invocation, readAdvisoryPlaces(invocation.options));
  return await tellAudit(invocation, { path, packages: versions, advisories });
};
