// Bandit and cloc over the Python files of a release, where they are installed. The files are written to a folder of their
// own under names that we give, so that neither paths nor settings of the release reach a program; both only read them.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parseBanditReport, parseClocReport } from "@thoth/artifact";
import type { CodeFact } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";

const MOST_OUTPUT = 512 * 1024 * 1024;
const SECONDS = 600;
const run = promisify(execFile);

export interface Analysers {
  /** Paths of programs; undefined where one is not installed. */
  readonly bandit: string | undefined;
  readonly cloc: string | undefined;
}

export interface Analysis {
  /** Of Bandit; undefined where it did not run. */
  readonly findings: CodeFact["findings"] | undefined;
  /** Of cloc. */
  readonly lines: number | undefined;
}

/** Throws `environment-failed` where a program fails, `file-failed`, or the reason of the signal. */
export async function analysePython(
  files: ReadonlyMap<string, Uint8Array>,
  { bandit, cloc }: Analysers,
  signal?: AbortSignal,
): Promise<Analysis> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-code-"));
  try {
    const paths = [...files.keys()];
    await mkdir(join(folder, "code"));
    // The name of a file decides what Bandit makes of it as little as its folder does.
    for (const [index, path] of paths.entries())
      await writeFile(join(folder, "code", `f${index}.py`), files.get(path)!);
    const pathOf = (file: string) => paths[Number(/^f(\d+)\.py$/.exec(basename(file))?.[1])];
    const words = {
      bandit: ["-r", "-f", "json", "-q", "--exit-zero", "code"],
      cloc: ["--json", "--quiet", "--skip-uniqueness", "code"],
    };
    const found = bandit === undefined ? undefined : await start(bandit, words.bandit, { folder, signal });
    const counted = cloc === undefined ? undefined : await start(cloc, words.cloc, { folder, signal });
    return {
      findings: found === undefined ? undefined : parseBanditReport(found, pathOf),
      lines: counted === undefined ? undefined : parseClocReport(counted),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Start {
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

async function start(program: string, words: readonly string[], { folder, signal }: Start): Promise<string> {
  const limits = { maxBuffer: MOST_OUTPUT, timeout: SECONDS * 1000, killSignal: "SIGKILL" as const };
  try {
    const options = {
      cwd: folder,
      encoding: "utf8" as const,
      ...limits,
      ...(signal === undefined ? {} : { signal }),
    };
    return (await run(program, words, options)).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    const name = basename(program);
    throw new ThothError("environment-failed", `\`${name}\` failed on the code of the release.`, {
      cause: error,
    });
  }
}
