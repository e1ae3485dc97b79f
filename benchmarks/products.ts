// A product of every recommendation type for real projects, as of the day it is run: whether the advised stack installs,
// whether what the project asks for can be imported, and what pip says.
//
// Usage: npm run bench -- products [--json] [PROJECT…]

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { directOf } from "./fix/pins.ts";
import { check } from "./fix/tables.ts";
import { failureOf, folder, type Trial, thoth, tryLock } from "./installing/environment.ts";
import { writeMarked } from "./marked.ts";
import { root } from "./measure.ts";

const TYPES = ["latest", "stable", "testing", "security", "performance"] as const;
const PYTHON = "3.11";
const PLATFORM = "manylinux_2_28_x86_64";

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Row {
  readonly project: string;
  readonly type: string;
  readonly asOf: string;
  readonly proof: string;
  readonly pins: Readonly<Record<string, string>>;
  /** Packages unlike those of `latest`. */
  readonly differs: readonly string[];
  readonly seconds: number;
  readonly trial: Trial;
}

interface Product {
  readonly proof: string;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

export async function run(options: Options): Promise<void> {
  const place = `${root}benchmarks/products`;
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const names = readdirSync(place).map((file) => basename(file, ".in"));
  const asOf = new Date().toISOString().slice(0, 10);
  const rows: Row[] = [];
  for (const name of names.toSorted().filter((each) => wanted.length === 0 || wanted.includes(each))) {
    console.error(`products of ${name} are tried`);
    rows.push(...tryProject(name, `${place}/${name}.in`, asOf));
  }
  if (options.json) {
    console.log(JSON.stringify({ benchmark: "products", asOf, python: PYTHON, rows }));
    return;
  }
  const text = `As of ${asOf}, Python ${PYTHON}:\n\n${table(rows)}`;
  console.log([text, ...rows.flatMap(tellRow)].join("\n\n"));
  if (wanted.length === 0) writeMarked("products", text, "docs/measured.md");
}

/** Equal stacks are installed once. */
function tryProject(project: string, file: string, asOf: string): Row[] {
  const rows: Row[] = [];
  for (const type of TYPES) {
    const { lock, product, seconds } = advise(project, file, { type, asOf });
    const pins = Object.fromEntries(product.packages.map(({ name, version }) => [name, version]));
    const differs = difference(rows[0]?.pins ?? pins, pins);
    const same = rows.find((row) => difference(row.pins, pins).length === 0);
    const trial = same?.trial ?? tryLock(lock, PYTHON, directOf(file));
    rows.push({ project, type, asOf, proof: product.proof, pins, differs, seconds, trial });
  }
  return rows;
}

function advise(project: string, file: string, { type, asOf }: { type: string; asOf: string }) {
  const lock = `${folder}/pylock.${project}-${type}.toml`;
  mkdirSync(folder, { recursive: true });
  rmSync(lock, { force: true });
  const begin = performance.now();
  const place = ["--python-version", PYTHON, "--platform", PLATFORM, "--as-of", asOf];
  const document = thoth(["advise", file, ...place, "--recommendation-type", type, "--no-relax", "-o", lock]);
  const seconds = (performance.now() - begin) / 1000;
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${project} has no ${type} stack: ${failure}`);
  return { lock, product: (document["products"] as [Product])[0], seconds };
}

function difference(base: Row["pins"], pins: Row["pins"]): string[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(pins)])].sort();
  return names
    .filter((name) => base[name] !== pins[name])
    .map((name) => `${name} ${base[name] ?? "–"} → ${pins[name] ?? "–"}`);
}

const HEAD = [
  "project",
  "type",
  "packages",
  "proof",
  "unlike latest",
  "installed",
  "imported",
  "pip check",
  "seconds",
];

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ project, type, pins, proof, differs, trial, seconds }) => {
    const cells = [
      project,
      type,
      Object.keys(pins).length,
      proof,
      differs.length,
      trial.failure === undefined ? "yes" : "no",
      `${trial.modules - trial.broken.length} of ${trial.modules}`,
      check(trial),
      `${seconds.toFixed(1)} + ${trial.seconds.toFixed(1)}`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [`| ${HEAD.join(" | ")} |`, `|${HEAD.map(() => "---").join("|")}|`, ...lines].join("\n");
}

function tellRow({ project, type, differs, trial }: Row): string[] {
  const { failure, broken, conflicts } = trial;
  const findings = [
    ...(differs.length === 0 ? [] : [`unlike latest: ${differs.join(", ")}`]),
    ...(failure === undefined ? [] : [`not installed: ${failure}`]),
    ...broken.map(({ module, symptom }) => `import ${module}: ${symptom}`),
    ...conflicts.map((conflict) => `pip check: ${conflict}`),
  ];
  return findings.length === 0 ? [] : [[`${project}, ${type}`, ...findings].join("\n  ")];
}
