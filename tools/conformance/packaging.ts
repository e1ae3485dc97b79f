// The cases of pypa/packaging's own tests that `pep` covers.

import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LeftOut, Outcome, Suite } from "./suite.ts";

interface VectorRun {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
  readonly leftOut: readonly { readonly group: string; readonly count: number; readonly reason: string }[];
}

export const packagingSuite: Suite = {
  name: "packaging",
  data: "packaging-vectors.json.gz",
  run: async (path): Promise<Outcome> => {
    const { passed, failed, leftOut } = await runVectors(path);
    return { passed, failed, skipped: leftOut.map(asLeftOut) };
  },
  leftOut: async (path) => (await runVectors(path)).leftOut.map(asLeftOut),
};

function asLeftOut({ group, count, reason }: VectorRun["leftOut"][number]): LeftOut {
  return { id: group, count, reason };
}

async function runVectors(path: string): Promise<VectorRun> {
  const file = fileURLToPath(new URL("../../core/pep/test/vectors.ts", import.meta.url));
  if (!existsSync(file)) throw new Error("core/pep/test/vectors.ts is missing");
  const module = (await import(pathToFileURL(file).href)) as {
    runPackagingVectors(path: string): VectorRun | Promise<VectorRun>;
  };
  return module.runPackagingVectors(path);
}
