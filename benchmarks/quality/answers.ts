// The frozen answers: what `thoth advise` and `thoth audit` said of each requirement set at each date, as far as it is
// counted. A file of one line per case, so that a change of an answer is a change of a line; among the fixtures, since no
// formatter may break its lines.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Pins = Readonly<Record<string, string>>;

/** Of each package that has any: all that are known, and those of severity high or critical. */
export type Known = Readonly<Record<string, readonly [all: number, grave: number]>>;

/** A level with what the stack pays on it and what any must pay. */
export type Level = readonly [name: string, value: number, bound: number];

export interface Failure {
  readonly failure: string;
  readonly message: string;
}

export interface Stack {
  /** Against the newest-first stack: null is a package that is not there. */
  readonly changes: Readonly<Record<string, string | null>>;
  readonly proof: string;
  readonly objective: readonly Level[];
  /** At the date. */
  readonly known: Known;
  /** At the date of the newest advisory. */
  readonly later: Known;
  /** Of the whole command: what it had to fetch and the start of the process count. */
  readonly seconds: number;
}

export interface Step {
  readonly from: string;
  readonly to: string;
  /** Known vulnerabilities that were promised. */
  readonly promised: number;
  /** And those of the stack that was advised then. */
  readonly found: number;
}

export interface Case {
  readonly set: string;
  readonly kind: "fresh" | "pinned";
  readonly asOf: string;
  readonly python: string;
  readonly pins: Pins;
  readonly newest: Stack | Failure;
  readonly security: Stack | Failure;
  /** Each level as the first of an objective: the least that any stack pays. */
  readonly least: { readonly grave: Level; readonly all: Level } | Failure;
  readonly relaxed?: { readonly steps: readonly Step[]; readonly stack: Stack | Failure };
}

export interface Answers {
  readonly advisoriesTo: string;
  readonly platform: string;
  readonly cases: readonly Case[];
}

const FILE = fileURLToPath(new URL("fixtures/answers.json", import.meta.url));

/** Undefined before anything was asked. */
export function loadAnswers(): Answers | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Answers) : undefined;
}

export function saveAnswers({ cases, ...head }: Answers): void {
  const lines = cases.map((one) => JSON.stringify(one)).join(",\n");
  writeFileSync(FILE, `${JSON.stringify(head).slice(0, -1)},"cases":[\n${lines}\n]}\n`);
}

export function failed(answer: object): answer is Failure {
  return "failure" in answer;
}

/** How many are known, of severity high or critical where asked. */
export function countKnown(known: Known, grave = false): number {
  return Object.values(known).reduce((sum, counts) => sum + counts[grave ? 1 : 0], 0);
}

/** The sum over the levels of that name, whatever stands in brackets. */
export function paid({ objective }: Stack, level: string): number {
  return objective.reduce((sum, [name, value]) => (name.startsWith(level) ? sum + value : sum), 0);
}

/** A stack with its changes applied. */
export function pinsOf({ pins }: Case, { changes }: Stack): Pins {
  const all: Record<string, string | null> = { ...pins, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
