// Files that are generated must be what their generator would write now. A generator is a module that exports
// `generatedFile` (a path) and one function whose name begins with `render` and that returns the file's text.

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const GENERATORS = [
  "core/knowledge/tools/page-code.ts",
  "io/environment/tools/embed-programs.ts",
  "io/inspection/tools/embed-programs.ts",
  "apps/cli/tools/commands-page.ts",
  "tools/conformance/left-out.ts",
];

export async function checkFreshness(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const generator of GENERATORS) {
    if (existsSync(join(root, generator))) problems.push(...(await checkGenerator(root, generator)));
  }
  return problems;
}

async function checkGenerator(root: string, generator: string): Promise<string[]> {
  const exported = (await import(pathToFileURL(join(root, generator)).href)) as Record<string, unknown>;
  const file = exported["generatedFile"];
  const render = Object.entries(exported).find(
    ([name, value]) => /^render/.test(name) && typeof value === "function",
  );
  if (typeof file !== "string" || render === undefined) {
    return [`${generator}: does not export \`generatedFile\` and a function \`render…\``];
  }
  const text: unknown = await (render[1] as () => unknown)();
  if (text === undefined) return [];
  const name = relative(root, file);
  if (!existsSync(file)) return [`${name}: is missing; run ${generator}`];
  return readFileSync(file, "utf8") === text ? [] : [`${name}: is stale; run ${generator}`];
}
