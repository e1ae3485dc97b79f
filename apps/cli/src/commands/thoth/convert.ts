// `thoth convert`: a lock in the format of another program. What that cannot say is told.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ForeignLock, parsePipfile, pylockOf, quote, ThothError } from "@thoth/pep";
import { readGivenText } from "../../files/read-file.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { flagOption, type Handler, type Invocation, textOption } from "../../frame/command.ts";
import {
  type Converted,
  type ConvertForm,
  pylockConverted,
  requirementsOf,
} from "../../locks/convert-lock.ts";
import { pipfileLockOf } from "../../locks/convert-pipfile-lock.ts";
import { lockFormatWish, readLockChoice } from "../../locks/lock-choice.ts";
import { type GivenLock, readLock } from "../../locks/read-lock.ts";
import { openSession } from "../../session/open-session.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const convertCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const path = invocation.arguments[0] as string;
  const form = textOption(options, "to") as ConvertForm | undefined;
  if (form === undefined)
    throw new ThothError("usage", "it is not said which format is wanted", {
      hint: "Name it with --to: requirements, pylock or pipfile-lock.",
    });
  const given = await readLock(path, environment, lockFormatWish(options));
  const output = textOption(options, "output");
  const { text, losses } = await convertedTo(form, invocation, given);
  if (losses.length > 0 && flagOption(options, "strict")) {
    throw new ThothError("invalid-lock", `${quote(path)} says what ${form} cannot: ${losses.join("; ")}`, {
      hint: "Convert without --strict to have the rest.",
      details: { losses: [...losses] },
    });
  }
  for (const warning of given.foreign.warnings) terminal.warn(warning);
  for (const loss of losses) terminal.warn(`${form} cannot say, or is not told: ${loss}`);
  if (output !== undefined) await replaceFile(output, text);
  terminal.document({
    lock: path,
    from: given.foreign.format,
    to: form,
    content: text,
    losses,
    ...(output === undefined ? {} : { path: output }),
  });
  if (output === undefined) terminal.result(text);
  else terminal.note(`written to ${output}`);
  return 0;
};

async function convertedTo(form: ConvertForm, invocation: Invocation, given: GivenLock): Promise<Converted> {
  const { options } = invocation;
  const output = textOption(options, "output");
  const folder = output === undefined ? given.folder : dirname(resolve(output));
  const choice = readLockChoice(options, given.foreign);
  switch (form) {
    case "requirements":
      return requirementsOf(given.foreign, choice);
    case "pipfile-lock": {
      const beside = join(folder, "Pipfile");
      const pipfile = existsSync(beside) ? parsePipfile(await readGivenText(beside), beside) : undefined;
      return pipfileLockOf(given.foreign, choice, pipfile);
    }
    case "pylock":
      mustKeepAll(invocation);
      return pylockConverted(await wholeLock(invocation, given), given.folder, folder);
    default:
      return form satisfies never;
  }
}

/** A pylock.toml holds all groups and extras, and is asked for some when it is installed. */
function mustKeepAll({ options }: Invocation): void {
  const names = ["group", "extra", "dev"].filter((name) => options[name] !== undefined);
  const [name] = options["defaultGroups"] === false ? ["no-default-groups"] : names;
  if (name === undefined) return;
  throw new ThothError("usage", `\`--${name}\` does not go with pylock, which keeps all groups and extras`);
}

/** Only where a file's address is not known are indexes asked. */
async function wholeLock(invocation: Invocation, given: GivenLock) {
  const known = given.lock ?? pylockOf(withSortedPackages(given.foreign), "thoth");
  if (known !== undefined) return known;
  const settings = readIndexSettings(invocation.options, invocation.environment);
  const session = await openSession(invocation, { settings, named: given.places, allowBuild: false });
  return await given.load(session, invocation.signal).finally(() => session.close());
}

function withSortedPackages(foreign: ForeignLock): ForeignLock {
  const packages = [...foreign.packages].sort((left, right) =>
    left.name < right.name ? -1 : left.name > right.name ? 1 : 0,
  );
  return { ...foreign, packages };
}
