// Whether `performance` advises what is faster: real programs with the stack that it advises, from the measurements that
// `inspections` recorded, and with that of `latest`, by turns in the same run, each time a process of its own.
//
// Usage: npm run bench -- performance [--json] [--runs=N] [PROGRAM…]

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { median, SMALLEST_DIFFERENCE, type Speedup, speedupOf } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import { readAllRecorded, recordedRoot } from "./inspections/recorded.ts";
import { AS_OF, readSeries } from "./inspections/series.ts";
import { failureOf, thoth } from "./installing/environment.ts";
import { writeMarked } from "./marked.ts";
import { cpu, measure, workshop } from "./measure.ts";

const PYTHON = "3.11";
const RUNS = 15;
const folder = `${workshop}/performance`;
const programs = fileURLToPath(new URL("performance/", import.meta.url));

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Stack {
  readonly pins: Readonly<Record<string, string>>;
  readonly lock: string;
}

interface Row {
  readonly program: string;
  /** Of `performance` against `latest`. */
  readonly differs: readonly string[];
  /** Milliseconds of processor, medians; absent where the stacks are the same. */
  readonly times?: readonly [latest: number, performance: number];
  readonly speedup?: Speedup;
}

export async function run(options: Options): Promise<void> {
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const runs = Number(options.arguments.find((word) => word.startsWith("--runs="))?.slice(7) ?? RUNS);
  mkdirSync(folder, { recursive: true });
  const database = `${folder}/graph.sqlite`;
  const measurements = await fillGraph(database);
  const rows: Row[] = [];
  for (const file of readdirSync(programs).toSorted()) {
    const name = basename(file, ".py");
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`${name} is run`);
    rows.push(compare(`${programs}${file}`, name, { database, runs }));
  }
  if (options.json) {
    console.log(JSON.stringify({ benchmark: "performance", asOf: AS_OF, measurements, rows }));
    return;
  }
  const text = table(rows);
  console.log(`${measurements} measurements\n\n${text}`);
  if (wanted.length === 0) writeMarked("performance", text, "docs/inspections.md");
}

/** A fresh graph of all that was recorded; returns how many measurements it has. */
async function fillGraph(database: string): Promise<number> {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${database}${end}`, { force: true });
  const graph = await openGraph(database);
  let measurements = 0;
  try {
    for (const { releases } of readSeries().flatMap((series) => readAllRecorded(recordedRoot, series))) {
      const facts = Object.values(releases).flatMap((release) => release.facts);
      measurements += facts.filter(({ kind }) => kind === "measurement").length;
      const at = facts.reduce((newest, { provenance }) => Math.max(newest, provenance.observedAt), 0);
      await graph.write({ changes: facts.map((put) => ({ put })), at, source: "inspection" });
    }
  } finally {
    await graph.close();
  }
  return measurements;
}

function compare(
  program: string,
  name: string,
  { database, runs }: { readonly database: string; readonly runs: number },
): Row {
  const [latest, advised] = (["latest", "performance"] as const).map((type) =>
    advise(program, name, { type, database }),
  ) as [Stack, Stack];
  const names = [...new Set([...Object.keys(latest.pins), ...Object.keys(advised.pins)])].sort();
  const differs = names
    .filter((one) => latest.pins[one] !== advised.pins[one])
    .map((one) => `${one} ${latest.pins[one] ?? "–"} → ${advised.pins[one] ?? "–"}`);
  if (differs.length === 0) return { program: name, differs };
  const environments = [latest, advised].map(({ lock }) => install(lock)) as [Environment, Environment];
  try {
    const [before, after] = runByTurns(program, environments, runs);
    return {
      program: name,
      differs,
      times: [median(before), median(after)],
      speedup: speedupOf(before, after),
    };
  } finally {
    for (const { path } of environments) rmSync(path, { recursive: true, force: true });
  }
}

function advise(
  program: string,
  name: string,
  { type, database }: { readonly type: string; readonly database: string },
): Stack {
  const needs = /^# Needs: (.+)$/m.exec(readFileSync(program, "utf8"))?.[1];
  if (needs === undefined) throw new Error(`${name} does not say what it needs`);
  const requirements = `${folder}/${name}.in`;
  writeFileSync(requirements, `${needs.split(" ").join("\n")}\n`);
  const lock = `${folder}/pylock.${name}-${type}.toml`;
  rmSync(lock, { force: true });
  const place = ["--python-version", PYTHON, "--as-of", AS_OF, "--only-binary", ":all:"];
  const words = ["--recommendation-type", type, "--database", database, "--no-relax", "-o", lock];
  const document = thoth(["advise", requirements, ...place, ...words]);
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${name} has no ${type} stack: ${failure}`);
  const [product] = document["products"] as [{ packages: { name: string; version: string }[] }];
  return { lock, pins: Object.fromEntries(product.packages.map((one) => [one.name, one.version])) };
}

interface Environment {
  readonly path: string;
  readonly python: string;
}

function install(lock: string): Environment {
  const document = thoth(["install", lock, "--python-version", PYTHON]);
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${basename(lock)} is not installed: ${failure}`);
  return { path: String(document["environment"]), python: String(document["python"]) };
}

/** Milliseconds of processor that each run takes, on the last processor alone; the first of each is left out. */
function runByTurns(
  program: string,
  environments: readonly [Environment, Environment],
  runs: number,
): [number[], number[]] {
  const times: [number[], number[]] = [[], []];
  const pin = ["taskset", "-c", String(availableParallelism() - 1)];
  for (let turn = 0; turn <= runs; turn++) {
    // Who comes first takes turns too.
    for (const which of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { runs: done, errors } = measure([...pin, environments[which].python, program], 1, ONE_THREAD);
      if (done[0]?.status !== 0) throw new Error(`${basename(program)} failed: ${errors.slice(-500)}`);
      if (turn > 0) times[which].push(cpu(done[0]) * 1000);
    }
  }
  return times;
}

const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

function verdictOf({ interval, isCertain }: Speedup): string {
  if (!isCertain) return "too few runs";
  if (interval[0] > 1 + SMALLEST_DIFFERENCE) return "faster";
  return interval[1] < 1 / (1 + SMALLEST_DIFFERENCE) ? "slower" : "no difference";
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ program, differs, times, speedup }) => {
    if (times === undefined || speedup === undefined) return `| ${program} | none | | | | | same stack |`;
    const range = speedup.interval.map((end) => end.toFixed(2)).join(" to ");
    const [latest, advised] = times.map((time) => time.toFixed(0));
    return `| ${program} | ${differs.join(", ")} | ${latest} | ${advised} | ${speedup.speedup.toFixed(2)} | ${range} | ${verdictOf(speedup)} |`;
  });
  return [
    "| program | unlike latest | latest, ms | performance, ms | speed-up | 95 % | |",
    "|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
