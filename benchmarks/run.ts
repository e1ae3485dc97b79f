// `npm run bench -- NAME [--json] [ARGUMENT…]`: one benchmark, peers side by side in the same run.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Benchmark {
  run(options: { json: boolean; arguments: readonly string[] }): Promise<void>;
}

const NAMES = [
  "advise",
  "api",
  "breakages",
  "fix",
  "graph",
  "heal",
  "image",
  "imports",
  "inspections",
  "jupyterlab",
  "notebooks",
  "optimum",
  "past",
  "performance",
  "predictors",
  "prescriptions",
  "products",
  "queue",
  "quality",
  "resolve",
  "service",
  "solver",
];
const [name = "", ...rest] = process.argv.slice(2);
const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

if (!NAMES.includes(name) || !existsSync(file)) {
  const there = NAMES.filter((each) => existsSync(fileURLToPath(new URL(`./${each}.ts`, import.meta.url))));
  console.error(`Usage: npm run bench -- NAME [--json]; NAME is one of ${there.join(", ")}.`);
  process.exitCode = 2;
} else {
  const benchmark = (await import(file)) as Benchmark;
  await benchmark.run({ json: rest.includes("--json"), arguments: rest.filter((word) => word !== "--json") });
}
