// Notebooks that broke for others, as public issues tell, healed: with the packages that their authors asked for, as of one date.
// What is recorded is not done again, so that it can be stopped at any time and goes on where it was.
//
// Usage: npm run bench -- heal [--json] [--summary] [NOTEBOOK…]

import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { notebookOf } from "../core/notebook/test/notebook-text.ts";
import { writeMarked } from "./marked.ts";
import { root, workshop } from "./measure.ts";

const AS_OF = "2026-11-01";
const PYTHON = "3.11";
const folder = `${workshop}/heal`;
const recorded = fileURLToPath(new URL("heal/recorded.json", import.meta.url));
const environment = {
  ...process.env,
  THOTH_DATA_DIR: `${folder}/data`,
  JUPYTER_DATA_DIR: `${folder}/jupyter`,
};

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Broken {
  readonly name: string;
  /** Null: one's own mistake, which no version heals. */
  readonly issue: string | null;
  readonly packages: Readonly<Record<string, string>>;
  /** Where another is needed than 3.11. */
  readonly python?: string;
  readonly cells: readonly string[];
}

interface Row {
  readonly name: string;
  readonly healed: boolean;
  readonly symptom: string;
  readonly changes: string;
  readonly inspections: number;
  readonly linear: number;
  /** Of the whole: lock, install, run, heal and run again. */
  readonly seconds: number;
}

export async function run(options: Options): Promise<void> {
  const path = fileURLToPath(new URL("heal/notebooks.json", import.meta.url));
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const all = JSON.parse(readFileSync(path, "utf8")) as Broken[];
  const rows = new Map(readRecorded().map((row) => [row.name, row]));
  if (!options.arguments.includes("--summary"))
    for (const broken of all) {
      if (wanted.length === 0 ? rows.has(broken.name) : !wanted.includes(broken.name)) continue;
      console.error(`${broken.name} is run`);
      rows.set(broken.name, heal(broken));
      const kept = all.flatMap(({ name }) => rows.get(name) ?? []);
      writeFileSync(recorded, `${JSON.stringify(kept, undefined, 2)}\n`);
    }
  // Of an older record, as of a new one.
  for (const [name, row] of rows) rows.set(name, { ...row, symptom: withoutPaths(row.symptom) });
  const told = all.flatMap(({ name }) => rows.get(name) ?? []);
  if (options.json) console.log(JSON.stringify({ benchmark: "heal", rows: told }));
  else console.log(table(all, told));
  writeMarked("heal", table(all, told), "docs/healing.md");
}

function readRecorded(): readonly Row[] {
  return existsSync(recorded) ? (JSON.parse(readFileSync(recorded, "utf8")) as Row[]) : [];
}

function withoutPaths(text: string): string {
  return text.replace(/ ?\((?:[^()]*\/)+[^()]*\)/g, "").replace(/`[^`]*\/([^`/]*\.ipynb)`/g, "`$1`");
}

interface Document {
  readonly healed?: readonly {
    readonly symptom: string;
    readonly changes: readonly {
      readonly name: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
    readonly inspections: number;
    readonly linear: number;
  }[];
  readonly error?: {
    readonly message: string;
    readonly details?: { readonly healing?: { readonly inspections?: number } };
  };
}

function heal(broken: Broken): Row {
  const { name, python = PYTHON } = broken;
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}.ipynb`;
  for (const old of [path, `${folder}/${name}.out.ipynb`]) rmSync(old, { force: true });
  const { cells, packages } = broken;
  const requirements = JSON.stringify({ packages, requires: { python_version: python } });
  writeFileSync(path, notebookOf(cells, { metadata: { requirements } }));
  const begin = performance.now();
  const place = ["--python-version", python, "--as-of", AS_OF];
  // Every run and what it did is told there.
  const log = `${folder}/${name}.log`;
  const errors = openSync(log, "w");
  const words = ["run", path, "--heal", "--json", "--verbose", ...place];
  const done = spawnSync(`${root}node_modules/.bin/horus`, words, {
    encoding: "utf8",
    env: environment,
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", errors],
  });
  closeSync(errors);
  const seconds = Math.round((performance.now() - begin) / 1000);
  if (!done.stdout.trimStart().startsWith("{"))
    throw new Error(`${name}: ${readFileSync(log, "utf8").slice(-2000)}`);
  const { healed = [], error } = JSON.parse(done.stdout) as Document;
  const sum = (of: (one: (typeof healed)[number]) => number) =>
    healed.reduce((total, one) => total + of(one), 0);
  return {
    name,
    healed: error === undefined && healed.length > 0,
    symptom: withoutPaths(healed[0]?.symptom ?? error?.message ?? "it runs"),
    changes: healed
      .flatMap(({ changes }) =>
        changes.map((change) => `${change.name} ${change.from ?? "(new)"} → ${change.to ?? "(gone)"}`),
      )
      .join(", "),
    inspections: sum(({ inspections }) => inspections) + (error?.details?.healing?.inspections ?? 0),
    linear: sum(({ linear }) => linear),
    seconds,
  };
}

function table(all: readonly Broken[], rows: readonly Row[]): string {
  const issues = new Map(all.map(({ name, issue }) => [name, issue]));
  const lines = rows.map(({ name, healed, symptom, changes, inspections, linear, seconds }) => {
    const issue = issues.get(name);
    const title = issue === null || issue === undefined ? name : `[${name}](${issue})`;
    const short = (symptom.split("\n", 1)[0] ?? "").replaceAll("|", "\\|").slice(0, 110);
    return `| ${title} | \`${short.replaceAll("`", "'")}\` | ${healed ? `yes: ${changes}` : "no"} | ${inspections} | ${healed ? linear : "–"} | ${seconds} s |`;
  });
  return [
    "| notebook | failure | healed | runs | one by one | time |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
