// Notebooks of the past: the share that runs to its end with `--as-of auto --try`, with the newest stack, and with pipreqs. What is
// recorded is not done again, so that it can be stopped at any time and goes on where it was.
//
// Usage: npm run bench -- past [--json] [--summary] [NOTEBOOK…]

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { notebookOf } from "../core/notebook/test/notebook-text.ts";
import { writeMarked } from "./marked.ts";
import { root } from "./measure.ts";
import { type Case, corpusCases } from "./notebooks/cases.ts";
import { pastTable, type Row } from "./past/table.ts";
import { makeTools, oldNotebooks, tryAuto, tryNewest, tryPipreqs } from "./past/trial.ts";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

const recorded = fileURLToPath(new URL("past/recorded.json", import.meta.url));

interface Sorted extends Case {
  readonly group: Row["group"];
}

export async function run(options: Options): Promise<void> {
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const all = sortedCases();
  const rows = new Map(readRecorded().map((row) => [row.name, row]));
  if (!options.arguments.includes("--summary")) {
    makeTools();
    for (const notebook of all) {
      const { name, group } = notebook;
      if (wanted.length === 0 ? rows.has(name) : !wanted.includes(name)) continue;
      console.error(`${name} is run`);
      const auto = tryAuto(notebook);
      const newest = tryNewest(notebook, auto);
      const pipreqs = tryPipreqs(notebook);
      const unpinned = pipreqs.kind === "runs" ? pipreqs : tryPipreqs(notebook, "no-pin");
      rows.set(name, { name, group, auto, newest, pipreqs, unpinned });
      save(rows);
    }
  }
  const told = [...rows.values()];
  if (options.json) console.log(JSON.stringify({ benchmark: "past", rows: told }));
  else console.log(pastTable(told));
  writeMarked("past", pastTable(told), "docs/measured.md");
}

/** Those that run offline by their listing, our own, and the rest of the corpus. */
function sortedCases(): readonly Sorted[] {
  const { cases } = corpusCases();
  const of = (isOffline: boolean): Sorted[] =>
    cases
      .filter(({ runsOffline }) => (runsOffline === true) === isOffline)
      .map((one) => ({ ...one, group: isOffline ? "offline" : "other" }));
  return [...of(true), ...ownCases(), ...of(false)];
}

function ownCases(): readonly Sorted[] {
  return oldNotebooks().map(({ name, python, cells }) => ({
    name,
    source: "our own",
    isCorpus: false,
    group: "old",
    place(folder) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const path = join(folder, "notebook.ipynb");
      const document = JSON.parse(Buffer.from(notebookOf(cells)).toString()) as {
        metadata: Record<string, unknown>;
      };
      document.metadata["language_info"] = { name: "python", version: python };
      writeFileSync(path, JSON.stringify(document));
      return path;
    },
  }));
}

function readRecorded(): readonly Row[] {
  return existsSync(recorded) ? (JSON.parse(readFileSync(recorded, "utf8")) as Row[]) : [];
}

function save(rows: ReadonlyMap<string, Row>): void {
  const sorted = [...rows.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  writeFileSync(recorded, `${JSON.stringify(sorted, undefined, 2)}\n`);
  spawnSync(`${root}node_modules/.bin/biome`, ["format", "--write", recorded]);
}
