// Runs the test files of all packages with node:test and ends with one line: `N passed, N failed`.
// Usage: node tools/run-tests.ts [FOLDER…]

import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { installTestedPeers } from "../testkit/src/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = process.argv.slice(2);
const patterns =
  folders.length > 0
    ? folders.map((folder) => `${folder}/**/*.test.ts`)
    : ["{core,io,apps}/*/test/**/*.test.ts", "{testkit,tools,tests,benchmarks}/**/*.test.ts"];
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name.includes("node_modules") }))
  .map((file) => `${root}${file}`)
  .sort();

try {
  installTestedPeers();
} catch (error) {
  console.error(`what needs tools of others is skipped by name: ${(error as Error).message}`);
}
const counts = { passed: 0, failed: 0, skipped: 0 };
const stream = run({ files, concurrency: 2, cwd: root });
stream.on("test:pass", ({ details, skip }) => {
  if (details.type === "suite") return;
  counts[skip === undefined ? "passed" : "skipped"]++;
});
stream.on("test:fail", ({ details }) => {
  if (details.type !== "suite") counts.failed++;
});
stream.compose(spec()).pipe(process.stdout);
stream.on("end", () => {
  setImmediate(() => {
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  });
});
