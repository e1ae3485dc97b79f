// How long the proof takes for real stacks, by type, once all metadata is in the cache: a whole process of its own, a
// process that has answered before, and the search alone over the facts of the proof.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Problem, Solver } from "@thoth/solver";
import { type Claim, Item, readClaim } from "@thoth/solver/certificate";
import { cpu, measure, root, workshop } from "../measure.ts";

export interface StackRow {
  readonly stack: string;
  readonly type: string;
  readonly packages: number;
  readonly steps: number;
  /** Seconds, each the least of several. */
  readonly process: number;
  /** The same of its processor time. */
  readonly cpu: number;
  readonly resident: number;
  readonly search: number;
  readonly firstSearch: number;
}

const TYPES = ["latest", "testing", "stable", "security", "performance"];
const FOLDER = `${root}benchmarks/optimum/stacks`;
const AS_OF = "2026-11-01";

export async function measureStacks(runs: number): Promise<StackRow[]> {
  mkdirSync(workshop, { recursive: true });
  const rows: StackRow[] = [];
  for (const file of readdirSync(FOLDER).sort())
    for (const type of TYPES) rows.push(await measureStack(basename(file, ".in"), type, runs));
  return rows;
}

async function measureStack(stack: string, type: string, runs: number): Promise<StackRow> {
  const proof = `${workshop}/optimum-proof.json`;
  const words = [
    "lock",
    `${FOLDER}/${stack}.in`,
    ...["--format", "json", "--recommendation-type", type, "--as-of", AS_OF],
    ...["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"],
    ...["--cache-dir", `${workshop}/thoth-${stack}`],
  ];
  const program = `${root}node_modules/.bin/thoth`;
  measure([program, ...words, "--proof", proof], 1);
  const { runs: warm, output, errors } = measure([program, ...words, "--offline"], runs);
  if (warm.some(({ status }) => status !== 0)) throw new Error(`${stack}, ${type}: ${errors}`);
  const { packages } = JSON.parse(output) as { readonly packages: readonly unknown[] };
  const [claim] = (JSON.parse(readFileSync(proof, "utf8")) as { readonly claims: readonly [Claim] }).claims;
  const search = Array.from({ length: runs }, () => searchSeconds(claim));
  return {
    stack,
    type,
    packages: packages.length,
    steps: claim.steps.length,
    process: Math.min(...warm.map(({ wall }) => wall)),
    cpu: Math.min(...warm.map(cpu)),
    resident: await residentSeconds([...words, "--offline"], runs),
    search: Math.min(...search),
    firstSearch: search[0] ?? 0,
  };
}

/** Over the facts of the claim; what it does not tell needs nothing. */
function searchSeconds(claim: Claim): number {
  const { problem } = readClaim(new Item(claim));
  const { facts } = problem;
  const whole: Problem = {
    ...problem,
    facts: {
      package: (id) => facts.package(id),
      dependencies: (id, release) => facts.dependencies(id, release) ?? [],
      admitted: (range) => facts.admitted(range),
    },
  };
  const began = performance.now();
  const { kind } = new Solver(whole).step();
  if (kind !== "solved") throw new Error(`the facts of a proof have no optimum: ${kind}`);
  return (performance.now() - began) / 1_000;
}

async function residentSeconds(words: readonly string[], runs: number): Promise<number> {
  const { resident } = await import("@thoth/cli");
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < runs + 3; at++) {
    const began = performance.now();
    const { status, stderr } = await resident("thoth", words);
    if (status !== 0) throw new Error(`the resident process failed: ${stderr}`);
    least = Math.min(least, (performance.now() - began) / 1_000);
  }
  return least;
}

export function stackTable(rows: readonly StackRow[]): string {
  const ms = (seconds: number) => (seconds * 1_000).toFixed(seconds < 0.01 ? 1 : 0);
  return [
    "| stack | type | packages | steps of the proof | process, ms | its processor time, ms | resident, ms | search, ms | its first call, ms |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ...rows.map(
      ({ stack, type, packages, steps, process, cpu: processor, resident, search, firstSearch }) =>
        `| ${stack} | ${type} | ${packages} | ${steps} | ${ms(process)} | ${ms(processor)} | ${ms(resident)} | ${ms(search)} | ${ms(firstSearch)} |`,
    ),
  ].join("\n");
}
