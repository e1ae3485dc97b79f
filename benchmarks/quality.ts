// What advice is worth: real requirement sets at past dates, newest-first beside the type `security` and beside the
// requirements loosened as advised; known vulnerabilities are counted at the date and two years on. The answers are
// frozen in quality/fixtures/answers.json; the table is derived from them anew each time.
//
// Usage: npm run bench -- quality [--json] [--refresh [SET…]]

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { root } from "./measure.ts";
import { type Answers, type Case, loadAnswers, saveAnswers } from "./quality/answers.ts";
import { askSet, loadSets, PLATFORM } from "./quality/ask.ts";
import { tellLosses } from "./quality/losses.ts";
import { caseTable, setTable, tellTotals } from "./quality/tables.ts";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

export async function run(options: Options): Promise<void> {
  if (options.arguments.includes("--refresh")) {
    refresh(options.arguments.filter((word) => !word.startsWith("--")));
  }
  const answers = loadAnswers();
  if (answers === undefined)
    throw new Error("benchmarks/quality/fixtures/answers.json is missing: --refresh makes it");
  if (options.json) {
    console.log(JSON.stringify({ benchmark: "quality", ...answers }));
    return;
  }
  const short = `${setTable(answers.cases)}\n\n${tellTotals(answers)}`;
  console.log([caseTable(answers.cases), short, ...tellLosses(answers.cases)].join("\n\n"));
  writeTable(short);
}

/** Asks again for the sets that are named, or for all, and saves after each. */
function refresh(wanted: readonly string[]): void {
  const sets = loadSets();
  for (const set of sets.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.error(`${set.name} is asked for`);
    const { cases, newest } = askSet(set);
    const before = loadAnswers();
    const of = (name: string): readonly Case[] =>
      name === set.name ? cases : (before?.cases.filter((one) => one.set === name) ?? []);
    const answers: Answers = {
      advisoriesTo: newest || (before?.advisoriesTo ?? ""),
      platform: PLATFORM,
      cases: sets.flatMap(({ name }) => of(name)),
    };
    saveAnswers(answers);
  }
}

/** Puts the table into the README between its markers. */
function writeTable(table: string): void {
  const path = `${root}README.md`;
  if (!existsSync(path)) return;
  const marked = /(<!-- bench:quality -->\n)[\s\S]*?(<!-- \/bench:quality -->)/;
  const text = readFileSync(path, "utf8");
  const written = text.replace(marked, (_, begin: string, end: string) => `${begin}${table}\n${end}`);
  if (written !== text) writeFileSync(path, written);
}
