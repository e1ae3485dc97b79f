// Documents of the commands that change a notebook or take something out of it.

import { question } from "./notebook-documents.ts";
import type { Schema } from "./schema.ts";
import {
  anyObject,
  choiceOf,
  count,
  flag,
  listOf,
  normalizedName,
  nullable,
  shapeOf,
  text,
} from "./shape.ts";
import { justification, movedPackage, objective, proof } from "./shared-documents.ts";

const sourcedRequirement = shapeOf("A requirement and where it stands", {
  requirement: text,
  group: text,
  source: text,
});

const stackKind = choiceOf("newest", "newest-for-python", "of-its-time");

/** How a notebook was dated by its own evidence, and which stack was taken, with `--as-of auto`. */
const past = shapeOf("The date, the stacks that were tried, and the one that was taken", {
  /** Null: the notebook tells none. */
  dated: nullable(text),
  because: listOf(text),
  chosen: stackKind,
  as_of: text,
  python: text,
  /** Whether that Python is on the machine. */
  here: flag,
  /** In their order; empty where the lock was kept. */
  tried: listOf(
    shapeOf("A stack that was tried", {
      kind: stackKind,
      python: text,
      /** Null: now. */
      as_of: nullable(text),
      /** What is known against it, or how it failed. */
      against: listOf(text),
      /** Whether the notebook ran to its end; absent where it was not run. */
      "runs?": flag,
    }),
  ),
  /** Versions that its outputs show. */
  seen: listOf(text),
  vulnerabilities: listOf(
    shapeOf("What is known against a package of that date", {
      package: text,
      version: text,
      id: text,
      severity: text,
    }),
  ),
});

export const notebookLockDocument: Schema = shapeOf("A notebook that was locked", {
  notebook: text,
  changed: flag,
  engine: choiceOf("thoth", "uv", "pip", "pipenv"),
  python: text,
  "past?": past,
  requirements: listOf(sourcedRequirement),
  packages: listOf(
    shapeOf("A locked package", {
      name: normalizedName,
      version: text,
      /** Where it is wanted, of a lock for several environments. */
      "marker?": text,
      /** It is for other machines than this one. */
      "elsewhere?": flag,
      /** As it was locked before. */
      "before?": text,
      "justification?": listOf(justification),
    }),
  ),
  /** Names of packages that were locked before. */
  gone: listOf(text),
  hashes: count,
  /** Names of those that it was locked for, where there were several. */
  "environments?": listOf(text),
  "moved?": listOf(movedPackage),
  "proof?": proof,
  objective,
  questions: listOf(question),
  warnings: listOf(text),
});

const fileOf = shapeOf("A file", {
  content: choiceOf("pipfile", "pipfile-lock", "thoth-config", "pylock"),
  path: text,
});

export const extractDocument: Schema = shapeOf("Files written from a notebook", {
  notebook: text,
  files: listOf(fileOf),
});

export const saveDocument: Schema = shapeOf("Files embedded in a notebook", {
  notebook: text,
  changed: flag,
  files: listOf(fileOf),
});

export const convertDocument: Schema = shapeOf("Package commands in cells that became metadata", {
  notebook: text,
  changed: flag,
  changes: listOf(
    shapeOf("A command that became requirements", {
      cell: count,
      line: count,
      command: text,
      requirements: listOf(text),
    }),
  ),
  kept: listOf(
    shapeOf("A command that stays as it is", { cell: count, line: count, command: text, reason: text }),
  ),
});

export const requirementsDocument: Schema = shapeOf("A notebook's requirements", {
  notebook: text,
  changed: flag,
  requirements: listOf(text),
  pipfile: anyObject,
});
