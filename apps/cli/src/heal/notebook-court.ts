// A notebook on trial: candidate stacks are installed into an environment that is gone afterwards, and the notebook is run in it up
// to the cell that failed.

import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { CellFailure, Environment, Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import { type Court, installedModules, type Stack, stackDigest, type Verdict } from "@thoth/inspection";
import { type Pylock, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { plain } from "../notebook/execute-notebook.ts";
import type { NotebookFile } from "../notebook/notebook-file.ts";
import { groupsOf } from "../notebook/prepare-notebook.ts";
import { likeness } from "../trial/seen.ts";
import type { StackMaker } from "../trial/stack-maker.ts";
import { namedBy } from "./failure-cause.ts";

/** What was seen in the stack that fails. */
export type Symptom =
  | { readonly kind: "cell"; readonly cell: number; readonly name: string; readonly value: string }
  /** The environment could not be made. */
  | { readonly kind: "install"; readonly code: string };

export interface TrialOfNotebook {
  readonly file: NotebookFile;
  readonly symptom: Symptom;
  readonly maker: StackMaker;
  readonly session: IndexSession;
  readonly interpreter: Interpreter;
  readonly runner: Environment;
  readonly allowBuild: boolean;
  readonly cellTimeout: number | undefined;
  readonly report: (stack: Stack) => void;
}

export class NotebookCourt implements Court {
  readonly #trial: TrialOfNotebook;
  readonly #invocation: Invocation;
  readonly #folder: string;
  /** By the digests of stacks that failed in another way. */
  readonly #blamed = new Map<string, readonly string[]>();

  private constructor(invocation: Invocation, trial: TrialOfNotebook, folder: string) {
    this.#invocation = invocation;
    this.#trial = trial;
    this.#folder = folder;
  }

  static async open(invocation: Invocation, trial: TrialOfNotebook): Promise<NotebookCourt> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "thoth-heal-")));
    return new NotebookCourt(invocation, trial, folder);
  }

  resolve: Court["resolve"] = (pins, near) => this.#trial.maker.resolve(pins, near);

  releases: Court["releases"] = (name) => this.#trial.maker.releases(name);

  former: NonNullable<Court["former"]> = (stack, pins) => this.#trial.maker.former(stack, pins);

  blamed(stack: Stack): readonly string[] {
    return this.#blamed.get(stackDigest(stack)) ?? [];
  }

  async inspect(stack: Stack): Promise<Verdict> {
    const { report, maker } = this.#trial;
    report(stack);
    const verdict = await this.#judge(stack, maker);
    const named = verdict === "other" ? `, named: ${this.blamed(stack).join(", ") || "none"}` : "";
    this.#invocation.terminal.trace(`this run ${SAID[verdict]}${named}`);
    return verdict;
  }

  async #judge(stack: Stack, maker: StackMaker): Promise<Verdict> {
    const root = await mkdtemp(join(this.#folder, "stack-"));
    try {
      const lock = await maker.lock(stack);
      const environment = await this.#install(lock, stack, root);
      if (typeof environment === "string") return environment;
      return this.#trial.symptom.kind === "install" ? "passes" : await this.#run(environment, stack, root);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }

  async #install(lock: Pylock, stack: Stack, root: string): Promise<Environment | Verdict> {
    const { createEnvironment } = await import("@thoth/environment");
    const { interpreter, session, allowBuild, symptom } = this.#trial;
    const { signal } = this.#invocation;
    const groups = groupsOf(lock);
    try {
      return await createEnvironment({ lock, groups, interpreter, session, root, allowBuild, signal });
    } catch (error) {
      if (!(error instanceof ThothError) || !OF_THE_RELEASE.has(error.code)) throw error;
      this.#invocation.terminal.trace(error.message);
      if (symptom.kind === "install" && symptom.code === error.code) return "fails";
      const refused = error.details?.["package"];
      if (typeof refused === "string") this.#blamed.set(stackDigest(stack), [refused]);
      return "other";
    }
  }

  async #run(environment: Environment, stack: Stack, root: string): Promise<Verdict> {
    const { runNotebook } = await import("@thoth/environment");
    const { file, symptom, runner, cellTimeout } = this.#trial;
    if (symptom.kind !== "cell") return "passes";
    const notebook = join(root, "notebook.ipynb");
    await writeFile(notebook, cellsUpTo(file.bytes, symptom.cell));
    try {
      const result = await runNotebook({
        notebook,
        output: join(root, "output.ipynb"),
        directory: dirname(resolve(file.path)),
        environment,
        runner,
        cellTimeoutSeconds: cellTimeout,
        variables: this.#invocation.environment,
        signal: this.#invocation.signal,
      });
      if (result.kind === "done") return "passes";
      const { cell, name, value } = result.failure;
      const same =
        cell === symptom.cell && name === symptom.name && likeness(value) === likeness(symptom.value);
      if (same) return "fails";
      this.#blamed.set(stackDigest(stack), await namedIn(environment, result.failure));
      return "other";
    } catch (error) {
      // The kernel did not start or a cell took too long: it says nothing of the failure that is looked for.
      if (
        error instanceof ThothError &&
        (error.code === "execution-failed" || error.code === "limit-exceeded")
      ) {
        this.#invocation.terminal.trace(error.message);
        return "other";
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const SAID: Readonly<Record<Verdict, string>> = {
  passes: "passes",
  fails: "fails in the same way",
  other: "fails in another way",
};

async function namedIn(environment: Environment, failure: CellFailure): Promise<readonly string[]> {
  const { sitePackagesIn } = await import("@thoth/environment");
  const modules = await installedModules((await sitePackagesIn(environment.path)) ?? environment.path);
  return namedBy({ failure, traceback: plain(failure.traceback), modules });
}

export const OF_THE_RELEASE: ReadonlySet<string> = new Set([
  "build-not-allowed",
  "environment-failed",
  "hash-mismatch",
  "invalid-metadata",
  "invalid-wheel",
  "metadata-mismatch",
  "no-matching-artifact",
  "path-escape",
]);

/** The notebook without the cells after that one, counted among all cells from 0. */
function cellsUpTo(bytes: Uint8Array, cell: number): string {
  const document = JSON.parse(Buffer.from(bytes).toString("utf8")) as { cells: unknown[] };
  return JSON.stringify({ ...document, cells: document.cells.slice(0, cell + 1) });
}
