// The commands of `thoth` on the lock of whatever program.

import type { ArgumentSpec, CommandSpec, OptionSpec } from "../../frame/command.ts";
import { indexOptions, pythonOption } from "../../settings/shared-options.ts";

const lockArgument: ArgumentSpec = {
  name: "<lock>",
  description: "pylock.toml, requirements.txt with hashes, Pipfile.lock, poetry.lock, uv.lock, pdm.lock",
};

const lockFormatOption: OptionSpec = {
  flags: "--lock-format <format>",
  description: "of the lock, where neither its name nor its content tells",
  choices: ["pylock", "requirements", "pipfile-lock", "poetry", "uv", "pdm"],
};

const lockChoiceOptions: readonly OptionSpec[] = [
  { flags: "--group <name>", description: "a dependency group to include", repeatable: true },
  { flags: "--extra <name>", description: "an extra to include", repeatable: true },
  { flags: "--dev", description: "include the packages for development: the group dev" },
  {
    flags: "--no-default-groups",
    description: "leave out the groups that the lock's own program installs unasked",
  },
];

export const lockCommands: readonly CommandSpec[] = [
  {
    name: "install",
    summary: "install exactly what a lock says, every hash checked, all or nothing",
    arguments: [lockArgument],
    options: [
      {
        flags: "-t, --target <folder>",
        description: "into this folder instead of an environment of its own",
      },
      ...lockChoiceOptions,
      lockFormatOption,
      {
        flags: "--deploy",
        description: "install nothing unless `thoth verify` finds the lock to be that of its project",
      },
      pythonOption,
      ...indexOptions,
      { flags: "--allow-build", description: "build source distributions", variable: "THOTH_ALLOW_BUILD" },
    ],
    examples: [
      ["install pylock.toml", "into an environment that equal locks share"],
      ["install pylock.toml --target vendor", "into a folder"],
      ["install poetry.lock --no-default-groups --deploy", "what a deployment needs, if nothing has changed"],
    ],
    load: async () => (await import("./install.ts")).installCommand,
  },
  {
    name: "convert",
    summary: "write a lock in the format of another program, and tell what that cannot say",
    arguments: [lockArgument],
    options: [
      {
        flags: "--to <format>",
        description: "the format to write; those of Poetry, uv and PDM are read only",
        choices: ["requirements", "pylock", "pipfile-lock"],
      },
      { flags: "-o, --output <file>", description: "write it there instead of printing it" },
      { flags: "--strict", description: "fail where the format cannot say all that the lock says" },
      ...lockChoiceOptions,
      lockFormatOption,
      ...indexOptions,
    ],
    examples: [
      ["convert uv.lock --to pylock -o pylock.toml", "for every installer that knows the standard"],
      ["convert poetry.lock --to requirements -o requirements.txt", "with hashes, for pip; asks no index"],
      ["convert poetry.lock --to pipfile-lock -o Pipfile.lock", "of the Pipfile beside it"],
    ],
    load: async () => (await import("./convert.ts")).convertCommand,
  },
  {
    name: "verify",
    summary: "tell whether a lock is that of its project and for this Python; exit status 1 if not",
    arguments: [lockArgument],
    options: [lockFormatOption, pythonOption],
    examples: [
      ["verify poetry.lock", "against the pyproject.toml beside it"],
      ["verify Pipfile.lock --python-version 3.12", "and for another Python"],
    ],
    load: async () => (await import("./verify.ts")).verifyCommand,
  },
];
