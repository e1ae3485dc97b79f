// What the type checker and the linter say, a line per finding.

import { spawnSync } from "node:child_process";
import { relative } from "node:path";

export function checkTypes(root: string): string[] {
  // What runs in a browser has other globals.
  return ["tsconfig.json", "tsconfig.browser.json"].flatMap((project) => {
    const { failed, lines } = runTool(root, "tsc", ["--noEmit", "--pretty", "false", "-p", project]);
    return failed ? (lines.length === 0 ? ["tsc failed"] : lines) : [];
  });
}

/** Format, order of imports and lint; warnings do not fail. */
export function checkLint(root: string): string[] {
  const { failed, lines } = runTool(root, "biome", [
    "check",
    "--reporter=github",
    "--max-diagnostics=500",
    ".",
  ]);
  if (!failed) return [];
  const findings = lines.flatMap((line) => {
    const parts = /^::error title=([^,]*),file=([^,]*),line=(\d+)[^:]*::(.*)$/.exec(line);
    if (parts === null) return [];
    const [, rule = "", file = "", at = "", text = ""] = parts;
    return [`${relative(root, file)}:${at}: ${rule}: ${text}`];
  });
  return findings.length === 0 ? ["biome failed", ...lines] : findings;
}

function runTool(root: string, tool: string, args: readonly string[]): { failed: boolean; lines: string[] } {
  const done = spawnSync(`${root}node_modules/.bin/${tool}`, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (done.error !== undefined) throw done.error;
  const lines = `${done.stdout}${done.stderr}`.split("\n").filter((line) => line.trim() !== "");
  return { failed: done.status !== 0, lines };
}
