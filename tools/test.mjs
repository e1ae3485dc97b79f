// `npm test [-- FOLDER…]`: installs what is missing, then runs every test (or those below the folders given).

import { run } from "./node24.mjs";
import { installBrowser, installClock, installDatabase, installImageBuilder, root, setUp } from "./setup.mjs";

try {
  setUp();
  installBrowser();
  installDatabase();
  installClock();
  installImageBuilder();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(3);
}
process.exitCode = run(`${root}tools/run-tests.ts`, process.argv.slice(2));
