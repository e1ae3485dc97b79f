// `thoth lock --environment …`: one lock for several environments.

import { type Pylock, ThothError } from "@thoth/pep";
import { lockTogether } from "../../engines/joint-engine.ts";
import { tellMoved } from "../../engines/moved.ts";
import { type Invocation, textOption } from "../../frame/command.ts";
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
  const { terminal, arguments: given } = invocation;
  mustGoTogether(invocation, settings);
  const { pythonVersion, indexes } = settings;
  const { cacheDirectory } = indexes;
  const environments = await terminal.phase("describe target", () =>
    describeEnvironments(names, { pythonVersion, cacheDirectory }),
  );
  const input = await readInput(invocation, settings, (given[0] ?? []) as readonly string[]);
  for (const warning of input.warnings) terminal.warn(warning);
  const keep = await readPreferred(invocation);
  const locked = await lockTogether(
    invocation,
    { settings, input, keep, subject: "the requirements", ...(await readCodeUsage(invocation.options)) },
    environments,
  );
  for (const warning of locked.warnings) terminal.warn(warning);
  tellMoved(terminal, locked.moved ?? []);
  return { locked, input, settings, python: environments[0]?.target.python ?? "" };
}

/** The lock whose versions are preferred, of whatever program. */
async function readPreferred({ options, environment }: Invocation): Promise<Pylock | undefined> {
  const path = textOption(options, "prefer");
  if (path === undefined) return undefined;
  const { readLock } = await import("../../locks/read-lock.ts");
  const { lock, foreign } = await readLock(path, environment);
  const packages = foreign.packages.map(({ name, version, marker }) => ({
    name,
    ...(version === undefined ? {} : { version }),
    ...(marker === undefined ? {} : { marker }),
  }));
  return lock ?? { lockVersion: "1.0", createdBy: "", packages };
}

/** What is for one environment alone is refused, and not left out. */
function mustGoTogether({ options }: Invocation, settings: ResolutionSettings): void {
  const { engine, platform } = settings;
  const output = textOption(options, "output");
  const form = textOption(options, "format") ?? (output === undefined ? undefined : formOfFile(output));
  const alone: readonly (readonly [is: boolean, what: string, hint: string])[] = [
    [platform !== undefined, "--platform", "Name the platform with another --environment."],
    [engine !== "thoth", `the engine ${engine}`, "Only Thoth's own engine locks for several environments."],
    [textOption(options, "proof") !== undefined, "--proof", "A proof is of the stack of one environment."],
    [form === "pipfile-lock", "a Pipfile.lock", "It is for one environment; a pylock.toml is for several."],
  ];
  for (const [is, what, hint] of alone)
    if (is) throw new ThothError("usage", `${what} and --environment do not go together`, { hint });
}
