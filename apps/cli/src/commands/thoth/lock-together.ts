// `thoth lock --environment …`: one lock for several environments.

import { ThothError } from "@thoth/pep";
import { lockTogether } from "../../engines/joint-engine.ts";
import type { Invocation } from "../../frame/command.ts";
import { textOption } from "../../frame/command.ts";
import { formOfFile } from "../../locks/lock-forms.ts";
import { readCodeUsage } from "../../project/code-usage.ts";
import { describeEnvironments } from "../../project/target-environments.ts";
import type { ResolutionSettings } from "../../settings/resolution-settings.ts";
import { readInput } from "./read-input.ts";

export async function lockForEnvironments(
  invocation: Invocation,
  settings: ResolutionSettings,
  names: readonly string[],
) {
  const { terminal, options, arguments: given } = invocation;
  mustGoTogether(invocation, settings);
  const { pythonVersion, indexes } = settings;
  const { cacheDirectory } = indexes;
  const environments = await terminal.phase("describe target", () =>
    describeEnvironments(names, { pythonVersion, cacheDirectory }),
  );
  const input = await readInput(invocation, settings, (given[0] ?? []) as readonly string[]);
  for (const warning of input.warnings) terminal.warn(warning);
  const asked = { settings, input, subject: "the requirements", ...(await readCodeUsage(options)) };
  const locked = await lockTogether(invocation, asked, environments);
  for (const warning of locked.warnings) terminal.warn(warning);
  return { locked, input, settings, python: environments[0]?.target.python ?? "" };
}

/** What is for one environment alone is refused, and not left out. */
function mustGoTogether({ options }: Invocation, { engine, platform }: ResolutionSettings): void {
  const output = textOption(options, "output");
  const form = textOption(options, "format") ?? (output === undefined ? undefined : formOfFile(output));
  const refused = (what: string, hint: string) =>
    new ThothError("usage", `${what} and --environment do not go together`, { hint });
  if (platform !== undefined) throw refused("--platform", "Name the platform with another --environment.");
  if (engine !== "thoth")
    throw refused(`the engine ${engine}`, "Only Thoth's own engine locks for several environments.");
  if (textOption(options, "proof") !== undefined)
    throw refused("--proof", "A proof is of the stack of one environment.");
  if (form === "pipfile-lock")
    throw refused("a Pipfile.lock", "It is for one environment; write a pylock.toml or requirements.");
}
