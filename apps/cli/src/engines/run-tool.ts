// Another program, started without a shell, with bounded output and a time limit.

import { spawn } from "node:child_process";
import { quote, ThothError } from "@thoth/pep";
import { mask } from "../frame/printable.ts";

export interface ToolRun {
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
}

export interface ToolResult {
  readonly status: number;
  readonly output: string;
  /** What it said on stderr, the last of it. */
  readonly messages: string;
}

const LARGEST_OUTPUT = 256 * 1024 * 1024;
const LARGEST_MESSAGES = 64 * 1024;
const GRACE_MILLISECONDS = 3_000;

/** Throws limit-exceeded, environment-failed, or what the signal says. */
export function runTool(run: ToolRun): Promise<ToolResult> {
  const { program, words, folder, variables, signal, timeoutSeconds } = run;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const own = process.platform !== "win32";
    const child = spawn(program, [...words], {
      cwd: folder,
      env: { ...variables },
      stdio: ["ignore", "pipe", "pipe"],
      detached: own,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let messages = "";
    let ended: Error | undefined;
    const end = (why: Error) => {
      if (ended !== undefined) return;
      ended = why;
      stop(child.pid, own, "SIGTERM");
      setTimeout(() => stop(child.pid, own, "SIGKILL"), GRACE_MILLISECONDS).unref();
    };
    const onAbort = () =>
      end(signal.reason instanceof Error ? signal.reason : new ThothError("interrupted", "interrupted"));
    const timer = setTimeout(() => end(tooLong(program, "time", timeoutSeconds)), timeoutSeconds * 1_000);
    signal.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) end(tooLong(program, "output", LARGEST_OUTPUT));
      else chunks.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      messages = (messages + chunk.toString("utf8")).slice(-LARGEST_MESSAGES);
    });
    child.on("error", (cause) => {
      ended ??= new ThothError("environment-failed", `${quote(program)} cannot be started`, { cause });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (ended !== undefined) reject(ended);
      else
        resolve({
          status: code ?? 1,
          output: Buffer.concat(chunks).toString("utf8"),
          messages: mask(messages),
        });
    });
  });
}

function stop(id: number | undefined, group: boolean, signal: NodeJS.Signals): void {
  if (id === undefined) return;
  try {
    process.kill(group ? -id : id, signal);
  } catch {
    // It has ended by itself.
  }
}

function tooLong(program: string, limit: string, value: number): ThothError {
  return new ThothError("limit-exceeded", `${quote(program)} went beyond its limit of ${limit}`, {
    hint: limit === "time" ? "Give it more time with --timeout." : undefined,
    details: { limit, value },
  });
}
