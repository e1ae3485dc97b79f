// `npm start [-- NOTEBOOK]`: installs what is missing, then runs the shipped example or the notebook given.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { root, setUp } from "./setup.mjs";

try {
  setUp();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(3);
}
const [first, ...rest] = process.argv.slice(2);
const notebook = first === undefined ? `${root}examples/rainfall.ipynb` : resolve(process.env.INIT_CWD ?? ".", first);
const done = spawnSync(`${root}node_modules/.bin/horus`, ["run", notebook, ...rest], { stdio: "inherit", shell: false });
process.exitCode = done.status ?? 130;
