// What `thoth fix` makes of ten locks of 2023, with the releases and advisories of one date: what it clears and what stays,
// whether another resolver finds a smaller change, and whether the fixed lock installs and can be imported.
//
// Usage: npm run bench -- fix [--json] [--unproved] [PROJECT…]     (--unproved leaves uv out)

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { directOf, flawsOf, type Pins, placeOf, readPins } from "./fix/pins.ts";
import type { FixDocument, Row } from "./fix/row.ts";
import { searchSmaller } from "./fix/smaller.ts";
import { fixTable, tellFindings } from "./fix/tables.ts";
import { failureOf, folder, thoth, tryLock, tryWithPip } from "./installing/environment.ts";
import { writeMarked } from "./marked.ts";

const PYTHON = "3.11";
const AS_OF = "2024-10-31";
const PLACE = ["--python-version", PYTHON, "--platform", "manylinux_2_28_x86_64", "--as-of", AS_OF];

/** Packages of the largest lock that pip installs as well. */
const PIP_TRIES = 30;

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

export async function run(options: Options): Promise<void> {
  const wanted = options.arguments.filter((word) => !word.startsWith("--"));
  const projects = JSON.parse(readFileSync(placeOf("projects.json"), "utf8")) as {
    name: string;
    locked: string;
  }[];
  const prove = !options.arguments.includes("--unproved");
  const rows: Row[] = [];
  for (const project of projects.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.error(`${project.name} is fixed and tried`);
    rows.push(fixProject(project, prove));
  }
  if (options.json) {
    const shown = rows.map(({ fixed, ...rest }) => ({ ...rest, ...fixed }));
    console.log(JSON.stringify({ benchmark: "fix", asOf: AS_OF, python: PYTHON, rows: shown }));
    return;
  }
  const table = fixTable(rows);
  console.log([table, ...tellFindings(rows)].join("\n\n"));
  if (wanted.length === 0 && prove) writeMarked("fix", table, "docs/measured.md");
}

function fixProject({ name, locked }: { name: string; locked: string }, prove: boolean): Row {
  const [requirements, lock] = [placeOf(`${name}.in`), placeOf(`${name}.txt`)];
  const output = `${folder}/${name}.txt`;
  mkdirSync(folder, { recursive: true });
  rmSync(output, { force: true });
  const begin = performance.now();
  const document = thoth(["fix", lock, "-r", requirements, ...PLACE, "--output", output]);
  const seconds = (performance.now() - begin) / 1000;
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${name} cannot be fixed: ${failure}`);
  const [before, after] = [readPins(lock), readPins(output)];
  const direct = directOf(requirements);
  const fixing = { requirements, direct, asOf: AS_OF, python: PYTHON, before, after };
  return {
    name,
    locked,
    packages: before.size,
    seconds,
    fixed: document as unknown as FixDocument,
    least: leastOf(requirements),
    rehashed: rehashed(before, after),
    known: [...after].reduce((sum, [each, { version }]) => sum + flawsOf(each, version).length, 0),
    search: prove ? searchSmaller(fixing) : undefined,
    trial: tryLock(output, PYTHON, direct),
    pip: before.size > PIP_TRIES ? undefined : tryWithPip(output, direct),
  };
}

/** The requirements alone, without the lock: fewer points than this no choice of versions can pay. */
function leastOf(requirements: string): Row["least"] {
  const words = ["--recommendation-type", "latest", "--objective", "vulnerability(all)", "--no-relax"];
  const document = thoth(["advise", requirements, ...PLACE, ...words]);
  const [product] = document["products"] as [{ objective: [Row["least"]] }];
  const { value, bound } = product.objective[0];
  return { value, bound };
}

function rehashed(before: Pins, after: Pins): string[] {
  return [...before].flatMap(([name, old]) => {
    const now = after.get(name);
    const lost = now?.version === old.version && [...old.hashes].some((hash) => !now.hashes.has(hash));
    const kept =
      now !== undefined &&
      now.version !== old.version &&
      [...old.hashes].some((hash) => now.hashes.has(hash));
    return lost || kept ? [name] : [];
  });
}
