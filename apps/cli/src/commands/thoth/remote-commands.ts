// Commands that ask a service what became of a question, and what it knows; and the settings that name it.

import type { CommandSpec, OptionSpec } from "../../frame/command.ts";
import { serviceOption } from "../../settings/shared-options.ts";

const job = { name: "[job]", description: "its id; the one that was asked last where none is named" };

const imageOptions: readonly OptionSpec[] = [
  { flags: "--name <text>", description: "part of the image's name" },
  { flags: "-p, --python-version <version>", description: "with this Python" },
  { flags: "--package <name>", description: "with this Python package in it" },
];

/** They are written; what variables say is shown, and stays with the user. */
const configOptions: readonly OptionSpec[] = [
  { flags: "--service <url>", description: "the service that the project asks; it is trusted from then on" },
  { flags: "-p, --python-version <version>", description: "the Python that it is for, such as 3.12" },
  { flags: "--platform <name>", description: "the platform that it is for, such as linux-x86_64" },
  {
    flags: "--recommendation-type <type>",
    description: "what counts as its greatest stack",
    choices: ["latest", "stable", "testing", "security", "performance"],
  },
  { flags: "--write", description: "change the file that is there" },
  { flags: "--trust", description: "let the service be asked that the file names" },
  { flags: "--distrust", description: "let it not be asked any more" },
];

export const remoteCommands: readonly CommandSpec[] = [
  {
    name: "config",
    summary: "make .thoth.yaml, or show the settings that hold and where each comes from",
    options: configOptions,
    examples: [
      ["config", "make the file from what this machine is, or show what holds"],
      ["config --service https://thoth.example.com", "and have a service asked"],
      ["config --write --python-version 3.12", "change the file that is there"],
      ["config --trust", "let the service be asked that somebody's file names"],
    ],
    load: async () => (await import("./config.ts")).configCommand,
  },
  {
    name: "status",
    summary: "tell how far a service is with a question; exit status 1 if it has failed",
    arguments: [job],
    options: [serviceOption],
    examples: [["status --service https://thoth.example.com", "of what was asked last"]],
    load: async () => (await import("./asked.ts")).statusCommand,
  },
  {
    name: "log",
    summary: "print what was said while a service worked on a question",
    arguments: [job],
    options: [serviceOption],
    examples: [["log", "of what was asked last"]],
    load: async () => (await import("./asked.ts")).logOfJobCommand,
  },
  {
    name: "results",
    summary: "print what a service has found; exit status 1 if it is not there yet",
    arguments: [job],
    options: [serviceOption],
    examples: [["results --json", "of what was asked last, as `thoth advise --json` prints it"]],
    load: async () => (await import("./asked.ts")).resultsCommand,
  },
  {
    name: "environments",
    summary: "list systems and Pythons that a service advises for",
    options: [serviceOption],
    examples: [["environments --service https://thoth.example.com", "what it knows best"]],
    load: async () => (await import("./offered.ts")).environmentsCommand,
  },
  {
    name: "images",
    summary: "list container images that a service knows",
    options: [...imageOptions, serviceOption],
    examples: [["images --python-version 3.12 --package numpy", "those with both"]],
    load: async () => (await import("./offered.ts")).imagesCommand,
  },
  {
    name: "indexes",
    summary: "list package indexes that a service asks",
    options: [serviceOption],
    examples: [["indexes --service https://thoth.example.com", "where its packages are from"]],
    load: async () => (await import("./offered.ts")).indexesCommand,
  },
  {
    name: "whatprovides",
    summary: "tell which packages provide an import; exit status 1 if none is known",
    arguments: [{ name: "<import>", description: "such as yaml, or google.cloud.storage" }],
    options: [serviceOption],
    examples: [
      ["whatprovides yaml", "what this program knows"],
      ["whatprovides yaml --service https://thoth.example.com", "and what a service has seen in wheels"],
    ],
    load: async () => (await import("./offered.ts")).whatProvidesCommand,
  },
  {
    name: "graph",
    summary: "show who needs whom in a lock, as a tree",
    arguments: [{ name: "[lock]", description: "a pylock.toml, which is the default" }],
    examples: [["graph pylock.toml", "from what was asked for to what that needs"]],
    load: async () => (await import("./graph.ts")).graphCommand,
  },
];
