// Starts other programs: argument arrays (never a shell), bounded output, a time limit, and an end for the
// whole process group when the caller gives up.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { quote, ThothError } from "@thoth/pep";

export interface ProcessOptions {
  readonly variables: Readonly<Record<string, string>>;
  readonly directory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** How many characters of each stream are kept: the last ones. Default 1 MiB. */
  readonly keep?: number | undefined;
  /** Keeps standard input open, so that a program that watches it ends when we die. */
  readonly tether?: boolean | undefined;
  readonly onErrorLine?: ((line: string) => void) | undefined;
}

export interface ProcessResult {
  /** Exit status, or undefined when a signal ended the program. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_KEEP = 1 << 20;
const GRACE_MILLISECONDS = 2000;
const live = new Set<ChildProcess>();
let watchingExit = false;

/** Runs `command` to its end. Throws `interrupted`, `limit-exceeded` (time) or the error of the start itself. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  throwIfInterrupted(options.signal);
  const child = startProcess(command, args, {
    ...options,
    stdio: [options.tether ? "pipe" : "ignore", "pipe", "pipe"],
  });
  const stdout = new Tail(options.keep ?? DEFAULT_KEEP);
  const stderr = new Tail(options.keep ?? DEFAULT_KEEP);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.add(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.add(text));
  if (options.onErrorLine !== undefined && child.stderr) forEachLine(child.stderr, options.onErrorLine);
  // Writing is never needed; the program may close its end at any time.
  child.stdin?.on("error", () => undefined);
  const status = await ended(child, command, options);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

export interface StartOptions {
  readonly variables: Readonly<Record<string, string>>;
  readonly directory?: string | undefined;
  readonly stdio: ("ignore" | "pipe")[];
}

/** Starts `command` as the leader of its own process group and remembers it until it ends. */
export function startProcess(command: string, args: readonly string[], options: StartOptions): ChildProcess {
  const child = spawn(command, [...args], {
    cwd: options.directory,
    env: options.variables,
    stdio: options.stdio,
    detached: process.platform !== "win32",
    windowsHide: true,
    shell: false,
  });
  live.add(child);
  child.once("close", () => live.delete(child));
  child.once("error", () => live.delete(child));
  if (!watchingExit) {
    watchingExit = true;
    process.once("exit", () => {
      for (const left of live) endGroup(left.pid, "SIGKILL");
    });
  }
  return child;
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

function interrupted(): ThothError {
  return new ThothError("interrupted", "the work was interrupted");
}

/** Sends a signal to a process group; a group that is gone already is no error. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/PID", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isMissing(error, "ESRCH") && !isMissing(error, "EPERM")) throw error;
  }
}

/** Calls `onLine` for each line of a stream; a line of more than 1 MiB is cut. */
export function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-DEFAULT_KEEP);
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

export function isMissing(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function ended(child: ChildProcess, command: string, options: ProcessOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let reason: Error | undefined;
    const timers: NodeJS.Timeout[] = [];
    const end = (why: Error) => {
      reason ??= why;
      endGroup(child.pid, "SIGTERM");
      timers.push(setTimeout(() => endGroup(child.pid, "SIGKILL"), GRACE_MILLISECONDS));
    };
    const onAbort = () => end(interrupted());
    const finish = () => {
      for (const timer of timers) clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
    };
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const { timeoutSeconds } = options;
    if (timeoutSeconds !== undefined) {
      timers.push(setTimeout(() => end(timeLimit(command, timeoutSeconds)), timeoutSeconds * 1000));
    }
    child.once("error", (error) => {
      finish();
      reject(error);
    });
    child.once("exit", () => {
      // Something that outlives the program may hold its streams open: do not wait for that for ever.
      timers.push(setTimeout(() => closeStreams(child), GRACE_MILLISECONDS));
    });
    child.once("close", (status) => {
      finish();
      // What it started and left behind ends with it.
      if (reason !== undefined) endGroup(child.pid, "SIGKILL");
      if (reason === undefined) resolve(status ?? undefined);
      else reject(reason);
    });
  });
}

function closeStreams(child: ChildProcess): void {
  endGroup(child.pid, "SIGKILL");
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function timeLimit(command: string, seconds: number): ThothError {
  return new ThothError("limit-exceeded", `${quote(command)} did not end within ${seconds} s`, {
    details: { limit: "seconds", value: seconds },
  });
}

/** The last `limit` characters of a stream. */
class Tail {
  private readonly limit: number;
  private kept = "";

  constructor(limit: number) {
    this.limit = limit;
  }

  add(text: string): void {
    this.kept += text;
    if (this.kept.length > 2 * this.limit) this.kept = this.kept.slice(-this.limit);
  }

  text(): string {
    return this.kept.slice(-this.limit);
  }
}
