// Resolution of real projects beside `uv pip compile`: the same requirements, date, Python and platform, in the
// same run. Cold starts with an empty cache each time; warm is offline, a fresh process each time; resident is
// one process that answers again.
//
// Usage: npm run bench -- resolve [--json] [--quick] [PROJECT…]

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { installPeers } from "@thoth/testkit";
import { writeMarked } from "./marked.ts";
import { cpu, type Measured, measure, median, root, workshop } from "./measure.ts";

const PYTHON = "3.11";
/** uv is told where an interpreter is, so that looking for one is not measured. */
const interpreter = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).stdout.trim();
const PLATFORM = { uv: "x86_64-manylinux_2_28", thoth: "manylinux_2_28_x86_64" };
const AS_OF = "2026-11-01";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Figures {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
}

interface Row {
  readonly project: string;
  readonly packages: number;
  readonly differs: readonly string[];
  readonly objective: readonly { level: string; value: number; bound: number }[];
  readonly proof: string;
  readonly warm: { thoth: Figures; uv: Figures };
  readonly resident: number;
  readonly cold: { thoth: Figures; uv: Figures };
}

export async function run(options: Options): Promise<void> {
  const uv = `${installPeers("resolve-peers", ["uv"])}/uv`;
  const quick = options.arguments.includes("--quick");
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const folder = `${root}benchmarks/projects`;
  const names = wanted.length > 0 ? wanted : readdirSync(folder).map((file) => basename(file, ".in"));
  const rows: Row[] = [];
  for (const name of names.toSorted()) {
    const row = await compare(uv, name, { cold: quick ? 1 : 5, warm: quick ? 3 : 15 });
    rows.push(row);
    if (!options.json) print(row);
  }
  if (options.json) console.log(JSON.stringify({ benchmark: "resolve", asOf: AS_OF, python: PYTHON, rows }));
  else console.log(table(rows));
  if (wanted.length === 0) writeMarked("resolve", table(rows), "README.md");
}

async function compare(uv: string, name: string, runs: { cold: number; warm: number }): Promise<Row> {
  const file = `${root}benchmarks/projects/${name}.in`;
  const caches = { uv: `${workshop}/uv-${name}`, thoth: `${workshop}/thoth-${name}` };
  const commands = {
    uv: [
      uv,
      "pip",
      "compile",
      "-q",
      "--no-header",
      "--no-annotate",
      "--no-config",
      "--exclude-newer",
      AS_OF,
      "--python",
      interpreter,
      "--python-version",
      PYTHON,
      "--python-platform",
      PLATFORM.uv,
      "--cache-dir",
      caches.uv,
      file,
    ],
    thoth: [
      `${root}node_modules/.bin/thoth`,
      "lock",
      file,
      "--format",
      "json",
      "--as-of",
      AS_OF,
      "--python-version",
      PYTHON,
      "--platform",
      PLATFORM.thoth,
      "--cache-dir",
      caches.thoth,
    ],
  };
  const cold = { uv: [] as Measured[], thoth: [] as Measured[] };
  for (let at = 0; at < runs.cold; at++) {
    for (const who of ["uv", "thoth"] as const) {
      rmSync(caches[who], { recursive: true, force: true });
      cold[who].push(measure(commands[who], 1));
    }
  }
  const warm = {
    uv: measure([...commands.uv, "--offline"], runs.warm),
    thoth: measure([...commands.thoth, "--offline"], runs.warm),
  };
  const answer = JSON.parse(warm.thoth.output) as Answer;
  return {
    project: name,
    packages: answer.packages.length,
    differs: difference(warm.uv.output, answer),
    objective: answer.objective,
    proof: answer.proof,
    warm: { thoth: figures([warm.thoth]), uv: figures([warm.uv]) },
    resident: await resident(commands.thoth, runs.warm),
    cold: { thoth: figures(cold.thoth), uv: figures(cold.uv) },
  };
}

interface Answer {
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly proof: string;
  readonly objective: readonly { level: string; value: number; bound: number }[];
}

/** Packages whose version is not the same on both sides. */
function difference(pins: string, answer: Answer): string[] {
  const theirs = new Map(
    pins
      .split("\n")
      .flatMap((line) =>
        line.includes("==")
          ? [line.split("==").map((part) => part.trim().split(" ")[0] as string) as [string, string]]
          : [],
      ),
  );
  const ours = new Map(answer.packages.map(({ name, version }) => [name, version]));
  return [...new Set([...theirs.keys(), ...ours.keys()])]
    .filter((name) => theirs.get(name.replace(/\[.*/, "")) !== ours.get(name.replace(/\[.*/, "")))
    .sort()
    .map((name) => `${name}: uv ${theirs.get(name) ?? "–"}, thoth ${ours.get(name) ?? "–"}`);
}

function figures(measured: readonly Measured[]): Figures {
  const runs = measured.flatMap((one) => one.runs);
  const failed = measured.find((one) => one.runs.some(({ status }) => status !== 0));
  if (failed !== undefined) console.error(`a run failed: ${failed.errors.slice(0, 2000)}`);
  return {
    wall: median(runs.map((one) => one.wall)),
    cpu: median(runs.map(cpu)),
    peak: Math.max(...runs.map((one) => one.peak)),
  };
}

/** Median seconds of the same command inside a process that has answered before. */
async function resident(command: readonly string[], runs: number): Promise<number> {
  const { resident: answer } = await import("@thoth/cli");
  const times: number[] = [];
  const words = [...command.slice(1), "--offline"];
  for (let at = 0; at < runs + 3; at++) {
    const begin = performance.now();
    const { status, stderr } = await answer("thoth", words);
    if (status !== 0) throw new Error(`the resident process failed: ${stderr}`);
    if (at >= 3) times.push((performance.now() - begin) / 1000);
  }
  return median(times);
}

function print({ project, packages, differs }: Row): void {
  console.error(
    `${project}: ${packages} packages, ${differs.length === 0 ? "the same pins as uv" : `${differs.length} pins differ`}`,
  );
  for (const line of differs) console.error(`    ${line}`);
}

function table(rows: readonly Row[]): string {
  const lines = [
    "| project | packages | pins unlike uv's | warm, ms (uv) | ratio | resident, ms | ratio | cold, s (uv) | ratio | cold CPU ratio | peak MiB (uv) |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
  ];
  const ms = (seconds: number) => (seconds * 1000).toFixed(0);
  for (const row of rows) {
    const { warm, cold } = row;
    lines.push(
      `| ${row.project} | ${row.packages} | ${row.differs.length} | ${ms(warm.thoth.wall)} (${ms(warm.uv.wall)}) | ${ratio(warm.thoth.wall, warm.uv.wall)} | ${(row.resident * 1000).toFixed(1)} | ${ratio(row.resident, warm.uv.wall)} | ${cold.thoth.wall.toFixed(2)} (${cold.uv.wall.toFixed(2)}) | ${ratio(cold.thoth.wall, cold.uv.wall)} | ${ratio(cold.thoth.cpu, cold.uv.cpu)} | ${Math.max(cold.thoth.peak, warm.thoth.peak).toFixed(0)} (${Math.max(cold.uv.peak, warm.uv.peak).toFixed(0)}) |`,
    );
  }
  return lines.join("\n");
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}

mkdirSync(workshop, { recursive: true });
