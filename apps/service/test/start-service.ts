// The real commands as processes of a test: what they print is read for where they listen.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const today = fileURLToPath(new URL("../../cli/dist/cli.cjs", import.meta.url));
const STARTS_WITHIN = 30_000;

export interface StartOptions {
  /** Further words of the command line. */
  readonly words?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** A folder of its own where none is named. */
  readonly data?: string;
  /** The bundle of another version. */
  readonly cli?: string | undefined;
}

export interface Line {
  readonly message: string;
  readonly [name: string]: unknown;
}

export interface StartedProcess {
  readonly process: ChildProcess;
  /** What it logged. */
  readonly lines: readonly Line[];
  /** Standard error. */
  said(): string;
  /** In order, or at once: resolves when it is gone, with its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface StartedService extends StartedProcess {
  readonly url: string;
  /** The operator's first token, where it was made now. */
  readonly token: string | undefined;
  readonly data: string;
}

/** `thoth serve` on a free port. */
export async function startService(options: StartOptions = {}): Promise<StartedService> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "thoth-service-"));
  const started = await start(
    ["serve", "--port", "0", "--data", data, ...(options.words ?? [])],
    options,
    "listening",
  );
  const url = String(started.lines.find(({ message }) => message === "listening")?.["url"]);
  const stop = async (signal?: NodeJS.Signals) => {
    const status = await started.stop(signal);
    if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    return status;
  };
  const token = /told only now: (\S+)/.exec(started.said())?.[1];
  return { ...started, url, token, data, stop };
}

/** `thoth worker`. */
export async function startWorkerProcess(
  options: StartOptions & { readonly data: string },
): Promise<StartedProcess> {
  return await start(["worker", "--data", options.data, ...(options.words ?? [])], options, "working");
}

async function start(
  words: readonly string[],
  { variables = {}, cli = today }: StartOptions,
  until: string,
): Promise<StartedProcess> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", cli, "thoth", ...words], {
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: Line[] = [];
  let said = "";
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stderr.on("data", (part: Buffer) => {
    said += part.toString("utf8");
  });
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`it does not start: ${said}`)), STARTS_WITHIN);
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line.message === until) {
        clearTimeout(late);
        resolve();
      }
    });
    void gone.then((status) => {
      clearTimeout(late);
      reject(new Error(`it ended with ${status}: ${said}`));
    });
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    return await gone;
  };
  return { process: child, lines, said: () => said, stop };
}
