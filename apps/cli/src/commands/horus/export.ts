// `horus export`: the notebook's lock in a form that other tools read, and links that open the notebook elsewhere.

import { dirname, resolve } from "node:path";
import { normalizeName, type Pylock, quote, ThothError } from "@thoth/pep";
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { plural, shellWord } from "../../frame/printable.ts";
import { type ExportForm, exportText } from "../../notebook/export-forms.ts";
import { type NotebookFile, notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { statedRequirements } from "../../notebook/notebook-requirements.ts";
import { requiredLock } from "../../notebook/prepare-notebook.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const exportCommand: Handler = async (invocation) => {
  const { options, environment } = invocation;
  const path = notebookArgumentOf(invocation);
  const form = (textOption(options, "format") ?? "requirements") as ExportForm | "binder" | "links";
  if (textOption(options, "hub") !== undefined && form !== "links")
    throw new ThothError("usage", "--hub belongs to `--format links`");
  const file = await openNotebook(invocation, path);
  if (form === "links") return exportLinks(invocation, path);
  const lock = requiredLock(file, { indexes: readIndexSettings(options, environment) });
  return form === "binder"
    ? exportBinder(invocation, file, lock)
    : exportOne(invocation, form, { file, lock });
};

interface Exported {
  readonly file: NotebookFile;
  readonly lock: Pylock;
}

async function exportOne(invocation: Invocation, form: ExportForm, { file, lock }: Exported): Promise<0> {
  const { terminal, options } = invocation;
  const { path } = file;
  const output = textOption(options, "output");
  const content = exportText(form, { file, lock });
  if (content === undefined) {
    throw new ThothError("lock-out-of-date", `${quote(path)} has no requirements to export`, {
      hint: `Embed them with \`horus lock ${shellWord(path)}\`.`,
    });
  }
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
}

async function exportBinder(invocation: Invocation, file: NotebookFile, lock: Pylock): Promise<0> {
  const { terminal, options } = invocation;
  const root = textOption(options, "output");
  if (root === undefined) {
    throw new ThothError(
      "usage",
      "`--format binder` writes two files: name the repository's folder with --output",
      {
        hint: `\`horus export ${shellWord(file.path)} --format binder -o .\``,
      },
    );
  }
  const { binderLayout, writeBinder } = await import("../../notebook/binder-layout.ts");
  const stated = statedRequirements(file);
  const asked = stated?.input.requirements ?? [];
  const names = new Set(asked.map(({ requirement }) => normalizeName(requirement.name)));
  const layout = binderLayout(lock, names, stated?.python);
  const { paths, stronger } = await writeBinder(resolve(root), layout);
  for (const path of stronger)
    terminal.warn(`Binder reads ${quote(path)} instead of the requirements: remove it`);
  terminal.document({
    notebook: file.path,
    format: "binder",
    content: layout.requirements,
    path: root,
    files: paths,
    left_out: layout.leftOut,
  });
  for (const path of paths) terminal.note(`written to ${path}`);
  if (layout.leftOut.length > 0) {
    terminal.note(
      `left out, because Binder brings a server and a kernel: ${plural(layout.leftOut.length, "package")}`,
    );
  }
  return 0;
}

async function exportLinks(invocation: Invocation, path: string): Promise<0> {
  const { terminal, options } = invocation;
  const { findPublished } = await import("../../notebook/run-git.ts");
  const { remotePlace, shareLinks } = await import("../../notebook/share-links.ts");
  const published = await findPublished(invocation, { folder: dirname(resolve(path)), path });
  const place = remotePlace(published.remote);
  if (place === undefined) {
    throw new ThothError(
      "invalid-project",
      `the repository of ${quote(path)} is published at no address that others reach`,
      {
        hint: "Links open what others can fetch: push the notebook to a public repository first.",
      },
    );
  }
  const links = shareLinks({ ...place, ...published }, textOption(options, "hub"));
  if (!published.isCurrent)
    terminal.warn(
      `${quote(published.ref)} of the repository, as last seen, does not have this file as it is here`,
    );
  if (!published.hasBinder)
    terminal.note(
      "Binder finds no stack in the repository: make one with `--format binder`, commit and push it",
    );
  const content = links.map(({ name, url }) => `${name.padEnd(12)}${url}\n`).join("");
  const output = textOption(options, "output");
  if (output !== undefined) await replaceFile(output, content);
  terminal.document({
    notebook: path,
    format: "links",
    content,
    ...(output === undefined ? {} : { path: output }),
    links,
  });
  if (output === undefined) terminal.result(content);
  else terminal.note(`written to ${output}`);
  return 0;
}
