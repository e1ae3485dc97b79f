// The command of `thoth` for Source-to-Image.

import type { CommandSpec } from "../../frame/command.ts";
import { resolutionOptions } from "../../settings/shared-options.ts";

export const s2iCommand: CommandSpec = {
  name: "s2i",
  summary: "build images of projects with Source-to-Image, or write the Containerfile that it implies",
  arguments: [
    {
      name: "<action>",
      description: "containerfile; or, in a builder image, what its scripts do",
      choices: ["containerfile", "assemble", "run", "usage"],
    },
    { name: "[source]", description: "a folder, or a notebook; the current folder where none is named" },
  ],
  options: [
    { flags: "-o, --output <folder>", description: "where the Containerfile and its context go" },
    {
      flags: "--builder <image>",
      description: "the builder image that it stands on",
      variable: "THOTH_S2I_IMAGE",
    },
    { flags: "--env <name=value>", description: "a variable of the build and the image", repeatable: true },
    {
      flags: "--incremental <image>",
      description: "the image of this project that was built before: what it has is not fetched again",
    },
    ...resolutionOptions,
  ],
  examples: [
    [
      "s2i containerfile analysis.ipynb --builder quay.io/team/thoth-s2i-notebook:1.0 -o build",
      "and `buildah build --timestamp 0 build`",
    ],
    [
      "s2i containerfile . --builder quay.io/team/thoth-s2i-python:1.0 --env THOTH_ADVISE=0 -o build",
      "of an application, with the lock that it has",
    ],
    ["s2i usage", "in a builder image: what it builds, and by which variables"],
  ],
  load: async () => (await import("./s2i.ts")).s2iCommand,
};
