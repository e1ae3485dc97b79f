// `thoth versions`: the versions of one package as a Python and a platform see them.

import { packageArgumentOf, tellVersions } from "../../advice/versions.ts";
import { projectOf } from "../../engines/thoth-engine.ts";
import type { Handler } from "../../frame/command.ts";
import { EMPTY_INPUT } from "../../project/project-input.ts";
import { readConstraintFiles, readProject } from "../../project/read-project.ts";
import { describeTarget } from "../../project/target.ts";
import { readResolutionSettings } from "../../settings/resolution-settings.ts";

export const versionsCommand: Handler = async (invocation) => {
  const { options, environment, documents } = invocation;
  const name = packageArgumentOf(invocation, 0);
  const files = (invocation.arguments[1] ?? []) as readonly string[];
  const settings = readResolutionSettings(options, environment);
  const { constraints, pythonVersion, platform, indexes } = settings;
  const wish = { files, constraints, environment, documents };
  const input =
    files.length === 0
      ? { ...EMPTY_INPUT, constraints: await readConstraintFiles(wish) }
      : await readProject(wish);
  const target = await describeTarget({ pythonVersion, platform, cacheDirectory: indexes.cacheDirectory });
  const project = projectOf({ settings, input, target });
  return tellVersions(invocation, { name, project, settings, places: input.places, locked: undefined });
};
