// Commands that ask a service what became of a question, and what it knows.

import type { CommandSpec, OptionSpec } from "../../frame/command.ts";
import { serviceOption } from "../../settings/shared-options.ts";

const job = { name: "[job]", description: "its id; the one that was asked last where none is named" };

const imageOptions: readonly OptionSpec[] = [
  { flags: "--name <text>", description: "part of the image's name" },
  { flags: "-p, --python-version <version>", description: "with this Python" },
  { flags: "--package <name>", description: "with this Python package in it" },
];

export const remoteCommands: readonly CommandSpec[] = [
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
