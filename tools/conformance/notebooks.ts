// The real notebooks: what the notebook package makes of each one in memory, and the treatment that
// `horus discover` gives it on the command line.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runCommand } from "../../testkit/src/index.ts";
import { errorCode, fieldOf } from "./lock-command.ts";
import { type Failure, type Outcome, runCases, type Suite, withFolder } from "./suite.ts";

interface Entry {
  readonly file: string;
  readonly verdict: string;
  readonly sha256: string;
}

export const notebooksSuite: Suite = {
  name: "notebooks",
  data: "notebooks",
  run: async (folder): Promise<Outcome> => {
    const memory = await runCorpus(folder);
    const oracle: unknown = JSON.parse(readFileSync(join(folder, "oracle.json"), "utf8"));
    const entries = fieldOf(oracle, "notebooks") as readonly Entry[];
    const commands = await withFolder((home) =>
      runCases(entries, (entry) => judge(folder, entry, home), {
        id: ({ file }) => `horus discover ${file}`,
      }),
    );
    return {
      passed: memory.passed + commands.passed,
      failed: [...memory.failed, ...commands.failed],
      skipped: [],
    };
  },
  leftOut: async () => [],
};

/** Verdicts and what the command owes them: `ok` to be read, or the code of the refusal. */
const TREATMENTS: Readonly<Record<string, readonly string[]>> = {
  ok: ["ok"],
  upgrade: ["ok"],
  repairable: ["ok"],
  invalid: ["invalid-notebook"],
  "refuse-language": ["unsupported-language"],
  // To ask, or to say what was assumed.
  "ambiguous-language": ["ok", "unsupported-language"],
};

async function judge(
  folder: string,
  { file, verdict, sha256 }: Entry,
  home: string,
): Promise<string | undefined> {
  const path = join(folder, file);
  const result = await runCommand("horus", ["discover", path, "--show-only", "--json"], { home });
  if (createHash("sha256").update(readFileSync(path)).digest("hex") !== sha256)
    return "the notebook was changed";
  const found = result.status === 0 ? "ok" : errorCode(result.json);
  const owed = TREATMENTS[verdict] ?? [];
  if (!owed.includes(found))
    return `is ${verdict}: expected ${owed.join(" or ")}, found ${found || result.stderr.slice(0, 200)}`;
  if (found !== "ok" || verdict === "ok") return undefined;
  return isSaid(verdict, result.json, result.stderr)
    ? undefined
    : `is ${verdict}, and nothing was said of it`;
}

/** An upgrade, a repair or an assumption must be told. */
function isSaid(verdict: string, document: unknown, stderr: string): boolean {
  if (verdict === "upgrade") return fieldOf(document, "upgraded") !== undefined;
  const told = [fieldOf(document, "repairs"), fieldOf(document, "warnings")];
  return told.some((list) => Array.isArray(list) && list.length > 0) || stderr.trim() !== "";
}

async function runCorpus(folder: string): Promise<{ passed: number; failed: readonly Failure[] }> {
  const file = fileURLToPath(new URL("../../core/notebook/test/corpus.ts", import.meta.url));
  if (!existsSync(file)) throw new Error("core/notebook/test/corpus.ts is missing");
  const module = (await import(pathToFileURL(file).href)) as {
    runNotebookCorpus(folder: string): ReturnType<typeof runCorpus> | Awaited<ReturnType<typeof runCorpus>>;
  };
  return module.runNotebookCorpus(folder);
}
