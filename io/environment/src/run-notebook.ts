// Executes a notebook by Jupyter's nbclient, in an environment of the runner's own; the kernel comes from the
// environment of the notebook. https://nbclient.readthedocs.io/en/latest/client.html

import { chmod, mkdtemp, open, realpath, rename, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { kernelVariables, type Variables } from "./child-environment.ts";
import { endGroup, forEachLine, startProcess, throwIfInterrupted } from "./child-process.ts";
import { pythonIn } from "./installed.ts";
import { kernelAdditions, kernelCommand } from "./kernelspec.ts";
import { runNotebookProgram } from "./python-programs.ts";
import { disk, remove, temporaryName } from "./temporary-folder.ts";

export type RunEvent =
  | { readonly kind: "started"; readonly total: number }
  /** Cell `number` of `total` begins; `cell` counts all cells of the notebook from 0. */
  | { readonly kind: "cell"; readonly number: number; readonly total: number; readonly cell: number };

export interface RunRequest {
  readonly notebook: string;
  /** Where the executed notebook is written; may be the notebook itself. */
  readonly output: string;
  /** The environment with the notebook's packages and ipykernel. */
  readonly environment: { readonly path: string };
  /** An environment that has nbclient. */
  readonly runner: { readonly path: string };
  /** The working directory of the kernel. Default: the folder of the notebook. */
  readonly directory?: string | undefined;
  readonly cellTimeoutSeconds?: number | undefined;
  readonly allowErrors?: boolean | undefined;
  readonly variables?: Variables | undefined;
  readonly report?: ((event: RunEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CellFailure {
  /** Counted among all cells from 0. */
  readonly cell: number | undefined;
  /** The class of the exception. */
  readonly name: string;
  readonly value: string;
  /** With the colour codes of a terminal. */
  readonly traceback: string;
}

export type RunResult =
  | { readonly kind: "done"; readonly cells: number; readonly errors: boolean }
  /** `written`: the output holds what was executed. False when something was there, which is left as it was. */
  | { readonly kind: "failed"; readonly failure: CellFailure; readonly written: boolean };

const START_SECONDS = 120;
/** Characters of all outputs together. */
const OUTPUT_LIMIT = 256 << 20;
const GRACE_MILLISECONDS = 3000;

/**
 * An error in a cell is an answer. Throws execution-failed, limit-exceeded (the time of a cell, the size of the
 * outputs), file-failed or interrupted; the kernel has then ended and the output is as it was.
 */
export async function runNotebook(request: RunRequest): Promise<RunResult> {
  throwIfInterrupted(request.signal);
  const output = await realpath(request.output).catch(() => resolve(request.output));
  const temporary = join(dirname(output), temporaryName());
  const runtime = await mkdtemp(join(tmpdir(), "thoth-run-"));
  try {
    const answer = await execute(request, { temporary, runtime });
    if (answer.kind === "failed") {
      const written = (await stat(output).catch(() => undefined)) === undefined;
      if (written) await putInPlace(temporary, output);
      return { kind: "failed", failure: answer.failure, written };
    }
    throwIfInterrupted(request.signal);
    await putInPlace(temporary, output);
    return answer;
  } finally {
    await Promise.all([remove(temporary), remove(runtime)]);
  }
}

async function putInPlace(temporary: string, output: string): Promise<void> {
  const existing = await stat(output).catch(() => undefined);
  if (existing !== undefined) await disk(output, () => chmod(temporary, existing.mode & 0o777));
  await disk(output, () => rename(temporary, output));
}

interface Places {
  readonly temporary: string;
  /** Connection files and IPython's own files lie here and vanish afterwards. */
  readonly runtime: string;
}

type Answer =
  | { readonly kind: "done"; readonly cells: number; readonly errors: boolean }
  | { readonly kind: "failed"; readonly failure: CellFailure };

async function execute(request: RunRequest, places: Places): Promise<Answer> {
  const variables = kernelVariables(request.variables);
  variables["IPYTHONDIR"] = join(places.runtime, "ipython");
  variables["JUPYTER_RUNTIME_DIR"] = join(places.runtime, "jupyter");
  variables["JUPYTER_PLATFORM_DIRS"] = "1";
  const child = startProcess(pythonIn(request.runner.path), ["-I", "-c", runNotebookProgram], {
    variables,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const conversation = new Conversation(request);
  forEachLine(child.stdout!, (line) => conversation.hear(line));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => conversation.mutter(text));
  child.stdin!.on("error", () => undefined);
  child.stdin!.write(`${JSON.stringify(await orderOf(request, places))}\n`);
  const ended = new Promise<void>((done, fail) => {
    child.once("error", fail);
    child.once("close", () => done());
  });
  const stop = () => {
    // Its standard input closes: it ends the kernel and then itself.
    child.stdin!.destroy();
    setTimeout(() => endGroup(child.pid, "SIGKILL"), GRACE_MILLISECONDS).unref();
  };
  request.signal?.addEventListener("abort", stop, { once: true });
  try {
    if (request.signal?.aborted) stop();
    await ended.catch((error: unknown) => {
      throw failed("The runner of notebooks cannot be started.", undefined, error);
    });
  } finally {
    request.signal?.removeEventListener("abort", stop);
  }
  throwIfInterrupted(request.signal);
  return conversation.answer();
}

async function orderOf(request: RunRequest, { temporary, runtime }: Places): Promise<object> {
  const notebook = resolve(request.notebook);
  const { variables = process.env } = request;
  return {
    notebook,
    output: temporary,
    runtime,
    directory: resolve(request.directory ?? dirname(notebook)),
    argv: kernelCommand(request.environment.path),
    variables: kernelAdditions(request.environment.path, variables["PATH"] ?? variables["Path"] ?? ""),
    cellTimeout: request.cellTimeoutSeconds ?? null,
    startTimeout: START_SECONDS,
    allowErrors: request.allowErrors === true,
    outputLimit: OUTPUT_LIMIT,
    ...(await layoutOf(notebook)),
  };
}

/** How the file is indented and whether it ends with a line end, so that the output looks alike. */
async function layoutOf(notebook: string): Promise<{ indent: number | string | null; newline: boolean }> {
  const file = await open(notebook, "r");
  try {
    const { size } = await file.stat();
    const head = (await file.read(Buffer.alloc(256), 0, 256, 0)).buffer.toString("utf8");
    const tail = (await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))).buffer;
    const [, indent] = /^\uFEFF?\{\r?\n([ \t]{1,8})"/.exec(head) ?? [];
    const compact = /^\uFEFF?\{"/.test(head);
    const width = indent?.includes("\t") ? indent : (indent?.length ?? 1);
    return { indent: compact ? null : width, newline: tail[0] === 0x0a };
  } finally {
    await file.close();
  }
}

/** What the runner tells, line by line; its last line is the answer. */
class Conversation {
  private readonly request: RunRequest;
  private last: Record<string, unknown> = {};
  private muttered = "";

  constructor(request: RunRequest) {
    this.request = request;
  }

  hear(line: string): void {
    let event: Record<string, unknown>;
    try {
      event = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return;
    }
    const total = Number(event["total"]);
    if (event["kind"] === "started") this.request.report?.({ kind: "started", total });
    else if (event["kind"] === "cell") {
      const [number, cell] = [Number(event["number"]), Number(event["cell"])];
      this.request.report?.({ kind: "cell", number, total, cell });
    }
    this.last = event;
  }

  mutter(text: string): void {
    this.muttered = (this.muttered + text).slice(-8000);
  }

  answer(): Answer {
    const { last } = this;
    switch (last["kind"]) {
      case "done":
        return { kind: "done", cells: Number(last["cells"]), errors: last["errors"] === true };
      case "failed":
        return { kind: "failed", failure: failureOf(last) };
      case "timeout":
        throw limit("cellSeconds", this.request.cellTimeoutSeconds, "A cell took longer than it may");
      case "output-limit":
        throw limit(
          "outputCharacters",
          OUTPUT_LIMIT,
          "The outputs of the notebook are larger than they may be",
        );
      case "unwritable":
        throw this.unwritable();
      case "no-runner":
        throw failed("The runner's environment has no nbclient.", this.muttered);
      default:
        throw this.kernelFailed();
    }
  }

  private unwritable(): ThothError {
    const path = this.request.output;
    return new ThothError(
      "file-failed",
      `${quote(path)} cannot be written: ${quote(String(this.last["message"]))}.`,
      {
        details: { path },
      },
    );
  }

  private kernelFailed(): ThothError {
    const { kind } = this.last;
    const name = quote(basename(this.request.notebook));
    const started = kind === "cell" || kind === "dead" || this.last["started"] === true;
    const why = started ? "its kernel died" : "its kernel did not start";
    const said = [this.last["message"], this.muttered].filter((text) => typeof text === "string").join("\n");
    return failed(`${name} was not executed to its end: ${why}.`, said);
  }
}

function failureOf(event: Record<string, unknown>): CellFailure {
  const { cell } = event;
  return {
    cell: typeof cell === "number" ? cell : undefined,
    name: String(event["name"]),
    value: String(event["value"]),
    traceback: String(event["traceback"]),
  };
}

function failed(message: string, said: string | undefined, cause?: unknown): ThothError {
  return new ThothError("execution-failed", message, {
    hint: "--verbose shows what the kernel said.",
    details: said === undefined ? {} : { stderr: said.slice(-8000) },
    cause,
  });
}

function limit(name: string, value: number | undefined, sentence: string): ThothError {
  return new ThothError("limit-exceeded", `${sentence}.`, { details: { limit: name, value } });
}
