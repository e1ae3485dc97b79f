// A notebook executed by nbclient, cell by cell, with progress; an error in a cell is told as people read it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { CellFailure, Environment, RunResult } from "@thoth/environment";
import { ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { formatSeconds, printableLines, shellWord } from "../frame/printable.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { type RunnerWish, runnerEnvironment } from "./runner.ts";
import { shownPath } from "./tell-notebook.ts";

export interface ExecuteWish {
  readonly file: NotebookFile;
  readonly output: string;
  readonly environment: Pick<Environment, "path">;
  /** An environment with nbclient, or what one is made for. */
  readonly runner: Pick<Environment, "path"> | RunnerWish;
  /** Seconds. */
  readonly cellTimeout?: number | undefined;
  readonly allowErrors: boolean;
}

export interface Executed {
  readonly executed: number;
  readonly total: number;
  readonly seconds: number;
}

/** Throws execution-failed, limit-exceeded, interrupted. */
export async function executeNotebook(invocation: Invocation, wish: ExecuteWish): Promise<Executed> {
  const { runNotebook } = await import("@thoth/environment");
  const runner = "path" in wish.runner ? wish.runner : await runnerEnvironment(invocation, wish.runner);
  const stage = invocation.terminal.stage("execute");
  let total = 0;
  let result: RunResult;
  try {
    result = await withReadable(wish.file, (notebook) =>
      runNotebook({
        notebook,
        directory: dirname(resolve(wish.file.path)),
        output: wish.output,
        environment: wish.environment,
        runner,
        cellTimeoutSeconds: wish.cellTimeout,
        allowErrors: wish.allowErrors,
        variables: invocation.environment,
        report: (event) => {
          total = event.total;
          const done = event.kind === "cell" ? event.number - 1 : 0;
          stage.update(
            done,
            total,
            event.kind === "cell" ? `cell ${event.number} of ${total}` : "the kernel starts",
          );
        },
        signal: invocation.signal,
      }),
    );
  } catch (error) {
    stage.end();
    throw error;
  }
  const { seconds } = stage;
  if (result.kind === "failed") {
    stage.end();
    throw cellFailed(invocation, wish, result);
  }
  stage.end(
    `${result.cells} of ${total} cells · ${formatSeconds(seconds)} · outputs in ${shownPath(wish.output)}`,
  );
  if (result.errors) invocation.terminal.warn("some cells raised errors: see the outputs");
  return { executed: result.cells, total, seconds };
}

/** The path from which the notebook is read: its own, or that of a copy with what could not be written into it. */
async function withReadable<T>(file: NotebookFile, work: (path: string) => Promise<T>): Promise<T> {
  if (file.isAside !== true) return work(file.path);
  const folder = await mkdtemp(join(tmpdir(), "thoth-notebook-"));
  try {
    const copy = join(folder, basename(file.path));
    await writeFile(copy, file.bytes);
    return await work(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LONGEST_TRACEBACK = 8_000;

function cellFailed(
  { terminal }: Invocation,
  { file, output }: ExecuteWish,
  result: Extract<RunResult, { kind: "failed" }>,
): ThothError {
  const { failure, written } = result;
  const traceback = plain(failure.traceback);
  if (!terminal.json && traceback !== "")
    terminal.write(`${printableLines(traceback.slice(-LONGEST_TRACEBACK))}\n`);
  const where = failure.cell === undefined ? "a cell" : `cell ${failure.cell + 1}`;
  return new ThothError("execution-failed", `${where} of \`${file.path}\` raised ${textOf(failure)}`, {
    hint: hintOf(failure, { path: file.path, output, written }),
    details: {
      cell: failure.cell ?? null,
      name: failure.name,
      value: failure.value.slice(0, 2_000),
      traceback: traceback.slice(-LONGEST_TRACEBACK),
      ...(written ? { output } : {}),
    },
  });
}

/** One line. */
export function textOf({ name, value }: Pick<CellFailure, "name" | "value">): string {
  const [line = ""] = value.split("\n", 1);
  return line === "" ? name : `${name}: ${line.slice(0, 300)}`;
}

interface Outcome {
  readonly path: string;
  readonly output: string;
  readonly written: boolean;
}

function hintOf({ name, value }: CellFailure, { path, output, written }: Outcome): string {
  const module = /^No module named '([A-Za-z_][A-Za-z0-9_.]*)'/.exec(value)?.[1];
  if ((name === "ModuleNotFoundError" || name === "ImportError") && module !== undefined) {
    const [top] = module.split(".");
    return `Put ${top}.py beside the notebook if it is yours, or add the package that has it with \`horus requirements ${shellWord(path)} --add PACKAGE\`, then run again.`;
  }
  const rest = written ? ` What was executed before it is in ${output}.` : "";
  return `Mend the cell and run again, or go on after errors with --allow-errors.${rest}`;
}

/** Without the colours of a terminal. */
export function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]{0,30}m/g, "");
}
