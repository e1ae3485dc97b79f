// What an editor's server and the resident process say to each other: one JSON document per line.

import type { Schema } from "./schema.ts";
import { anyObject, choiceOf, count, flag, listOf, nullable, shapeOf, text } from "./shape.ts";

const id: Schema = { type: "string", pattern: "^[A-Za-z0-9._-]{1,100}$" };
/** Text of notebooks by their absolute path. */
const openDocuments: Schema = { type: "object", additionalProperties: text };
const block: Schema = {
  title: "A part of a result",
  anyOf: [
    shapeOf("Lines of prose", { kind: choiceOf("text"), text }),
    shapeOf("A table", { kind: choiceOf("table"), headings: listOf(text), rows: listOf(listOf(text)) }),
  ],
};

export const runRequest: Schema = shapeOf("A command line to be run", {
  id,
  call: choiceOf("run"),
  program: choiceOf("thoth", "horus"),
  /** What would follow the program's name. */
  words: listOf(text),
  /** The one that a command is about which takes a notebook: its first argument, and not among the words. */
  "notebook?": text,
  /** Notebooks that are open: they are read from here, and what is written to them is handed back. */
  "documents?": openDocuments,
});

export const cancelRequest: Schema = shapeOf("Whatever the run does, it shall end", {
  id,
  call: choiceOf("cancel"),
});

export const residentRequest: Schema = {
  title: "A line to the resident process",
  anyOf: [runRequest, cancelRequest],
};

export const residentEvent: Schema = {
  title: "A line from the resident process",
  anyOf: [
    shapeOf("How far a long step is", {
      id,
      event: choiceOf("step"),
      label: text,
      done: count,
      /** 0: not known yet. */
      total: count,
      text,
      over: flag,
    }),
    shapeOf("Something that a terminal would show", { id, event: choiceOf("message"), text }),
    shapeOf("The run is over", {
      id,
      event: choiceOf("ended"),
      status: count,
      /** What the command prints with `--json`, a failure included. */
      document: nullable(anyObject),
      /** Without `--json`. */
      text,
      /** What the text was made from, for those who show tables as such. */
      blocks: listOf(block),
      /** Of the open notebooks those that were changed. */
      documents: openDocuments,
    }),
    shapeOf("The line could not be read", {
      id: nullable(id),
      event: choiceOf("refused"),
      message: text,
    }),
  ],
};
