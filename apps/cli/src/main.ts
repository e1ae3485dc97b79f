// The entry of both commands, and of the resident process of an editor's server: the first argument is the name by which
// the launcher was called. Only what the command line asks for is loaded.

import { VERSION } from "./frame/version.ts";

const [called, ...words] = process.argv.slice(2);
const name = called === "horus" ? "horus" : "thoth";

if (called === "resident") void serve();
else if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  process.stdout.write(`${name} ${VERSION}\n`);
} else void run();

async function serve(): Promise<void> {
  const { serveResident } = await import("./resident/serve.ts");
  await serveResident(process.stdin, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
  process.exit(0);
}

async function run(): Promise<void> {
  const [{ runProgram }, { exitProcess }, { catalogue }] = await Promise.all([
    import("./frame/program.ts"),
    import("./frame/process-output.ts"),
    import("./commands/catalogue.ts"),
  ]);
  const status = await runProgram(catalogue[name], words);
  // What is still open, such as idle connections, must not keep the process.
  exitProcess(status);
}
