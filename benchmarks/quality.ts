import { writeMarked } from "./marked.ts";
import { type Answers, type Case, loadAnswers, saveAnswers } from "./quality/answers.ts";
import { askSet, loadSets, PLATFORM } from "./quality/ask.ts";
import { tellLosses } from "./quality/losses.ts";
import { caseTable, setTable, tellTotals, totalTable } from "./quality/tables.ts";

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
  writeMarked("quality-sets", short, "docs/measured.md");
  writeMarked("quality", totalTable(answers), "README.md");
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
