// Documents that tell what is in a notebook.

import type { Schema } from "./schema.ts";
import { anyObject, choiceOf, count, flag, listOf, nullable, shapeOf, text } from "./shape.ts";

const severity = choiceOf("ERROR", "WARNING", "INFO");

export const checkDocument: Schema = shapeOf("What a check of a notebook found", {
  notebook: text,
  ok: flag,
  results: listOf(shapeOf("A finding", { key: text, message: text, type: severity })),
});

export const statusDocument: Schema = shapeOf("What a notebook has and lacks", {
  notebook: text,
  state: choiceOf("empty", "imports", "unlocked", "original", "outdated", "unfit", "uninstalled", "ready"),
  /** Requirements of what the code imports. */
  imports: listOf(text),
  /** Modules of which nobody knows what provides them. */
  questions: listOf(text),
  kernel: nullable(text),
  python: nullable(text),
  /** That the lock is for; empty where it tells them by nothing that has a name. */
  environments: listOf(shapeOf("An environment that a lock is for", { name: text, here: flag })),
  packages: listOf(
    shapeOf("A package of a notebook", {
      name: text,
      "asked?": text,
      "locked?": text,
      "installed?": text,
      kernel: flag,
    }),
  ),
  /** Where the lock says that its packages come from. */
  indexes: listOf(text),
  /** Cells that install something when they run, counted from 0. */
  installs: listOf(shapeOf("Packages that a cell installs", { cell: count, requirements: listOf(text) })),
  /** What provides the modules that the code imports, by the module's name. */
  modules: { type: "object", additionalProperties: text },
});

export const showDocument: Schema = shapeOf("What a notebook carries", {
  notebook: text,
  kernel: nullable(text),
  engine: nullable(text),
  analysis: nullable(text),
  pipfile: nullable(anyObject),
  "pipfile-lock": nullable(anyObject),
  "thoth-config": nullable(anyObject),
  lock: nullable(anyObject),
  advice: nullable(anyObject),
});

const importKind = choiceOf(
  "required",
  "guarded",
  "dynamic",
  "magic",
  "written",
  "local",
  "platform",
  "unknown",
  "runtime",
);

export const discoveredImport: Schema = {
  type: "object",
  properties: { module: text, distribution: text, kind: importKind },
  required: ["module", "kind", "evidence"],
};

export const question: Schema = {
  type: "object",
  properties: { module: text, candidates: listOf(text) },
  required: ["module", "candidates"],
};

export const discoveryDocument: Schema = {
  title: "What a notebook's code needs",
  type: "object",
  properties: {
    language: text,
    requirements: listOf(text),
    imports: listOf(discoveredImport),
    pip: listOf({
      type: "object",
      properties: { cell: count, requirements: listOf(text), flags: listOf(text) },
      required: ["cell", "requirements", "flags"],
    }),
    skipped: listOf({
      type: "object",
      properties: { cell: count, reason: text },
      required: ["cell", "reason"],
    }),
    questions: listOf(question),
  },
  required: ["language", "requirements", "imports", "pip", "skipped", "questions"],
};

export const logDocument: Schema = shapeOf("What the last lock of a notebook did", {
  notebook: text,
  analysis: nullable(text),
  created: nullable(text),
  lines: listOf(text),
});

export const exportDocument: Schema = shapeOf("A notebook's lock in another form", {
  notebook: text,
  format: text,
  content: text,
  "path?": text,
  /** Of a form of several files. */
  "files?": listOf(text),
  /** Packages that the other tool brings itself. */
  "left_out?": listOf(text),
  "links?": listOf(shapeOf("A link that opens the notebook", { name: text, url: text })),
});
