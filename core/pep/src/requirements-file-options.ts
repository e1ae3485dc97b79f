// The options of a line in a requirements file:
// https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-options. Read as pip's option parser
// does: long names may be cut short where that is unambiguous, values follow `=`, white space or a short name.

import { splitShellWords } from "./shell-words.ts";

export type OptionName =
  | "all-releases"
  | "config-settings"
  | "constraint"
  | "editable"
  | "extra-index-url"
  | "find-links"
  | "global-option"
  | "hash"
  | "index-url"
  | "no-binary"
  | "no-index"
  | "no-require-hashes"
  | "only-binary"
  | "only-final"
  | "pre"
  | "prefer-binary"
  | "require-hashes"
  | "requirement"
  | "trusted-host"
  | "use-feature";

export interface LineOption {
  readonly name: OptionName;
  /** Empty for a switch. */
  readonly value: string;
}

interface Definition {
  readonly name: OptionName;
  readonly takesValue: boolean;
}

function define(name: OptionName, takesValue: boolean, ...spellings: string[]): [string, Definition][] {
  return [`--${name}`, ...spellings].map((spelling) => [spelling, { name, takesValue }]);
}

const definitions: ReadonlyMap<string, Definition> = new Map([
  ...define("index-url", true, "-i", "--pypi-url"),
  ...define("extra-index-url", true),
  ...define("no-index", false),
  ...define("constraint", true, "-c"),
  ...define("requirement", true, "-r"),
  ...define("editable", true, "-e"),
  ...define("find-links", true, "-f"),
  ...define("no-binary", true),
  ...define("only-binary", true),
  ...define("prefer-binary", false),
  ...define("require-hashes", false),
  ...define("no-require-hashes", false),
  ...define("pre", false),
  ...define("all-releases", true),
  ...define("only-final", true),
  ...define("trusted-host", true),
  ...define("use-feature", true),
  ...define("hash", true),
  ...define("config-settings", true, "-C", "--config-setting"),
  ...define("global-option", true),
]);

/** The requirement before the first word that begins with a hyphen, and the options from there. */
export function splitOptions(line: string): { readonly requirement: string; readonly options: string } {
  const start = line.startsWith("-") ? 0 : line.indexOf(" -") + 1;
  if (start === 0 && !line.startsWith("-")) return { requirement: line, options: "" };
  return { requirement: line.slice(0, start).trimEnd(), options: line.slice(start) };
}

/** The options, or what is wrong with them. */
export function parseOptions(text: string): readonly LineOption[] | string {
  const words = splitShellWords(text);
  if (words === undefined) return "a quotation has no end";
  const options: LineOption[] = [];
  let index = 0;
  while (index < words.length) {
    const word = words[index]!;
    index += 1;
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") continue;
    const read = word.startsWith("--") ? readLong(word) : readShort(word);
    if (typeof read === "string") return read;
    let { value } = read;
    if (read.definition.takesValue && value === undefined) {
      value = words[index];
      if (value === undefined) return `${word} needs a value`;
      index += 1;
    }
    options.push({ name: read.definition.name, value: value ?? "" });
  }
  return options;
}

interface ReadOption {
  readonly definition: Definition;
  readonly value: string | undefined;
}

function readLong(word: string): ReadOption | string {
  const equals = word.indexOf("=");
  const spelling = equals === -1 ? word : word.slice(0, equals);
  const definition = definitions.get(spelling) ?? uniqueBeginning(spelling);
  if (definition === undefined) return `there is no option ${spelling}`;
  if (typeof definition === "string") return definition;
  if (equals !== -1 && !definition.takesValue) return `${spelling} takes no value`;
  return { definition, value: equals === -1 ? undefined : word.slice(equals + 1) };
}

function uniqueBeginning(spelling: string): Definition | string | undefined {
  const candidates = [...definitions].filter(([full]) => full.startsWith(spelling));
  const names = new Set(candidates.map(([, definition]) => definition.name));
  return names.size > 1 ? `the option ${spelling} is ambiguous` : candidates[0]?.[1];
}

function readShort(word: string): ReadOption | string {
  const definition = definitions.get(word.slice(0, 2));
  if (definition === undefined) return `there is no option ${word.slice(0, 2)}`;
  return { definition, value: word.length === 2 ? undefined : word.slice(2) };
}
