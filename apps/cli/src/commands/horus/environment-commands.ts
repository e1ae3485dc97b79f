// The commands of `horus` that lock, install and run.

import type { ArgumentSpec, CommandSpec, OptionSpec } from "../../frame/command.ts";
import { indexOptions, resolutionOptions } from "../../settings/shared-options.ts";

export const notebookArgument: ArgumentSpec = {
  name: "<notebook>",
  description: "an .ipynb file",
  files: [".ipynb"],
};

const kernelName: OptionSpec = { flags: "--kernel-name <name>", description: "name of the kernel" };
const force: OptionSpec = { flags: "--force", description: "do it again even if nothing changed" };
const legacyPipenv: OptionSpec = { flags: "--pipenv", description: "the same as --engine pipenv" };

export const environmentCommands: readonly CommandSpec[] = [
  {
    name: "run",
    summary: "lock if needed, install if needed, execute",
    arguments: [notebookArgument],
    options: [
      { flags: "-o, --output <file>", description: "the executed notebook (default: NAME.out.ipynb)" },
      kernelName,
      { flags: "--allow-errors", description: "go on after a cell that fails" },
      { flags: "--cell-timeout <seconds>", description: "time that one cell may take" },
      {
        flags: "--heal",
        description: "where it fails, find the releases that are to blame, change them and go on",
      },
      { flags: "--rule <file>", description: "heal, and write the rule that follows from it (.yaml)" },
      { flags: "--relock", description: "resolve again although the notebook has a lock" },
      ...resolutionOptions,
    ],
    examples: [
      ["run analysis.ipynb", "outputs go to analysis.out.ipynb"],
      ["run analysis.ipynb --heal", "and find versions with which it runs"],
      ["run analysis.ipynb -o result.ipynb --as-of 2026-01-31", "with the packages of a date"],
    ],
    load: async () => (await import("./run.ts")).runCommand,
  },
  {
    name: "lock",
    summary: "resolve what a notebook needs and embed the lock in it",
    arguments: [notebookArgument],
    options: [
      {
        flags: "--environment <name>",
        description:
          "lock for this one too, such as 3.12:macos-arm64; default: Linux on two processors, macOS and Windows",
        repeatable: true,
      },
      kernelName,
      force,
      {
        flags: "--try",
        description:
          "with --as-of auto: run the notebook with each stack, and take the first with which it runs",
      },
      { flags: "--cell-timeout <seconds>", description: "time that one cell may take, with --try" },
      legacyPipenv,
      ...resolutionOptions,
    ],
    examples: [
      ["lock analysis.ipynb", "requirements from the metadata, else from the code"],
      ["lock analysis.ipynb --environment default", "for Linux, macOS and Windows: one lock for all"],
      ["lock analysis.ipynb --as-of 2026-01-31", "the same lock again, byte for byte"],
      [
        "lock analysis.ipynb --as-of auto",
        "the newest stack, or one of the notebook's time where that breaks it",
      ],
      ["lock analysis.ipynb --as-of auto --try", "by running it with one after the other"],
    ],
    load: async () => (await import("./lock.ts")).lockCommand,
  },
  {
    name: "install",
    summary: "make the environment and the kernel that the lock says",
    arguments: [notebookArgument],
    options: [
      { flags: "-t, --target <folder>", description: "into this folder, without a kernel" },
      { flags: "--no-kernel", description: "only the environment" },
      kernelName,
      {
        flags: "-p, --python-version <version>",
        description: "the Python to use",
        variable: "THOTH_PYTHON_VERSION",
      },
      { flags: "--allow-build", description: "build source distributions", variable: "THOTH_ALLOW_BUILD" },
      ...indexOptions,
    ],
    examples: [["install analysis.ipynb", "and choose the kernel in Jupyter"]],
    load: async () => (await import("./install.ts")).installCommand,
  },
  {
    name: "set-kernel",
    summary: "install the lock and make its kernel the notebook's",
    arguments: [notebookArgument],
    options: [
      kernelName,
      force,
      {
        flags: "-p, --python-version <version>",
        description: "the Python to use",
        variable: "THOTH_PYTHON_VERSION",
      },
      { flags: "--allow-build", description: "build source distributions", variable: "THOTH_ALLOW_BUILD" },
      ...indexOptions,
    ],
    examples: [
      ["set-kernel analysis.ipynb --kernel-name analysis", "Jupyter then opens it with that kernel"],
    ],
    load: async () => (await import("./install.ts")).setKernelCommand,
  },
  {
    name: "image",
    summary: "make a container image of the notebook and its lock, without a daemon",
    arguments: [notebookArgument],
    options: [
      {
        flags: "-o, --output <place>",
        description: "a folder (OCI layout), a file that ends in .tar, or an image of a registry",
      },
      {
        flags: "--base <image>",
        description:
          "what it stands on: an OCI layout, or an image with that Python (default: python:X.Y-slim)",
        variable: "THOTH_IMAGE_BASE",
      },
      ...indexOptions,
    ],
    examples: [
      ["image analysis.ipynb -o analysis.tar", "for podman load and skopeo copy oci-archive:analysis.tar"],
      ["image analysis.ipynb --base oci:debian -o image", "upon a base that lies here"],
      ["image analysis.ipynb -o quay.io/me/analysis:1.0", "pushed, with the credentials of docker or podman"],
    ],
    load: async () => (await import("./image.ts")).imageCommand,
  },
  {
    name: "list-kernels",
    summary: "list the kernels that Jupyter finds",
    examples: [["list-kernels --json", "for scripts"]],
    load: async () => (await import("./kernels.ts")).listKernelsCommand,
  },
  {
    name: "check-kernel",
    summary: "list the packages of a kernel's environment",
    arguments: [{ name: "<kernel>", description: "name of the kernel" }],
    examples: [["check-kernel analysis", "names and versions"]],
    load: async () => (await import("./kernels.ts")).checkKernelCommand,
  },
  {
    name: "delete-kernel",
    summary: "delete a kernel that horus made",
    arguments: [{ name: "<kernel>", description: "name of the kernel" }],
    examples: [["delete-kernel analysis", "environments that other kernels share stay"]],
    load: async () => (await import("./kernels.ts")).deleteKernelCommand,
  },
];
