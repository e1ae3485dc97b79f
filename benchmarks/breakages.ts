// Shipped rules proved by use: of the same requirements the newest stack shows the symptom, and the stack that minds rules
// works. Both are resolved as of one date, installed from their locks and tried with real Python.
//
// Usage: npm run bench -- breakages [--json] [RULE…]

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { failureOf, folder, makeEmpty, pipInstall, runPython, thoth } from "./installing/environment.ts";
import { writeMarked } from "./marked.ts";

const PLACE = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", "--as-of", "2026-11-01"];

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Breakage {
  readonly rule: string;
  readonly asked: readonly string[];
  readonly use: string;
}

interface Row extends Breakage {
  /** Packages that differ, as each stack has them. */
  readonly newest: string;
  readonly advised: string;
  /** Undefined where it works. */
  readonly symptom: string | undefined;
  readonly advisedSymptom: string | undefined;
}

type Pins = ReadonlyMap<string, string>;

export async function run(options: Options): Promise<void> {
  const path = fileURLToPath(new URL("breakages.json", import.meta.url));
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const all = JSON.parse(readFileSync(path, "utf8")) as Breakage[];
  const rows = all.filter(({ rule }) => wanted.length === 0 || wanted.includes(rule)).map(tryBreakage);
  if (options.json) {
    console.log(JSON.stringify({ benchmark: "breakages", rows }));
    return;
  }
  console.log(table(rows));
  if (wanted.length === 0) writeMarked("breakages", table(rows), "rules/PROOFS.md");
}

function tryBreakage(breakage: Breakage): Row {
  console.error(`${breakage.rule} is tried`);
  const newest = stackOf(breakage.asked, "lag(direct), lag(rest)");
  const advised = stackOf(breakage.asked, "rule, lag(direct), lag(rest)");
  const differ = (one: Pins, other: Pins) =>
    [...one]
      .flatMap(([name, version]) => (other.get(name) === version ? [] : [`${name} ${version}`]))
      .join(", ");
  return {
    ...breakage,
    newest: differ(newest, advised),
    advised: differ(advised, newest),
    symptom: useStack(newest, breakage.use),
    advisedSymptom: useStack(advised, breakage.use),
  };
}

function stackOf(asked: readonly string[], objective: string): Pins {
  const file = `${folder}/breakage.in`;
  writeFileSync(file, `${asked.join("\n")}\n`);
  const document = thoth(["advise", file, ...PLACE, "--objective", objective, "--no-relax"]);
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${asked.join(" ")}: ${failure}`);
  const [product] = document["products"] as [{ packages: { name: string; version: string }[] }];
  return new Map(product.packages.map(({ name, version }) => [name, version]));
}

function useStack(pins: Pins, use: string): string | undefined {
  const made = makeEmpty("breakage");
  try {
    const words = [...pins].map(([name, version]) => `${name}==${version}`);
    const failure = pipInstall(made, ["--only-binary", ":all:", "--no-deps", ...words]);
    if (failure !== undefined) throw new Error(`a stack cannot be installed: ${failure}`);
    return runPython(made, use);
  } finally {
    rmSync(made.path, { recursive: true, force: true });
  }
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ rule, asked, newest, symptom, advised, advisedSymptom }) => {
    const cells = [
      rule,
      asked.join(" "),
      newest || "the same",
      symptom === undefined ? "none" : `\`${symptom.replaceAll("|", "\\|")}\``,
      advised || "the same",
      advisedSymptom === undefined ? "yes" : `\`${advisedSymptom.replaceAll("|", "\\|")}\``,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head = ["rule", "asked for", "newest has", "symptom", "with rules", "works"];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines].join("\n");
}
