// The stacks that are tried for a notebook of the past, each installed into an environment that is gone afterwards, and the
// notebook run in it: the first with which it runs to its end is taken, else the one with which it comes furthest.

import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Interpreter } from "@thoth/environment";
import { ThothError } from "@thoth/pep";

import type { Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import { OF_THE_RELEASE } from "../heal/notebook-court.ts";
import { openSession } from "../session/open-session.ts";
import { textOf } from "./execute-notebook.ts";
import { chooseStack, type NotebookNeeds, type NotebookStack } from "./lock-notebook.ts";
import type { NotebookFile } from "./notebook-file.ts";
import type { Candidate } from "./past.ts";
import { NO_STACK } from "./past-choice.ts";
import { groupsOf } from "./prepare-notebook.ts";
import { runnerEnvironment } from "./runner.ts";

export interface RunTrial {
  readonly candidate: Candidate;
  readonly outcome: Outcome;
  /** Absent: there is no such stack. */
  readonly made?: NotebookStack;
}

export type Outcome =
  | { readonly kind: "runs"; readonly cells: number }
  | {
      readonly kind: "failed";
      readonly at: "python" | "lock" | "install" | "run";
      /** In the notebook, from 0; absent where no cell is to blame. */
      readonly cell?: number;
      /** One line. */
      readonly text: string;
    };

export interface Running {
  readonly file: NotebookFile;
  readonly candidates: readonly Candidate[];
  readonly needsOf: (candidate: Candidate) => NotebookNeeds;
  readonly cellTimeout: number | undefined;
}

/** Throws what the last threw where there is no stack at all. */
export async function chooseByRunning(
  invocation: Invocation,
  running: Running,
): Promise<{
  readonly chosen: RunTrial & { readonly made: NotebookStack };
  readonly trials: readonly RunTrial[];
}> {
  const { terminal } = invocation;
  const trials: RunTrial[] = [];
  let failure: unknown;
  for (const candidate of running.candidates) {
    const trial = await tryOne(running, candidate).catch((error: unknown): RunTrial => {
      if (!(error instanceof ThothError) || !NO_STACK.has(error.code)) throw error;
      failure = error;
      return { candidate, outcome: { kind: "failed", at: "lock", text: error.message } };
    });
    trials.push(trial);
    terminal.entry("tried", printable(`${candidate.words}: ${outcomeWords(trial.outcome)}`));
    if (trial.outcome.kind === "runs") break;
  }
  const [first, ...rest] = trials.flatMap(({ made, ...trial }) =>
    made === undefined ? [] : [{ ...trial, made }],
  );
  if (first === undefined) throw failure;
  const chosen = rest.reduce(
    // Of equals the one that is nearer to the notebook's time.
    (best, trial) => (reached(trial.outcome) >= reached(best.outcome) ? trial : best),
    first,
  );
  const why =
    chosen.outcome.kind === "runs" ? "with which it runs to its end" : "with which it comes furthest";
  terminal.entry("chosen", printable(`${chosen.candidate.words}, ${why}`));
  return { chosen, trials };
}

async function tryOne(running: Running, candidate: Candidate): Promise<RunTrial> {
  const { invocation, python, here } = candidate;
  const needs = running.needsOf(candidate);
  const made = await chooseStack(invocation, running.file, needs);
  const { interpreter } = needs.wish.target;
  if (!here || interpreter === undefined) {
    const text = `Python ${python} is not on this machine`;
    return { candidate, made, outcome: { kind: "failed", at: "python", text } };
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), "thoth-try-")));
  try {
    return { candidate, made, outcome: await runStack(running, { candidate, made, interpreter, folder }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Trying {
  readonly candidate: Candidate;
  readonly made: NotebookStack;
  readonly interpreter: Interpreter;
  /** Of its own. */
  readonly folder: string;
}

async function runStack({ file, cellTimeout }: Running, trying: Trying): Promise<Outcome> {
  const { candidate, made, interpreter, folder } = trying;
  const { invocation } = candidate;
  const { settings } = made.needs.wish;
  const { runNotebook } = await import("@thoth/environment");
  const environment = await install(trying);
  if ("kind" in environment) return environment;
  const runner = await runnerEnvironment(invocation, { interpreter, settings });
  const notebook = join(folder, "notebook.ipynb");
  await writeFile(notebook, file.bytes);
  const stage = invocation.terminal.stage("execute");
  try {
    const result = await runNotebook({
      notebook,
      output: join(folder, "output.ipynb"),
      directory: dirname(resolve(file.path)),
      environment,
      runner,
      cellTimeoutSeconds: cellTimeout,
      variables: invocation.environment,
      signal: invocation.signal,
      report: (event) => {
        if (event.kind === "cell") stage.update(event.number - 1, event.total, candidate.words);
      },
    });
    if (result.kind === "done") return { kind: "runs", cells: result.cells };
    const { cell, name, value } = result.failure;
    const text = textOf({ name, value });
    return { kind: "failed", at: "run", ...(cell === undefined ? {} : { cell }), text };
  } catch (error) {
    // The kernel did not start or died, or a cell took too long.
    if (!(error instanceof ThothError) || !/^(?:execution-failed|limit-exceeded)$/.test(error.code))
      throw error;
    return { kind: "failed", at: "run", text: error.message };
  } finally {
    stage.end();
  }
}

async function install({ candidate: { invocation }, made, interpreter, folder }: Trying) {
  const { createEnvironment } = await import("@thoth/environment");
  const { settings } = made.needs.wish;
  const { allowBuild } = settings.policy;
  const lock = made.locked.pylock;
  const session = await openSession(invocation, { settings: settings.indexes, allowBuild });
  const stage = invocation.terminal.stage("install");
  try {
    const groups = groupsOf(lock);
    const { signal } = invocation;
    return await createEnvironment({ lock, groups, interpreter, session, root: folder, allowBuild, signal });
  } catch (error) {
    if (!(error instanceof ThothError) || !OF_THE_RELEASE.has(error.code)) throw error;
    return { kind: "failed", at: "install", text: error.message } as const;
  } finally {
    stage.end();
    await session.close();
  }
}

/** The further, the more; a kernel that does not start is no further than an environment. */
function reached(outcome: Outcome): number {
  if (outcome.kind === "runs") return Number.POSITIVE_INFINITY;
  if (outcome.at !== "run") return outcome.at === "install" ? -2 : -3;
  return outcome.cell ?? -1;
}

export function outcomeWords(outcome: Outcome): string {
  if (outcome.kind === "runs") return `it runs, ${plural(outcome.cells, "cell")}`;
  const { at, cell, text } = outcome;
  if (cell !== undefined) return `cell ${cell + 1} failed: ${text}`;
  if (at === "install") return `they cannot be installed: ${text}`;
  return text;
}
