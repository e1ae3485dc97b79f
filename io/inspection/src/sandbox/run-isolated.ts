// Runs a command of an environment that nobody trusts: as a user of its own, in namespaces of its own, within limits,
// and gone without a trace when it ends. What the machine cannot do is listed in the result. The work is done by
// python/sandbox_*.py; docs/decisions/0027-isolation.md tells why so.

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { endGroup, startProcess } from "@thoth/environment";
import type { Outcome } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { sandboxProgram } from "../python-programs.ts";
import type { Limits } from "./limits.ts";

export interface IsolatedRequest {
  /** An interpreter of the machine that can be trusted; it guards the command, and is not what the command runs with. */
  readonly guard: string;
  /** Absolute path of the program, and its arguments. */
  readonly command: readonly string[];
  /** All that it has; nothing comes from our own. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files and folders that it sees, where they are, and cannot change: the environment and its interpreter. */
  readonly readable: readonly string[];
  /** Texts that lie in `/thoth` under these names. */
  readonly files?: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly network?: boolean;
  /** Runs it even where the machine has no namespaces, within limits of resources alone. */
  readonly allowUnisolated?: boolean;
  /** Of each stream, characters that are kept: the last ones. Default 256 KiB. */
  readonly keep?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface IsolatedResult {
  readonly outcome: Outcome;
  /** Exit status, or the negative number of a signal. */
  readonly status: number;
  /** Seconds. */
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** Bytes: the most that one of its processes had at a time. */
  readonly memory: number;
  /** Seconds for which a quota stopped it, its own or one above; absent where the machine does not tell. */
  readonly throttled?: number;
  /** The kernel ended a process of it for want of memory. */
  readonly outOfMemory: boolean;
  /** Processors that it ran on. */
  readonly cores: readonly number[];
  readonly stdout: string;
  readonly stderr: string;
  readonly isolated: boolean;
  /** What the machine could not do, sorted: docs/inspections.md lists the names. */
  readonly missing: readonly string[];
}

/** Where the command may write; `/tmp` and `/dev/shm` are the others. */
export const HOME_INSIDE = "/thoth-work/home";
const NAME = /^[\w.-]{1,64}$/;
const FILES_LIMIT = 16 << 20;
const REPORT_LIMIT = 1 << 20;
const GRACE_MILLISECONDS = 20_000;

/** Throws isolation-unavailable, interrupted; then nothing of the command is left. */
export async function runIsolated(request: IsolatedRequest): Promise<IsolatedResult> {
  if (request.signal?.aborted) throw interrupted();
  const child = startProcess(request.guard, ["-I", "-S", "-B", "-c", sandboxProgram], {
    variables: { LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const keep = request.keep ?? 1 << 18;
  const [stdin, stdout, stderr, report] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  const told = [gather(stdout, keep), gather(stderr, keep), gather(report, REPORT_LIMIT)] as const;
  stdin.on("error", () => undefined);
  // It stays open: when it closes, by our own end too, everything ends.
  stdin.write(`${JSON.stringify(orderOf(request))}\n`);
  const stop = () => {
    stdin.destroy();
    setTimeout(() => endGroup(child.pid, "SIGKILL"), GRACE_MILLISECONDS).unref();
  };
  request.signal?.addEventListener("abort", stop, { once: true });
  try {
    await ended(child);
  } finally {
    request.signal?.removeEventListener("abort", stop);
    stdin.destroy();
  }
  if (request.signal?.aborted) throw interrupted();
  return resultOf({ stdout: told[0](), stderr: told[1](), report: told[2]() });
}

function orderOf(request: IsolatedRequest): object {
  const { command, variables, readable, files = {}, limits, network, allowUnisolated } = request;
  const names = Object.keys(files);
  const size = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  if (names.some((name) => !NAME.test(name) || /^\.+$/.test(name)) || size > FILES_LIMIT)
    throw new Error("the files of an isolated command have plain names and are at most 16 MiB");
  for (const path of readable) {
    if (!/^\/[^/]+\/[^/]/.test(path) || path.split("/").includes(".."))
      throw new Error(`${path} is not the path of an environment or interpreter`);
  }
  return {
    command,
    variables: { HOME: HOME_INSIDE, TMPDIR: "/tmp", LANG: "C.UTF-8", PATH: "/usr/bin:/bin", ...variables },
    readable,
    files,
    limits,
    network: network === true,
    allowUnisolated: allowUnisolated === true,
    // Where there are no namespaces it runs here.
    directory: "/",
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) =>
      reject(unavailable("the interpreter that guards it cannot be started", cause)),
    );
    child.once("close", () => resolve());
  });
}

/** Reads a stream to its end, keeping the last characters. */
function gather(stream: Readable, keep: number): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    if (text.length > 2 * keep) text = text.slice(-keep);
  });
  return () => text.slice(-keep);
}

interface Told {
  readonly stdout: string;
  readonly stderr: string;
  readonly report: string;
}

function resultOf({ stdout, stderr, report }: Told): IsolatedResult {
  const answer = parseReport(report, stderr);
  if (typeof answer["refused"] === "string") throw unavailable(answer["refused"]);
  const status = numberOf(answer["status"]);
  const throttled = answer["throttled"];
  return {
    outcome:
      answer["timedOut"] === true
        ? "timed-out"
        : status < 0 || answer["outOfMemory"] === true
          ? "killed"
          : status === 0
            ? "passed"
            : "failed",
    status,
    wall: numberOf(answer["wall"]),
    user: numberOf(answer["user"]),
    system: numberOf(answer["system"]),
    memory: numberOf(answer["memory"]),
    ...(typeof throttled === "number" ? { throttled } : {}),
    outOfMemory: answer["outOfMemory"] === true,
    cores: listOf(answer["cores"]).map(Number),
    stdout,
    stderr,
    isolated: answer["isolated"] === true,
    missing: listOf(answer["missing"]).map(String),
  };
}

/** The guard's own answer: nothing of the command can write there. */
function parseReport(report: string, stderr: string): Record<string, unknown> {
  try {
    return JSON.parse(report) as Record<string, unknown>;
  } catch {
    const last = stderr.trimEnd().split("\n").at(-1) ?? "";
    throw unavailable(last === "" ? "the guard told nothing" : last);
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function unavailable(why: string, cause?: unknown): ThothError {
  return new ThothError("isolation-unavailable", `a command cannot be isolated on this machine: ${why}`, {
    hint: "Linux with user namespaces is needed; docs/inspections.md tells what, and what may be allowed instead.",
    details: { why },
    cause,
  });
}

function interrupted(): ThothError {
  return new ThothError("interrupted", "the work was interrupted");
}
