// Cases beside a file of rules: stacks, and the units that must hold for each.

import { quote, ThothError } from "@thoth/pep";
import { parse } from "yaml";

export interface Case {
  readonly file: string;
  readonly name: string;
  readonly python: string;
  readonly uses: Readonly<Record<string, readonly string[]>>;
  readonly stack: Readonly<Record<string, string>>;
  readonly fires: readonly string[];
}

/** Throws usage where the file is no list of cases. */
export function readCases(file: string, text: string): readonly Case[] {
  const read = parse(text, { schema: "core", maxAliasCount: 0 }) as {
    readonly cases?: readonly Partial<Case>[];
  } | null;
  if (!Array.isArray(read?.cases)) throw new ThothError("usage", `${quote(file)} has no list of \`cases\``);
  return read.cases.map((item, at) => {
    const { name = `case ${at + 1}`, python = "3.11", uses = {}, stack, fires } = item as Partial<Case>;
    if (stack === undefined || fires === undefined)
      throw new ThothError("usage", `${quote(file)}: ${quote(name)} needs a \`stack\` and what \`fires\``);
    return { file, name, python: String(python), uses, stack, fires };
  });
}
