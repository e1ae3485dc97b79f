// What the files of a command line ask for.

import { flagOption, type Invocation, listOption } from "../../frame/command.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { readProject } from "../../project/read-project.ts";
import type { ResolutionSettings } from "../../settings/resolution-settings.ts";

export async function readInput(
  { terminal, options, environment, documents }: Invocation,
  { constraints }: ResolutionSettings,
  files: readonly string[],
): Promise<ProjectInput> {
  return terminal.phase("read project", async (phase) => {
    const read = await readProject({
      files,
      constraints,
      extras: flagOption(options, "allExtras") ? "all" : listOption(options, "extra"),
      groups: listOption(options, "group"),
      dev: flagOption(options, "dev"),
      environment,
      documents,
    });
    phase.set({ requirements: read.requirements.length, constraints: read.constraints.length });
    return read;
  });
}
