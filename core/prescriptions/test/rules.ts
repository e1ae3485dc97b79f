// Short ways to write rules in tests.

import { encodeUnit } from "../src/encode-unit.ts";
import type { Unit } from "../src/index.ts";
import { type ParsedFile, parsePrescriptionFile } from "../src/parse-file.ts";

/** A file with one unit; `body` has the lines behind its name. */
export function ruleText(list: string, body: string, name = "One"): string {
  const lines = body
    .trim()
    .split("\n")
    .map((line) => `    ${line}\n`);
  return `units:\n  ${list}:\n  - name: ${name}\n${lines.join("")}`;
}

export function parseText(text: string): ParsedFile<readonly Unit[]> {
  return parsePrescriptionFile({ path: "rules.yaml", text }, { name: "test", release: "1" });
}

/** A unit as the JSON that is stored, without its name. */
export function shown(unit: Unit | undefined): unknown {
  if (unit === undefined) return undefined;
  const { name: _name, ...rest } = JSON.parse(encodeUnit(unit)) as Record<string, unknown>;
  return rest;
}

/** `code line:column` of each problem. */
export function places(problems: readonly { code: string; line: number; column: number }[]): string[] {
  return problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
}
