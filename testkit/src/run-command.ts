// Runs `thoth` or `horus` as a person would, in an environment that holds nothing of the machine's own settings,
// and measures what the process took.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

export interface RunOptions {
  /** An existing folder: HOME, caches, data and temporary files of the run lie in it. */
  readonly home: string;
  /** Default `home`. */
  readonly cwd?: string;
  /** Joins the clean environment; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array;
  /** The process and its children are killed after it. Default 60,000. */
  readonly timeoutMs?: number;
  /** The process and its children are killed above it. Default 1,024. */
  readonly memoryMiB?: number;
  /** Called when the process has started. */
  readonly started?: (run: RunningCommand) => void;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  /** What has come so far. */
  stdout(): string;
  stderr(): string;
}

export interface CommandResult {
  /** 128 + the signal's number for a process that was killed, as shells say it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** `stdout` as one JSON document; undefined where it is none. */
  readonly json: unknown;
  /** The most that the process and its children held at once, as sampled. */
  readonly maxRssMiB: number;
  readonly seconds: number;
  /** Why the harness killed it. */
  readonly killed: "time" | "memory" | undefined;
}

/**
 * Runs `program` of the checkout to its end: the bundle that people run, or with `THOTH_FROM_SOURCE=1` the sources
 * as they are.
 */
export function runCommand(
  program: "thoth" | "horus",
  args: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  if (process.env["THOTH_FROM_SOURCE"] === "1") {
    const words = [
      "--disable-warning=ExperimentalWarning",
      join(checkout, "apps/cli/src/main.ts"),
      program,
      ...args,
    ];
    return runProgram(process.execPath, words, options);
  }
  return runProgram(join(checkout, "node_modules", ".bin", program), args, options);
}

/** Runs any executable in the same clean environment. */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  const { home, cwd = home, timeoutMs = 60_000, memoryMiB = 1024 } = options;
  mkdirSync(join(home, "tmp"), { recursive: true });
  const started = performance.now();
  const child = spawn(path, args, { cwd, env: cleanEnvironment(options), stdio: "pipe", detached: true });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => out.push(part));
  child.stderr.on("data", (part: Buffer) => err.push(part));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  const texts = { stdout: () => decode(out), stderr: () => decode(err) };
  options.started?.({ child, ...texts });
  const watch = new Watch(child, memoryMiB, timeoutMs);
  const status = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  }).finally(() => watch.stop());
  return {
    status,
    stdout: texts.stdout(),
    stderr: texts.stderr(),
    json: parseJson(texts.stdout()),
    maxRssMiB: Math.round(watch.maxBytes / 2 ** 20),
    seconds: (performance.now() - started) / 1000,
    killed: watch.killed,
  };
}

/** Kills a process and its children that take too much time or memory. */
class Watch {
  maxBytes = 0;
  killed: CommandResult["killed"];
  readonly #child: ChildProcess;
  readonly #limit: number;
  readonly #sampler: NodeJS.Timeout;
  readonly #timer: NodeJS.Timeout;

  constructor(child: ChildProcess, memoryMiB: number, timeoutMs: number) {
    this.#child = child;
    this.#limit = memoryMiB * 2 ** 20;
    this.#sampler = setInterval(() => this.#sample(), 50);
    this.#timer = setTimeout(() => this.#kill("time"), timeoutMs);
  }

  stop(): void {
    clearInterval(this.#sampler);
    clearTimeout(this.#timer);
  }

  #sample(): void {
    const bytes = this.#child.pid === undefined ? 0 : residentBytes(this.#child.pid);
    this.maxBytes = Math.max(this.maxBytes, bytes);
    if (bytes > this.#limit) this.#kill("memory");
  }

  #kill(why: "time" | "memory"): void {
    this.killed ??= why;
    if (this.#child.pid === undefined) return;
    try {
      // The whole process group: the child was started as the leader of its own.
      process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      this.#child.kill("SIGKILL");
    }
  }
}

/** Resident memory of a process and everything below it; 0 where the system does not tell. */
function residentBytes(pid: number): number {
  let total = 0;
  const queue = [pid];
  for (let at = 0; at < queue.length; at++) {
    const folder = `/proc/${queue[at]}`;
    try {
      const [, resident = "0"] = readFileSync(`${folder}/statm`, "utf8").split(" ");
      total += Number(resident) * 4096;
      const children = readFileSync(`${folder}/task/${queue[at]}/children`, "utf8").trim();
      if (children !== "") queue.push(...children.split(" ").map(Number));
    } catch {
      // Gone since, or a system without /proc.
    }
  }
  return total;
}

const KEPT = ["LANG", "LC_ALL", "SYSTEMROOT", "COMSPEC", "PATHEXT"];

/** PATH and the language of this process; everything else anew below `home`. */
function cleanEnvironment({ home, env = {} }: RunOptions): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) result[name] = value;
  }
  Object.assign(result, {
    PATH: (process.env["PATH"] ?? "")
      .split(delimiter)
      .filter((folder) => !folder.includes("node_modules"))
      .join(delimiter),
    HOME: home,
    TMPDIR: join(home, "tmp"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_CONFIG_HOME: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "jupyter"),
    NO_COLOR: "1",
  });
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

function decode(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : (SIGNALS[signal] ?? 0);
}
