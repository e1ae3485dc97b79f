// `horus export`: the notebook's lock in a form that other tools read.

import { quote, ThothError } from "@thoth/pep";
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, textOption } from "../../frame/command.ts";
import { shellWord } from "../../frame/printable.ts";
import { type ExportForm, exportText } from "../../notebook/export-forms.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { requiredLock } from "../../notebook/prepare-notebook.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const exportCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const path = notebookArgumentOf(invocation);
  const file = await openNotebook(invocation, path);
  const form = (textOption(options, "format") ?? "requirements") as ExportForm;
  const lock = requiredLock(file, { indexes: readIndexSettings(options, environment) });
  const content = exportText(form, file, lock);
  if (content === undefined) {
    throw new ThothError("lock-out-of-date", `${quote(path)} has no requirements to export`, {
      hint: `Embed them with \`horus lock ${shellWord(path)}\`.`,
    });
  }
  const output = textOption(options, "output");
  if (output !== undefined) await replaceFile(output, content);
  terminal.document({
    notebook: path,
    format: form,
    content,
    ...(output === undefined ? {} : { path: output }),
  });
  if (output === undefined) terminal.result(content);
  else terminal.note(`written to ${output}`);
  return 0;
};
