// `thoth fix`: the smallest change of a lock that clears what is known against it.

import { type LockFormat, quote, ThothError } from "@thoth/pep";
import { findFix, fixDocument, fixParts } from "../../advice/fix.ts";
import { replaceFile } from "../../files/replace-file.ts";
import {
  flagOption,
  type Handler,
  type Invocation,
  listOption,
  type OptionValues,
  textOption,
} from "../../frame/command.ts";
import { formOfFile, pylockText, requirementsForm } from "../../locks/lock-forms.ts";
import { readLock } from "../../locks/read-lock.ts";
import { mustBeSingle } from "../../locks/single-lock.ts";
import { EMPTY_INPUT, type ProjectInput } from "../../project/project-input.ts";
import { readConstraintFiles, readProject } from "../../project/read-project.ts";
import { describeTarget } from "../../project/target.ts";
import { openSession } from "../../session/open-session.ts";
import { type ResolutionSettings, readResolutionSettings } from "../../settings/resolution-settings.ts";

export const fixCommand: Handler = async (invocation) => {
  const { terminal, options, environment, signal } = invocation;
  const path = (invocation.arguments[0] ?? "pylock.toml") as string;
  const settings = readResolutionSettings(options, environment);
  const given = await readLock(path, environment);
  mustBeSingle(path, given);
  mustBeWritable(path, given.foreign.format, options);
  const input = await boundBy(invocation, settings);
  const session = await openSession(invocation, {
    settings: settings.indexes,
    named: given.places,
    allowBuild: false,
  });
  const lock = await given.load(session, signal).finally(() => session.close());
  const pythonVersion =
    settings.pythonVersion ?? /^==\s*(\d+\.\d+)\.\*$/.exec(lock.requiresPython?.text ?? "")?.[1];
  const target = await describeTarget({
    pythonVersion,
    platform: settings.platform,
    cacheDirectory: settings.indexes.cacheDirectory,
  });
  const places = settings.indexes.isExplicit
    ? input.places
    : { ...input.places, ...given.places, ...indexesOf(lock) };
  const fixed = await findFix(invocation, { lock, input: { ...input, places }, target, settings });
  const output = textOption(options, "output") ?? path;
  const written = !flagOption(options, "dryRun") && fixed.changes.length > 0;
  if (written) {
    const { pylock } = fixed.locked;
    await replaceFile(
      output,
      formOfFile(output) === "requirements" ? requirementsForm(pylock) : pylockText(pylock),
    );
  }
  terminal.document(fixDocument(path, fixed, written));
  terminal.result(...fixParts(fixed));
  if (written) terminal.entry("lock", `written to ${output}`);
  return 0;
};

/** The lock of another program is not replaced by one that it cannot read. */
function mustBeWritable(path: string, format: LockFormat, options: OptionValues): void {
  const isOurs = format === "pylock" || format === "requirements";
  if (isOurs || flagOption(options, "dryRun") || textOption(options, "output") !== undefined) return;
  throw new ThothError("usage", `${quote(path)} is the lock of another program, which is not written`, {
    hint: "Name a pylock.toml or requirements.txt to write with --output, or see the change with --dry-run.",
  });
}

/** Project files whose requirements bind what is made of a lock. */
export async function boundBy(
  { options, environment, documents }: Invocation,
  settings: ResolutionSettings,
): Promise<ProjectInput> {
  const files = listOption(options, "requirements");
  const { constraints } = settings;
  if (files.length === 0 && constraints.length === 0) return EMPTY_INPUT;
  if (files.length === 0) {
    return { ...EMPTY_INPUT, constraints: await readConstraintFiles({ constraints, environment }) };
  }
  return await readProject({
    files,
    constraints,
    extras: [],
    groups: [],
    dev: false,
    environment,
    documents,
  });
}

/** The indexes that the lock itself was made from. */
function indexesOf({ packages }: { readonly packages: readonly { readonly index?: string | undefined }[] }) {
  const indexes = [
    ...new Set(
      packages.flatMap(({ index }) => (index === undefined || !/^https?:/i.test(index) ? [] : [index])),
    ),
  ];
  const [indexUrl, ...extraIndexUrls] = indexes;
  return indexUrl === undefined ? {} : { indexUrl, extraIndexUrls };
}
