// Whole notebooks with the newest stack beside the advised one: whether they run, and if not, why. What is recorded is not done
// again, so that it can be stopped at any time and goes on where it was.
//
// Usage: npm run bench -- notebooks [--json] [--summary] [NOTEBOOK…]

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeMarked } from "./marked.ts";
import { root } from "./measure.ts";
import { brokenCases, type Case, corpusCases } from "./notebooks/cases.ts";
import type { Row } from "./notebooks/row.ts";
import { brokenTable, corpusTable } from "./notebooks/tables.ts";
import { type Failure, type Locked, lock, type Outcome, runLocked } from "./notebooks/trial.ts";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

const recorded = fileURLToPath(new URL("notebooks/recorded.json", import.meta.url));
const OLDER = ["3.9", "3.8"];

export async function run(options: Options): Promise<void> {
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const { cases: corpus, untried } = corpusCases();
  const broken = brokenCases();
  const all = [...broken, ...corpus];
  const rows = new Map(readRecorded().map((row) => [row.name, row]));
  if (!options.arguments.includes("--summary"))
    for (const notebook of all) {
      if (wanted.length === 0 ? rows.has(notebook.name) : !wanted.includes(notebook.name)) continue;
      console.error(`${notebook.name} is run`);
      rows.set(notebook.name, tryBoth(notebook));
      save(rows, broken);
    }
  const told = (cases: readonly Case[]) => cases.flatMap(({ name }) => rows.get(name) ?? []);
  const corpusRows = told(corpus);
  if (options.json) console.log(JSON.stringify({ benchmark: "notebooks", rows: told(all) }));
  const tables: [string, string][] = [["notebooks-broken", brokenTable(broken, told(broken))]];
  // Without the corpus nothing is known of what is not in it.
  if (corpus.length > 0) tables.push(["notebooks-corpus", corpusTable(corpus, corpusRows, untried)]);
  for (const [name, text] of tables) {
    if (!options.json) console.log(`${text}\n`);
    writeMarked(name, text, "docs/advice.md");
  }
}

function readRecorded(): readonly Row[] {
  return existsSync(recorded) ? (JSON.parse(readFileSync(recorded, "utf8")) as Row[]) : [];
}

/** The small ones in their order, then the corpus by name: a record of another corpus is kept. */
function save(rows: ReadonlyMap<string, Row>, broken: readonly Case[]): void {
  const own = new Set(broken.map(({ name }) => name));
  const others = [...rows.keys()].filter((name) => !own.has(name)).sort();
  const kept = [...own, ...others].flatMap((name) => rows.get(name) ?? []);
  writeFileSync(recorded, `${JSON.stringify(kept, undefined, 2)}\n`);
  spawnSync(`${root}node_modules/.bin/biome`, ["format", "--write", recorded]);
}

function tryBoth(notebook: Case): Row {
  const { name } = notebook;
  const latest = lock(notebook, "latest");
  const stable = lock(notebook, "stable");
  if (isFailure(latest) || isFailure(stable)) {
    const outcome = (locked: Locked | Failure): Outcome => (isFailure(locked) ? locked : runLocked(locked));
    const reasons = isFailure(stable) ? [] : stable.reasons;
    return { name, newest: outcome(latest), advised: outcome(stable), differs: [], reasons };
  }
  const differs = differencesOf(latest, stable);
  const newest = runLocked(latest);
  const advised = differs.length === 0 ? newest : runLocked(stable);
  const row = { name, newest, advised, differs, reasons: stable.reasons };
  return isFailure(advised) && stable.reasons.length > 0 ? { ...row, older: olderPython(notebook) } : row;
}

function isFailure(one: Locked | Outcome): one is Failure {
  return "kind" in one && one.kind === "failed";
}

function differencesOf(latest: Locked, stable: Locked): Row["differs"] {
  const names = [...new Set([...latest.packages.keys(), ...stable.packages.keys()])].sort();
  return names.flatMap((name) => {
    const [one, other] = [latest.packages.get(name) ?? null, stable.packages.get(name) ?? null];
    return one === other ? [] : [[name, one, other] as const];
  });
}

/** Null where none of them runs it. */
function olderPython(notebook: Case): string | null {
  for (const python of OLDER) {
    const locked = lock(notebook, "stable", python);
    if (!isFailure(locked) && runLocked(locked).kind === "runs") return python;
  }
  return null;
}
