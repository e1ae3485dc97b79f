// `horus log`: what the last lock of a notebook did, on this machine.

import type { Handler } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { adviceOf } from "../../notebook/embedded-lock.ts";
import { readLockLog } from "../../notebook/lock-log.ts";
import { KEYS, textAt, textIn } from "../../notebook/metadata-keys.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";

export const logCommand: Handler = async (invocation) => {
  const { terminal, environment } = invocation;
  const path = notebookArgumentOf(invocation);
  const { notebook } = await openNotebook(invocation, path);
  const analysis = textAt(notebook.metadata, KEYS.analysis) ?? null;
  const log = await readLockLog(path, environment);
  const created = log?.created ?? textIn(adviceOf(notebook), "created") ?? null;
  terminal.document({ notebook: path, analysis, created, lines: log?.lines ?? [] });
  if (analysis !== null) terminal.note(`analysis ${analysis} of the original service`);
  if (log === undefined) {
    terminal.note(
      created === null ? "the notebook was never locked here" : `locked ${created}, on another machine`,
    );
    return 0;
  }
  terminal.result([`locked ${log.created}`, ...log.lines].map(printable).join("\n"));
  return 0;
};
