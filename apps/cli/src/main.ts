// The entry of both commands: the first argument is the name by which the launcher was called. Only what the
// command line asks for is loaded.

import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { VERSION } from "./frame/version.ts";
import { cacheDirectory } from "./settings/directories.ts";

const [called, ...words] = process.argv.slice(2);
const name = called === "horus" ? "horus" : "thoth";

if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  process.stdout.write(`${name} ${VERSION}\n`);
} else {
  enableCompileCache(join(cacheDirectory(process.env), "compiled"));
  const [{ runProgram }, { catalogue }] = await Promise.all([
    import("./frame/program.ts"),
    import("./commands/catalogue.ts"),
  ]);
  const status = await runProgram(catalogue[name], words);
  // What is still open, such as idle connections, must not keep the process; what was printed must leave it.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(status)));
}
