// What an editor's server and the resident process say to each other: one JSON document per line.

import type { Schema } from "./schema.ts";
import {
  anyObject,
  choiceOf,
  count,
  type Described,
  flag,
  listOf,
  nullable,
  number,
  seconds,
  shapeOf,
  text,
  textLike,
  type ValueOf,
} from "./shape.ts";

const id = textLike("^[A-Za-z0-9._-]{1,100}$");
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
  /** Whether parts of the run shall be told, with the time that they took. */
  "trace?": flag,
});

export const cancelRequest: Schema = shapeOf("Whatever the run does, it shall end", {
  id,
  call: choiceOf("cancel"),
});

export const residentRequest: Schema = {
  title: "A line to the resident process",
  anyOf: [runRequest, cancelRequest],
};

/** Neither addresses nor requirements fit in. */
const word = textLike("^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$");

const phaseEvent = shapeOf("A part of the run is over", {
  id,
  event: choiceOf("phase"),
  /** From 1 on, in the order in which they began. */
  number: count,
  /** The number of the one that it is a part of; 0: of the run itself. */
  within: count,
  name: word,
  /** Milliseconds since 1970. */
  start: number,
  seconds,
  /** Numbers, and words of the program's own. */
  attributes: {
    type: "object",
    additionalProperties: { anyOf: [number, flag, word] },
  } as Described<Readonly<Record<string, number | boolean | string>>>,
  /** A code, where it failed. */
  "failure?": word,
});

export type PhaseEvent = ValueOf<typeof phaseEvent>;

/** By what they call themselves. */
export const residentEvents = {
  step: shapeOf("How far a long step is", {
    id,
    event: choiceOf("step"),
    label: text,
    done: count,
    /** 0: not known yet. */
    total: count,
    text,
    over: flag,
  }),
  message: shapeOf("Something that a terminal would show", { id, event: choiceOf("message"), text }),
  phase: phaseEvent,
  ended: shapeOf("The run is over", {
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
  refused: shapeOf("The line could not be read", {
    id: nullable(id),
    event: choiceOf("refused"),
    message: text,
  }),
};

export const residentEvent: Schema = {
  title: "A line from the resident process",
  anyOf: Object.values(residentEvents),
};
