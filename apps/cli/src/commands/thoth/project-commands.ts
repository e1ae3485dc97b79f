// The commands of `thoth` on a project.

import type { CommandSpec } from "../../frame/command.ts";
import { indexOptions, pythonOption, resolutionOptions } from "../../settings/shared-options.ts";

export const projectCommands: readonly CommandSpec[] = [
  {
    name: "lock",
    summary: "resolve a project and print or write a lock with hashes",
    arguments: [
      {
        name: "[file...]",
        description: "requirements.txt, .in, Pipfile, pyproject.toml, a script, a notebook; - reads stdin",
      },
    ],
    options: [
      { flags: "-o, --output <file>", description: "write the lock there instead of printing it" },
      {
        flags: "--format <format>",
        description: "the form of the lock",
        choices: ["pylock", "requirements", "pipfile-lock", "json"],
      },
      { flags: "--extra <name>", description: "an extra of pyproject.toml to include", repeatable: true },
      { flags: "--all-extras", description: "include every extra of pyproject.toml" },
      { flags: "--group <name>", description: "a dependency group to include", repeatable: true },
      { flags: "--dev", description: "include the packages for development" },
      ...resolutionOptions,
    ],
    examples: [
      ["lock requirements.in -o pylock.toml", "write a lock"],
      ["lock --format requirements --python-version 3.12 --platform linux", "for another machine"],
    ],
    load: async () => (await import("./lock.ts")).lockCommand,
  },
  {
    name: "install",
    summary: "install exactly what a lock says, every hash checked, all or nothing",
    arguments: [{ name: "<lock>", description: "pylock.toml, or requirements.txt with hashes" }],
    options: [
      {
        flags: "-t, --target <folder>",
        description: "into this folder instead of an environment of its own",
      },
      { flags: "--group <name>", description: "a dependency group to include", repeatable: true },
      { flags: "--extra <name>", description: "an extra to include", repeatable: true },
      pythonOption,
      ...indexOptions,
      { flags: "--allow-build", description: "build source distributions", variable: "THOTH_ALLOW_BUILD" },
    ],
    examples: [
      ["install pylock.toml", "into an environment that equal locks share"],
      ["install pylock.toml --target vendor", "into a folder"],
    ],
    load: async () => (await import("./install.ts")).installCommand,
  },
];
