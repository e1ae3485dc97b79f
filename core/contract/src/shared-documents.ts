// Documents of both commands: a failure, a lock, the version, a completion script.

import type { Schema } from "./schema.ts";
import {
  anyObject,
  choiceOf,
  count,
  flag,
  listOf,
  normalizedName,
  seconds,
  sha256,
  shapeOf,
  text,
} from "./shape.ts";

export const errorDocument: Schema = shapeOf("A failure", {
  error: shapeOf("What failed", {
    code: { type: "string", pattern: "^[a-z]+(-[a-z]+)*$" },
    message: text,
    "hint?": text,
    "details?": anyObject,
  }),
});

const artifact = shapeOf("An artifact of a release", {
  filename: text,
  url: text,
  sha256,
  "size?": count,
});

export const lockedPackage: Schema = shapeOf("A package of a stack", {
  name: normalizedName,
  version: text,
  index: text,
  "extras?": listOf(normalizedName),
  "marker?": text,
  artifacts: listOf(artifact),
  requires: listOf(normalizedName),
  requiredBy: listOf(normalizedName),
});

export const objective: Schema = listOf(
  shapeOf("A level of the objective", { level: text, value: { type: "number" }, bound: { type: "number" } }),
);

export const proof: Schema = choiceOf("optimal", "feasible");

export const justification = shapeOf("A reason in words", {
  type: choiceOf("INFO", "WARNING", "ERROR"),
  message: text,
  "link?": text,
  package_name: normalizedName,
});

/** Where the versions of another lock were preferred: one that is not as there. */
export const movedPackage = shapeOf(
  "A package that has another version than in the lock that was preferred",
  {
    name: normalizedName,
    from: text,
    to: text,
    environments: listOf(text),
    "why?": text,
  },
);

const markers: Schema = { type: "object", additionalProperties: text };

export const lockDocument: Schema = {
  ...shapeOf("A resolved stack", {
    packages: listOf(lockedPackage),
    /** Of a lock for several environments the first. */
    environment: markers,
    /** Where it is for several: all of them. */
    "environments?": listOf(shapeOf("An environment that a lock is for", { name: text, markers })),
    "moved?": listOf(movedPackage),
    proof,
    objective,
    "warnings?": listOf(text),
  }),
};

export const versionDocument: Schema = shapeOf("Which program this is", {
  name: choiceOf("thoth", "horus"),
  version: text,
  node: text,
});

export const completionDocument: Schema = shapeOf("A completion script", {
  shell: choiceOf("bash", "zsh", "fish"),
  script: text,
});

export const packageVersion: Schema = shapeOf("A package and its version", {
  name: normalizedName,
  version: text,
});

export const environmentMembers = {
  python: text,
  packages: listOf(packageVersion),
  reused: flag,
  seconds,
} as const;
