// docs/conformance.md: what the conformance suites leave out, and why. Written from the corpora themselves.
// Usage: node tools/conformance/left-out.ts

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFolder } from "../../testkit/src/index.ts";
import type { LeftOut } from "./suite.ts";
import { suites } from "./suites.ts";

export const generatedFile = fileURLToPath(new URL("../../docs/conformance.md", import.meta.url));

const HEAD = `# Conformance

\`npm run conformance [-- SUITE…]\` runs public corpora that others wrote through the built commands; the folder that
\`THOTH_DATA\` names holds them (default \`../shared/data\`). Every case that fails is printed; nothing fails silently.
This page is written by \`npm run conformance -- --write\`.

| suite | what must agree |
|---|---|
| \`packaging\` | the test cases of pypa/packaging: versions, specifiers, requirements, markers, lock files |
| \`packse\` | \`thoth lock\` against an index on loopback: satisfiable or not, and the exact pins |
| \`snapshots\` | two crawls of the Python Package Index of 2020: every project resolves in memory to a stack that an independent checker accepts (or to a core that it cannot satisfy), a sample through \`thoth lock\` |
| \`notebooks\` | real notebooks: imports, distributions, pip lines, bytes kept, and the treatment by \`horus discover\` |

## What is left out
`;

/** The page's text; undefined where a corpus is not there. */
export async function renderConformance(): Promise<string | undefined> {
  const rows: string[] = [];
  for (const suite of suites) {
    const path = join(dataFolder(), suite.data);
    if (!existsSync(path)) return undefined;
    for (const row of await suite.leftOut(path)) rows.push(formatRow(suite.name, row));
  }
  if (rows.length === 0) return `${HEAD}\nNothing.\n`;
  return `${HEAD}\n| suite | cases | number | why |\n|---|---|---:|---|\n${rows.join("\n")}\n`;
}

function formatRow(suite: string, { id, count, reason }: LeftOut): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/g, " ");
  return `| ${suite} | ${cell(id)} | ${count.toLocaleString("en")} | ${cell(reason)} |`;
}

export async function writeConformance(): Promise<void> {
  const text = await renderConformance();
  if (text === undefined) throw new Error(`a corpus is missing in ${dataFolder()}`);
  writeFileSync(generatedFile, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeConformance();
