// `npm run check`: types, format and lint, arrows between packages, cycles, sizes, what is generated. A line per
// check, the problems below it; exit status 1 where there are any.

import { fileURLToPath } from "node:url";
import { checkArrows, checkDeclarations } from "./check/arrows.ts";
import { checkCycles } from "./check/cycles.ts";
import { checkLint, checkTypes } from "./check/external-tools.ts";
import { checkFreshness } from "./check/freshness.ts";
import { readModules } from "./check/modules.ts";
import { checkMachinePaths, checkPurity, checkSizes } from "./check/text-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const MOST_SHOWN = 40;

interface Check {
  readonly name: string;
  readonly problems: () => readonly string[] | Promise<readonly string[]>;
}

function checks(): Check[] {
  const modules = readModules(root);
  return [
    { name: "types", problems: () => checkTypes(root) },
    { name: "format and lint", problems: () => checkLint(root) },
    { name: "arrows between packages", problems: () => checkArrows(modules, root) },
    { name: "declared dependencies", problems: () => checkDeclarations(modules, root) },
    { name: "import cycles", problems: () => checkCycles(modules) },
    { name: "sizes of files", problems: () => checkSizes(modules) },
    { name: "core is pure", problems: () => checkPurity(modules, root) },
    { name: "no path of one machine", problems: () => checkMachinePaths(root) },
    { name: "generated files are fresh", problems: () => checkFreshness(root) },
  ];
}

let failed = 0;
let passed = 0;
for (const { name, problems } of checks()) {
  const found = await problems();
  console.log(`${found.length === 0 ? "ok    " : "FAILED"} ${name}`);
  for (const problem of found.slice(0, MOST_SHOWN)) console.log(`       ${problem}`);
  if (found.length > MOST_SHOWN) console.log(`       … and ${found.length - MOST_SHOWN} more lines`);
  if (found.length === 0) passed++;
  else failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
