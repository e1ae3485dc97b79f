// Runs a TypeScript file with the Node that the project brings along, whatever Node started this.
// Usage: node tools/node24.mjs FILE [ARGUMENT...]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundled = `${root}node_modules/node/bin/node`;

/** The path of a Node of version 24 or later. */
export function node24() {
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  throw new Error("Node 24 is missing: run `npm install` first (it brings the npm package `node`)");
}

/** Runs `file` to its end and returns its exit status. */
export function run(file, args) {
  const done = spawnSync(node24(), ["--disable-warning=ExperimentalWarning", file, ...args], {
    stdio: "inherit",
  });
  return done.status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2);
  process.exitCode = run(file, args);
}
