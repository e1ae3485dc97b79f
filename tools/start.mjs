// `npm start [-- NOTEBOOK]`: installs what is missing, then runs the shipped example or the notebook given.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { root, setUp } from "./setup.mjs";

try {
  setUp();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(3);
}
/** A copy of the shipped example, because a run writes the lock into the notebook. */
function ownExample() {
  const copy = `${root}examples/run/rainfall.ipynb`;
  if (!existsSync(copy)) {
    mkdirSync(`${root}examples/run`, { recursive: true });
    copyFileSync(`${root}examples/rainfall.ipynb`, copy);
  }
  return copy;
}

const [first, ...rest] = process.argv.slice(2);
const notebook = first === undefined ? ownExample() : resolve(process.env.INIT_CWD ?? ".", first);
const done = spawnSync(`${root}node_modules/.bin/horus`, ["run", notebook, ...rest], {
  stdio: "inherit",
  shell: false,
});
process.exitCode = done.status ?? 130;
