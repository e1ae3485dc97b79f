// The program `git`, without a shell, without what a repository or the surroundings could make it run: no hooks, no
// checkout and so no filters, no submodules, no prompts, and one protocol alone.
// https://git-scm.com/docs/git#_environment_variables

import { spawn } from "node:child_process";
import { quote, ThothError } from "@thoth/pep";

export interface Git {
  /** Path of the program. */
  readonly program: string;
  /** The bare repository, empty before the first command. */
  readonly repository: string;
  readonly protocol: "https" | "ssh" | "file";
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Configuration that must not be seen by other users of the machine. */
  readonly secrets: readonly (readonly [key: string, value: string])[];
  readonly signal: AbortSignal;
}

export interface GitRun {
  readonly words: readonly string[];
  readonly input?: string;
  /** Takes what it prints; what it throws ends the program. */
  take(chunk: Buffer): void;
}

export interface GitResult {
  readonly status: number;
  /** What it said last. */
  readonly message: string;
}

/** How the network and the keys are reached is the user's to say; all else of git's variables is left out. */
const KEPT =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|HTTP_.*|PROXY_.*|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM)$/;
const GRACE_MILLISECONDS = 2_000;
const LONGEST_MESSAGE = 16 * 1024;
const LARGEST_OBJECT = "5m";

/** Throws `environment-failed`, or what the signal or `take` says. */
export function runGit(git: Git, { words, input = "", take }: GitRun): Promise<GitResult> {
  const { program, repository, signal } = git;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const grouped = process.platform !== "win32";
    const child = spawn(program, [...settingsOf(git), "--git-dir", repository, ...words], {
      cwd: repository,
      env: surroundings(git),
      stdio: "pipe",
      // Without a terminal of its own nobody can be asked for a password.
      detached: grouped,
    });
    let said = "";
    let ended: { readonly reason: unknown } | undefined;
    const end = (reason: unknown) => {
      if (ended !== undefined) return;
      ended = { reason };
      stop(child.pid, grouped, "SIGTERM");
      setTimeout(() => stop(child.pid, grouped, "SIGKILL"), GRACE_MILLISECONDS).unref();
    };
    const abort = () => end(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      if (ended !== undefined) return;
      try {
        take(chunk);
      } catch (error) {
        end(error);
      }
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-LONGEST_MESSAGE);
    });
    // It may end before it has read everything.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", (cause) => {
      const message = `${quote(program)} cannot be started`;
      ended ??= { reason: new ThothError("environment-failed", message, { cause }) };
    });
    child.on("close", (status) => {
      signal.removeEventListener("abort", abort);
      if (ended !== undefined) reject(ended.reason);
      else resolve({ status: status ?? 1, message: lastOf(said) });
    });
  });
}

function settingsOf({ repository }: Git): string[] {
  const settings = {
    "core.hooksPath": `${repository}/no-hooks`,
    "core.bigFileThreshold": LARGEST_OBJECT,
    "core.fsmonitor": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
}

function surroundings({ variables, protocol, secrets }: Git): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && (!name.startsWith("GIT_") || KEPT.test(name))) own[name] = value;
  }
  Object.assign(own, {
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_ASKPASS: "",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    SSH_ASKPASS_REQUIRE: "never",
    GIT_CONFIG_COUNT: String(secrets.length),
  });
  for (const [at, [key, value]] of secrets.entries()) {
    own[`GIT_CONFIG_KEY_${at}`] = key;
    own[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  return own;
}

/** The line that says why, or the last one. */
function lastOf(said: string): string {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  return lines.findLast((line) => /^(?:fatal|error|remote): /.test(line)) ?? lines.at(-1) ?? "";
}

function stop(id: number | undefined, group: boolean, signal: NodeJS.Signals): void {
  if (id === undefined) return;
  try {
    process.kill(group ? -id : id, signal);
  } catch {
    // It has ended by itself.
  }
}
