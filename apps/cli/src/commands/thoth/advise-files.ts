// What `thoth advise` writes beside its answer.

import type { AdvicePage } from "../../advice/html-report.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { type Invocation, textOption } from "../../frame/command.ts";
import { formOfFile, type LockForm } from "../../locks/lock-forms.ts";
import { formText, type GivenProject } from "./lock.ts";

/** The page of `--html`. */
export async function writePage(
  { terminal, options, arguments: [files] }: Invocation,
  page: AdvicePage,
): Promise<void> {
  const output = textOption(options, "html");
  if (output === undefined) return;
  const { adviceHtml } = await import("../../advice/html-report.ts");
  const words = [
    "thoth advise",
    ...((files ?? []) as readonly string[]),
    "--recommendation-type",
    page.recommendationType,
    "--as-of",
    page.asOf,
  ];
  await replaceFile(output, adviceHtml({ ...page, command: words.join(" ") }));
  terminal.entry("page", `written to ${output}`);
}

/** The lock of `-o`. */
export async function writeAdvisedLock(
  { terminal, options }: Invocation,
  given: GivenProject,
): Promise<void> {
  const output = textOption(options, "output");
  if (output === undefined) return;
  const form = (textOption(options, "format") ?? formOfFile(output) ?? "pylock") as LockForm;
  await replaceFile(output, await formText(form, given.locked, given));
  terminal.entry("lock", `written to ${output}`);
}
