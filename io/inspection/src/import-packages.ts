// The import stage: every package of the stack is imported, each in a process of its own.

import type { StageFact } from "@thoth/knowledge";
import { type Bench, fileInside, stageOf } from "./bench.ts";
import type { Imported } from "./inspection.ts";
import type { InstalledModules } from "./installed-modules.ts";
import { importModulesProgram } from "./python-programs.ts";

export interface ImportStage {
  readonly stage: StageFact;
  readonly imported: readonly Imported[];
  /** What the isolation lacked. */
  readonly missing: readonly string[];
}

export async function importPackages(
  bench: Bench,
  modules: readonly InstalledModules[],
): Promise<ImportStage> {
  const wanted = modules.filter(({ principal }) => principal.length > 0);
  const list = wanted.map(({ package: name, principal }) => [name, principal]);
  const result = await bench.run({
    script: "import_modules.py",
    words: [fileInside("modules.json")],
    files: { "import_modules.py": importModulesProgram, "modules.json": JSON.stringify(list) },
  });
  const answers = answersOf(result.stdout);
  const imported = wanted.flatMap(({ package: name, principal }): Imported[] => {
    const answer = answers.get(name);
    if (answer === undefined) return [];
    const { status, wall, log } = answer;
    return [
      {
        package: name,
        modules: principal,
        status,
        wall,
        ...(log === undefined ? {} : { log: bench.log(log) }),
      },
    ];
  });
  const stage = stageOf("import", [result], bench.log);
  const failed = imported.find(({ status }) => status !== 0);
  return {
    stage: failed === undefined ? stage : failedStage(stage, failed),
    imported,
    missing: result.missing,
  };
}

function failedStage(stage: StageFact, { package: name, status, log = "" }: Imported): StageFact {
  if (stage.outcome !== "passed") return stage;
  return { ...stage, outcome: status < 0 ? "killed" : "failed", status, log: `${name}: ${log}` };
}

interface Answer {
  readonly status: number;
  readonly wall: number;
  readonly log: string | undefined;
}

/** What the packages' code runs beside could have written anything. */
function answersOf(stdout: string): ReadonlyMap<string, Answer> {
  const found = new Map<string, Answer>();
  for (const line of stdout.split("\n")) {
    let answer: unknown;
    try {
      answer = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof answer !== "object" || answer === null) continue;
    const { package: name, status, wall, log } = answer as Record<string, unknown>;
    if (typeof name !== "string" || !Number.isSafeInteger(status) || typeof wall !== "number") continue;
    found.set(name, { status: status as number, wall, log: typeof log === "string" ? log : undefined });
  }
  return found;
}
