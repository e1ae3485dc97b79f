// Runs one isolated command and prints what came of it: so that tests can do it as another user, and kill it.
import { type IsolatedRequest, runIsolated } from "../src/sandbox/run-isolated.ts";

const request = JSON.parse(process.argv[2] as string) as IsolatedRequest;
try {
  console.log(JSON.stringify(await runIsolated(request)));
} catch (error) {
  console.log(JSON.stringify({ code: (error as { code?: string }).code, message: String(error) }));
}
