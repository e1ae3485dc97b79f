// What of a lock is meant: its default groups unless they are declined, and the groups and extras that are named.

import { type ForeignLock, type LockFormat, normalizeName, quote, ThothError } from "@thoth/pep";
import { flagOption, listOption, type OptionValues, textOption } from "../frame/command.ts";

export interface LockChoice {
  /** In normal form; both. */
  readonly groups: ReadonlySet<string>;
  readonly extras: ReadonlySet<string>;
}

export function lockFormatWish(options: OptionValues): LockFormat | undefined {
  return textOption(options, "lockFormat") as LockFormat | undefined;
}

/** Throws usage where the lock has no such group or extra. */
export function readLockChoice(options: OptionValues, lock: ForeignLock): LockChoice {
  const { defaultGroups = [], dependencyGroups = [], extras: known = [] } = lock;
  const asked = [...listOption(options, "group"), ...(flagOption(options, "dev") ? ["dev"] : [])];
  const groups = checked(asked, "group", [...dependencyGroups, ...defaultGroups]);
  const extras = checked(listOption(options, "extra"), "extra", known);
  const unasked = options["defaultGroups"] === false ? [] : defaultGroups.map(normalizeName);
  return { groups: new Set([...groups, ...unasked]), extras: new Set(extras) };
}

function checked(
  asked: readonly string[],
  what: "group" | "extra",
  known: readonly string[],
): readonly string[] {
  const names = new Set(known.map((name): string => normalizeName(name)));
  return asked.map((text) => {
    const name = normalizeName(text);
    if (names.has(name)) return name;
    throw new ThothError("usage", `the lock has no ${what} ${quote(text)}`, {
      hint: names.size === 0 ? `It has no ${what}s at all.` : `It has ${[...names].sort().join(", ")}.`,
      details: { [what]: text, known: [...names].slice(0, 100) },
    });
  });
}
