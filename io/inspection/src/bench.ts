// What an inspected environment is run with: the same for its imports and its checks.

import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "@thoth/environment";
import type { StageFact } from "@thoth/knowledge";
import type { InspectionRequest } from "./inspection.ts";
import { type IsolatedResult, runIsolated } from "./sandbox/run-isolated.ts";

/** Bytecode goes where it may be written; what crashes says where. */
const FLAGS = ["-I", "-X", "pycache_prefix=/tmp/pycache", "-X", "faulthandler"];
const LOG_LINES = 40;
const LOG_CHARACTERS = 8000;

export interface Task {
  /** Name of the script within `files`. */
  readonly script: string;
  readonly words?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly seconds?: number | undefined;
}

export interface Bench {
  readonly run: (task: Task) => Promise<IsolatedResult>;
  /** The last lines of what was said, without paths of this machine. */
  readonly log: (text: string) => string;
}

export async function openBench(
  request: InspectionRequest,
  environment: Environment,
  threads: Readonly<Record<string, string>>,
): Promise<Bench> {
  const { interpreter, limits, network, allowUnisolated, signal } = request;
  const prefixes = await prefixesOf(interpreter.basePrefix, environment.python);
  return {
    run: ({ script, words = [], files, variables = {}, seconds = limits.seconds }) =>
      runIsolated({
        guard: interpreter.path,
        command: [environment.python, ...FLAGS, `/thoth/${script}`, ...words],
        variables: { ...threads, ...variables },
        readable: [environment.path, ...prefixes],
        files,
        limits: { ...limits, seconds: Math.min(seconds, limits.seconds) },
        network: network === true,
        allowUnisolated: allowUnisolated === true,
        signal,
      }),
    log: (text) => tailOf(text, [environment.path, ...prefixes]),
  };
}

/** Folders of the interpreter, but those of the system, which are seen anyway. */
async function prefixesOf(basePrefix: string, python: string): Promise<readonly string[]> {
  const real = dirname(dirname(await realpath(python)));
  const found = new Set([basePrefix, await realpath(basePrefix), real]);
  return [...found].filter((path) => path !== "/usr" && path !== "/");
}

function tailOf(text: string, paths: readonly string[]): string {
  let clean = text.replaceAll("\0", "");
  for (const path of paths)
    clean = clean.replaceAll(path, `<${path === paths[0] ? "environment" : "python"}>`);
  return clean.trimEnd().split("\n").slice(-LOG_LINES).join("\n").slice(-LOG_CHARACTERS).toWellFormed();
}

/** Several runs of one stage as one: sums of times, the most memory, and the first that did not pass. */
export function stageOf(
  stage: StageFact["stage"],
  results: readonly IsolatedResult[],
  log: (text: string) => string,
): StageFact {
  const failed = results.find(({ outcome }) => outcome !== "passed");
  const sum = (of: (result: IsolatedResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const throttled = results.every((result) => result.throttled !== undefined);
  return {
    stage,
    outcome: failed?.outcome ?? "passed",
    status: failed?.status ?? 0,
    wall: sum(({ wall }) => wall),
    user: sum(({ user }) => user),
    system: sum(({ system }) => system),
    memory: Math.max(...results.map(({ memory }) => memory)),
    ...(throttled ? { throttled: sum((result) => result.throttled ?? 0) } : {}),
    ...(failed === undefined ? {} : { log: log(`${failed.stderr}${endOf(failed)}`) }),
  };
}

/** What no program can say of its own end. */
function endOf({ outOfMemory, outcome }: IsolatedResult): string {
  if (outOfMemory) return "\nended by the kernel: out of memory";
  return outcome === "timed-out" ? "\nended: its time was over" : "";
}

/** The path of the file of answers within a run. */
export function fileInside(name: string): string {
  return join("/thoth", name);
}
