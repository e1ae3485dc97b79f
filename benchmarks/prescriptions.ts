// What rules cost a request: compiling them, loading what was compiled, making the pipeline of a request and looking up the
// packages of a stack, each in fresh processes where nothing is warm. Medians of them; `later` is the same again in the
// same process.
//
// Usage: npm run bench -- prescriptions [--json]

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import { dataFolder } from "@thoth/testkit";
import { readPrescriptions } from "../io/ingest/src/index.ts";
import { median, root, workshop } from "./measure.ts";
import type { ColdRun } from "./prescriptions-cold.ts";

const PROCESSES = 15;
const COMPILATIONS = 3;

interface Row {
  readonly rules: string;
  readonly units: number;
  readonly kilobytes: number;
  readonly compile: number;
  readonly run: ColdRun;
}

export async function run({ json }: { readonly json: boolean }): Promise<void> {
  mkdirSync(workshop, { recursive: true });
  const rows = [await judge("shipped", join(root, "rules"))];
  const folder = dataFolder();
  const published = existsSync(folder)
    ? readdirSync(folder).filter((name) => /prescriptions.*\.tar\.gz$/.test(name))
    : [];
  for (const name of published) rows.push(await judge(name.replace(/\.tar\.gz$/, ""), join(folder, name)));
  console.log(json ? JSON.stringify({ benchmark: "prescriptions", rows }) : table(rows));
}

async function judge(rules: string, place: string): Promise<Row> {
  const files = (await readPrescriptions(place)).rules;
  const times: number[] = [];
  let compiled = compilePrescriptions([]);
  for (let round = 0; round < COMPILATIONS; round++) {
    const start = performance.now();
    compiled = compilePrescriptions(files);
    times.push(performance.now() - start);
  }
  const path = join(workshop, "prescriptions.bin");
  writeFileSync(path, compiled.bytes);
  const script = join(root, "benchmarks/prescriptions-cold.ts");
  const runs = Array.from({ length: PROCESSES }, () => {
    const words = ["--disable-warning=ExperimentalWarning", script, path];
    return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" })) as ColdRun;
  });
  return {
    rules,
    units: Object.values(compiled.counts).reduce((sum, count) => sum + count, 0),
    kilobytes: Math.round(compiled.bytes.length / 1000),
    // The first is that of a program that does nothing else.
    compile: times[0] ?? 0,
    run: {
      found: runs[0]?.found ?? 0,
      load: median(runs.map(({ load }) => load)),
      pipeline: pairOf(runs.map(({ pipeline }) => pipeline)),
      lists: pairOf(runs.map(({ lists }) => lists)),
      stack: pairOf(runs.map(({ stack }) => stack)),
    },
  };
}

type Pair = ColdRun["pipeline"];

function pairOf(pairs: readonly Pair[]): Pair {
  return { first: median(pairs.map(({ first }) => first)), later: median(pairs.map(({ later }) => later)) };
}

function table(rows: readonly Row[]): string {
  const pair = ({ first, later }: Pair) => `${first.toFixed(2)}, later ${later.toFixed(2)} ms`;
  return rows
    .map(({ rules, units, kilobytes, compile, run: { found, load, pipeline, lists, stack } }) =>
      [
        `${rules}: ${units} units, ${kilobytes} kB`,
        `  compile             ${compile.toFixed(0)} ms`,
        `  load                ${load.toFixed(2)} ms`,
        `  pipeline            ${pair(pipeline)}`,
        `  and every list      ${pair(lists)}`,
        `  a stack of 60       ${pair(stack)}, ${found} units in all`,
      ].join("\n"),
    )
    .join("\n");
}
