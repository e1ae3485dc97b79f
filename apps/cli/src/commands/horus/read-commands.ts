// The commands of `horus` that tell what is in a notebook and change nothing in it.

import type { CommandSpec } from "../../frame/command.ts";
import {
  allOption,
  auditOptions,
  fittingOptions,
  indexOptions,
  resolutionOptions,
} from "../../settings/shared-options.ts";
import { notebookArgument } from "./environment-commands.ts";

export const readCommands: readonly CommandSpec[] = [
  {
    name: "discover",
    summary: "find what a notebook's code needs",
    arguments: [notebookArgument],
    options: [
      { flags: "--show-only", description: "write no Pipfile" },
      { flags: "--store-files-path <folder>", description: "where the Pipfile is written", fallback: "." },
      { flags: "--force", description: "overwrite a Pipfile" },
      {
        flags: "-p, --python-version <version>",
        description: "the Python to assume",
        variable: "THOTH_PYTHON_VERSION",
      },
    ],
    examples: [
      ["discover analysis.ipynb --show-only", "imports, pip cells, open questions"],
      ["discover analysis.ipynb --show-only --json", "for scripts"],
    ],
    load: async () => (await import("./discover.ts")).discoverCommand,
  },
  {
    name: "status",
    summary: "tell at a glance what a notebook has, and what helps it",
    arguments: [notebookArgument],
    options: [],
    examples: [["status analysis.ipynb", "its state, and each package as asked for, locked and installed"]],
    load: async () => (await import("./status.ts")).statusCommand,
  },
  {
    name: "check",
    summary: "check that a notebook's metadata, lock and kernel agree",
    arguments: [notebookArgument],
    options: [
      {
        flags: "-f, --output-format <format>",
        description: "how findings are printed",
        choices: ["table", "json", "yaml"],
        fallback: "table",
      },
    ],
    examples: [["check analysis.ipynb", "exit status 1 if anything is wrong"]],
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "why",
    summary: "tell why a package is in a notebook's stack, and in this version",
    arguments: [notebookArgument, { name: "<package>", description: "a package of the stack" }],
    options: resolutionOptions,
    examples: [
      ["why analysis.ipynb urllib3", "who needs it, what it pays, and what there would be without it"],
    ],
    load: async () => (await import("./why.ts")).whyCommand,
  },
  {
    name: "why-not",
    summary: "tell why another version is not: what it would cost and displace, or the conflict",
    arguments: [notebookArgument, { name: "<requirement>", description: "such as numpy==1.26.4" }],
    options: resolutionOptions,
    examples: [["why-not analysis.ipynb numpy==1.26.4", "forces it and resolves again"]],
    load: async () => (await import("./why.ts")).whyNotCommand,
  },
  {
    name: "audit",
    summary: "tell what is known against a notebook's lock; exit status 1 if anything is",
    arguments: [notebookArgument],
    options: auditOptions,
    examples: [["audit analysis.ipynb", "known vulnerabilities, the worst first"]],
    load: async () => (await import("./audit.ts")).auditCommand,
  },
  {
    name: "outdated",
    summary: "tell what became of the locked packages: newer versions that fit, yanked, gone, given up",
    arguments: [notebookArgument],
    options: fittingOptions,
    examples: [
      ["outdated analysis.ipynb", "those of which there is something to tell; nothing is resolved"],
      ["outdated analysis.ipynb --offline", "as far as it is kept here"],
    ],
    load: async () => (await import("./outdated.ts")).outdatedCommand,
  },
  {
    name: "versions",
    summary: "list the versions of a package as a notebook's Python and platform see them",
    arguments: [notebookArgument, { name: "<package>", description: "any package of the indexes" }],
    options: [allOption, ...fittingOptions],
    examples: [
      ["versions analysis.ipynb numpy", "the newest that fit, with what is known against them"],
      ["versions analysis.ipynb numpy --all", "and why the others do not fit"],
    ],
    load: async () => (await import("./versions.ts")).versionsCommand,
  },
  {
    name: "search",
    summary: "complete the name of a package from what is known here; an index is asked for the whole name",
    arguments: [notebookArgument, { name: "<text>", description: "how it begins, or a part of it" }],
    options: [
      { flags: "--module", description: "the text is a module's name: which packages provide it" },
      { flags: "--limit <number>", description: "most names; 20 where none is named" },
      ...indexOptions,
    ],
    examples: [
      ["search analysis.ipynb scikit", "names that begin so, then those that have it in them"],
      ["search analysis.ipynb scikit --offline", "without asking any index"],
      ["search analysis.ipynb cv2 --module", "opencv-python-headless and its kin"],
    ],
    load: async () => (await import("./search.ts")).searchCommand,
  },
  {
    name: "show",
    summary: "show what a notebook carries",
    arguments: [notebookArgument],
    options: [
      { flags: "--pipfile", description: "only the requirements" },
      { flags: "--pipfile-lock", description: "only the lock" },
      { flags: "--thoth-config", description: "only the configuration" },
    ],
    examples: [["show analysis.ipynb --pipfile", "the requirements"]],
    load: async () => (await import("./show.ts")).showCommand,
  },
  {
    name: "export",
    summary: "print the lock in a form that other tools read",
    arguments: [notebookArgument],
    options: [
      {
        flags: "--format <format>",
        description: "the form",
        choices: [
          "requirements",
          "pylock",
          "pipfile",
          "pipfile-lock",
          "environment.yml",
          "pep723",
          "juv",
          "binder",
          "bootstrap",
          "colab",
          "links",
        ],
        fallback: "requirements",
      },
      { flags: "-o, --output <file>", description: "write it there; for binder: the repository's folder" },
      { flags: "--hub <url>", description: "a JupyterHub with nbgitpuller, for links" },
    ],
    examples: [
      ["export analysis.ipynb --format requirements -o requirements.txt", "for pip install --require-hashes"],
      ["export analysis.ipynb --format bootstrap", "a cell that installs the lock anywhere"],
      [
        "export analysis.ipynb --format colab -o colab.ipynb",
        "the notebook with that cell before all others",
      ],
      ["export analysis.ipynb --format links", "links that open it in Binder and Colab"],
    ],
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "log",
    summary: "show what the last lock of a notebook did",
    arguments: [notebookArgument],
    examples: [["log analysis.ipynb", "requirements, choices, warnings"]],
    load: async () => (await import("./log.ts")).logCommand,
  },
];
