// What `thoth config --json` prints.

import { choiceOf, flag, listOf, nullable, shapeOf, text, type ValueOf } from "./shape.ts";

export const configDocument = shapeOf("Settings of a project", {
  file: text,
  /** It was made or changed by this command. */
  written: flag,
  settings: listOf(
    shapeOf("A setting that holds", {
      name: text,
      value: nullable(text),
      from: choiceOf("variable", "file", "default"),
      "note?": text,
    }),
  ),
  /** Of the file: that which counts first. */
  environments: listOf(text),
  /** Keys of the file that change nothing. */
  unused: listOf(text),
});

export type ConfigDocument = ValueOf<typeof configDocument>;
