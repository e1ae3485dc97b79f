// All commands: what they take and where their code is.

import type { ProgramSpec } from "../frame/command.ts";
import { changeCommands } from "./horus/change-commands.ts";
import { environmentCommands } from "./horus/environment-commands.ts";
import { readCommands } from "./horus/read-commands.ts";
import { sharedCommands } from "./shared-commands.ts";
import { projectCommands } from "./thoth/project-commands.ts";
import { remoteCommands } from "./thoth/remote-commands.ts";
import { serviceCommands } from "./thoth/service-commands.ts";

export const catalogue: Readonly<Record<"thoth" | "horus", ProgramSpec>> = {
  thoth: {
    name: "thoth",
    summary: "Locks, advises on and installs the Python packages of a project.",
    commands: [
      ...projectCommands,
      ...remoteCommands,
      ...serviceCommands,
      ...sharedCommands("thoth", () => catalogue.thoth),
    ],
  },
  horus: {
    name: "horus",
    summary: "Makes a notebook carry the packages that it needs, and runs it with them.",
    commands: [
      ...environmentCommands,
      ...changeCommands,
      ...readCommands,
      ...sharedCommands("horus", () => catalogue.horus),
    ],
  },
};
