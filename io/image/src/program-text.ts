// Programs as an installer makes them of entry points, and of scripts that leave their interpreter open.
// https://packaging.python.org/en/latest/specifications/entry-points/#use-for-scripts,
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/#recommended-installer-features

import { type EntryPoint, readEntryPoints } from "@thoth/artifact";
import { quote, ThothError } from "@thoth/pep";
import { PROGRAMS } from "./image-folders.ts";

export interface Program {
  readonly name: string;
  readonly text: string;
}

const INTERPRETER = `/${PROGRAMS}/python`;
const GROUPS: ReadonlySet<string> = new Set(["console_scripts", "gui_scripts"]);
const IDENTIFIER = "[\\p{L}_][\\p{L}\\p{N}_]*";
const DOTTED = `${IDENTIFIER}(?:\\.${IDENTIFIER})*`;
const VALUE = new RegExp(`^(${DOTTED})\\s*:\\s*(${DOTTED})\\s*(?:\\[[^\\]]*\\])?$`, "u");

/** Of the text of `entry_points.txt`, sorted by name; of two with one name the last. Throws `invalid-wheel`. */
export function programsOf(entryPoints: string): readonly Program[] {
  const programs = new Map<string, Program>();
  for (const entry of readEntryPoints(entryPoints))
    if (GROUPS.has(entry.group)) programs.set(entry.name, { name: entry.name, text: launcher(entry) });
  return [...programs.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function launcher({ name, value }: EntryPoint): string {
  const [, module, object = ""] = VALUE.exec(value) ?? [];
  if (module === undefined)
    throw new ThothError("invalid-wheel", `The program ${quote(name)} begins nowhere: ${quote(value)}.`);
  const [first = ""] = object.split(".", 1);
  return [
    `#!${INTERPRETER}`,
    "import sys",
    `from ${module} import ${first}`,
    "",
    'if __name__ == "__main__":',
    `    sys.exit(${object}())`,
    "",
  ].join("\n");
}

/** With its interpreter where it says `#!python`; undefined where it says something else. */
export function withInterpreter(script: Buffer): Buffer | undefined {
  const match = /^#!pythonw?(?=[ \t\r\n]|$)/.exec(script.toString("latin1", 0, 16));
  if (match === null) return undefined;
  return Buffer.concat([Buffer.from(`#!${INTERPRETER}`), script.subarray(match[0].length)]);
}
