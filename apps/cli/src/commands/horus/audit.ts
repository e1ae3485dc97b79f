// `horus audit`: what is known against the lock that a notebook carries.

import { tellAudit } from "../../advice/audit.ts";
import type { Handler } from "../../frame/command.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { requiredLock } from "../../notebook/prepare-notebook.ts";
import { openAllAdvisories } from "../../session/known-advisories.ts";
import { readAdvisoryPlaces, readIndexSettings } from "../../settings/resolution-settings.ts";

export const auditCommand: Handler = async (invocation) => {
  const { options, environment } = invocation;
  const path = notebookArgumentOf(invocation);
  const lock = requiredLock(await openNotebook(invocation, path), {
    indexes: readIndexSettings(options, environment),
  });
  const packages = lock.packages.flatMap(({ name, version }) =>
    version === undefined ? [] : [{ name, version }],
  );
  const advisories = await openAllAdvisories(invocation, readAdvisoryPlaces(options));
  return await tellAudit(invocation, { path, packages, advisories });
};
