// Executes one notebook as its argument says, for tests that kill it.

import { type RunRequest, runNotebook } from "../src/run-notebook.ts";

await runNotebook(JSON.parse(process.argv[2] ?? "") as RunRequest);
