// `horus versions`: the versions of one package as a notebook's Python and platform see them.

import { packageArgumentOf, tellVersions } from "../../advice/versions.ts";
import type { Handler } from "../../frame/command.ts";
import { embeddedLock } from "../../notebook/embedded-lock.ts";
import { placesOfUser } from "../../notebook/lock-notebook.ts";
import { partFor } from "../../notebook/lock-part.ts";
import { openNotebookProject } from "../../notebook/notebook-project.ts";

export const versionsCommand: Handler = async (invocation) => {
  const name = packageArgumentOf(invocation, 1);
  const { file, settings, input, project } = await openNotebookProject(invocation);
  const lock = embeddedLock(file.notebook, placesOfUser(settings));
  const part = lock && partFor(lock, project.target);
  const locked = part?.packages.find((item) => item.name === name)?.version?.text;
  return tellVersions(invocation, { name, project, settings, places: input.places, locked });
};
