// The checks that a command line asks for: indicators by name, and programs of one's own.

import { basename } from "node:path";
import { type Check, type Indicator, loadIndicators } from "@thoth/inspection";
import { quote, ThothError } from "@thoth/pep";
import { readGivenText } from "../files/read-file.ts";
import { listOption, type OptionValues } from "../frame/command.ts";
import { shippedData } from "../shipped-data.ts";

const SCRIPT_BYTES = 4 << 20;

export interface StackOfChecks {
  /** Packages of the stack. */
  readonly names: ReadonlySet<string>;
  /** Those that were asked for. */
  readonly direct: readonly string[];
}

/** Throws usage, invalid-indicator, file-failed. */
export async function readChecks(options: OptionValues, stack: StackOfChecks): Promise<readonly Check[]> {
  const wanted = listOption(options, "indicator");
  const folders = [shippedData("indicators"), ...listOption(options, "indicators")];
  const known = wanted.length === 0 ? new Map<string, Indicator>() : await loadIndicators(folders);
  const parameters = parametersOf(listOption(options, "parameter"));
  const chosen = wanted.flatMap((name) => choose(name, known, stack));
  const measured = [...new Set(chosen)].flatMap((indicator) => checksOf(indicator, parameters, stack));
  const programs = listOption(options, "check").map(readProgram);
  return [...measured, ...(await Promise.all(programs))];
}

/** Throws usage, file-failed. */
export async function readProgram(path: string): Promise<Check> {
  if (!path.endsWith(".py")) throw new ThothError("usage", `${quote(path)} is no Python file`);
  return { kind: "program", name: basename(path), script: await readGivenText(path, SCRIPT_BYTES) };
}

/** `all`: those that are of a package that was asked for. */
function choose(name: string, known: ReadonlyMap<string, Indicator>, stack: StackOfChecks): Indicator[] {
  if (name === "all") {
    return [...known.values()].filter(({ packages: [subject, ...others] }) => {
      if (subject === undefined) return false;
      return (
        (subject === "*" || stack.direct.includes(subject)) && others.every((one) => stack.names.has(one))
      );
    });
  }
  const indicator = known.get(name);
  if (indicator === undefined) {
    throw new ThothError("usage", `${quote(name)} is no indicator`, {
      hint: `There are ${[...known.keys()].join(", ")}; or all.`,
    });
  }
  const absent = indicator.packages.find((one) => one !== "*" && !stack.names.has(one));
  if (absent === undefined) return [indicator];
  throw new ThothError(
    "usage",
    `the indicator ${quote(name)} needs ${quote(absent)}, which the stack has not`,
  );
}

/** An indicator of any package is one of each that was asked for. */
function checksOf(
  indicator: Indicator,
  parameters: Readonly<Record<string, string>>,
  { direct, names }: StackOfChecks,
): Check[] {
  const own = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => indicator.parameters.has(name)),
  );
  if (indicator.packages[0] !== "*") return [{ kind: "indicator", indicator, parameters: own }];
  return direct
    .filter((name) => names.has(name))
    .map((name) => ({ kind: "indicator", indicator, parameters: own, package: name }));
}

function parametersOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new ThothError("usage", `${quote(word)} is not NAME=VALUE`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}
