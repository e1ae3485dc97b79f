// The commands of `horus` that change a notebook or take something out of it.

import type { CommandSpec, OptionSpec } from "../../frame/command.ts";
import { resolutionOptions } from "../../settings/shared-options.ts";
import { notebookArgument } from "./environment-commands.ts";

const force: OptionSpec = { flags: "--force", description: "overwrite what exists" };
const folder: OptionSpec = {
  flags: "--store-files-path <folder>",
  description: "the folder of the files",
  fallback: ".",
};
const parts: readonly OptionSpec[] = [
  { flags: "--pipfile", description: "the requirements" },
  { flags: "--pipfile-lock", description: "the lock as a Pipfile.lock" },
  { flags: "--thoth-config", description: "the configuration .thoth.yaml" },
];

export const changeCommands: readonly CommandSpec[] = [
  {
    name: "fix",
    summary:
      "make the smallest change of a notebook's lock that clears its known vulnerabilities, proved smallest",
    arguments: [notebookArgument],
    options: [
      { flags: "--dry-run", description: "tell the change, and write nothing" },
      ...resolutionOptions,
    ],
    examples: [["fix analysis.ipynb --dry-run", "what would change"]],
    load: async () => (await import("./fix.ts")).fixCommand,
  },
  {
    name: "requirements",
    summary: "show, add and remove the requirements of a notebook",
    arguments: [notebookArgument],
    options: [
      { flags: "-a, --add <requirement...>", description: "requirements to add (PEP 508)", variadic: true },
      { flags: "-r, --remove <name...>", description: "packages to remove", variadic: true },
      { flags: "-i, --index-url <url>", description: "the index that the added packages come from" },
      { flags: "--dev", description: "for development" },
    ],
    examples: [
      ['requirements analysis.ipynb --add "pandas>=2" seaborn', "add two"],
      ["requirements analysis.ipynb --remove seaborn", "remove one"],
    ],
    load: async () => (await import("./requirements.ts")).requirementsCommand,
  },
  {
    name: "convert",
    summary: "turn pip and conda commands in cells into requirements of the notebook",
    arguments: [notebookArgument],
    options: [{ flags: "--show-only", description: "tell what would change" }],
    examples: [["convert analysis.ipynb", "no specifier, option or URL is lost"]],
    load: async () => (await import("./convert.ts")).convertCommand,
  },
  {
    name: "extract",
    summary: "write what a notebook carries into files",
    arguments: [notebookArgument],
    options: [
      folder,
      ...parts,
      {
        flags: "--format <format>",
        description: "write pylock.toml instead",
        choices: ["pylock", "pipfile"],
      },
      { flags: "--use-overlay", description: "into overlays/KERNEL below the folder" },
      force,
    ],
    examples: [["extract analysis.ipynb --store-files-path project", "Pipfile, Pipfile.lock, .thoth.yaml"]],
    load: async () => (await import("./extract.ts")).extractCommand,
  },
  {
    name: "save",
    summary: "embed files in a notebook",
    arguments: [notebookArgument],
    options: [
      {
        flags: "--resolution-engine <name>",
        description: "the engine that made the files",
        choices: ["thoth", "pipenv", "uv", "pip"],
        fallback: "thoth",
      },
      { flags: "--save-files-path <folder>", description: "the folder of the files", fallback: "." },
      ...parts,
      { flags: "--kernel-name <name>", description: "name of the kernel" },
      force,
    ],
    examples: [["save analysis.ipynb --save-files-path project", "the reverse of extract"]],
    load: async () => (await import("./save.ts")).saveCommand,
  },
];
