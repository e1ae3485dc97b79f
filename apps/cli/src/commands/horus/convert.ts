// `horus convert`: package commands in cells become requirements of the notebook; nothing they say is lost.

import type { Handler } from "../../frame/command.ts";
import { convertFile } from "../../notebook/convert-notebook.ts";
import { notebookArgumentOf } from "../../notebook/notebook-file.ts";

export const convertCommand: Handler = (invocation) =>
  convertFile(invocation, notebookArgumentOf(invocation));
