// What is run for one open notebook: one thing at a time, with its progress, what was said, and what it changed.

import type { Step } from "@thoth/views";
import type { NotebookContent, NotebookEdit } from "./notebook-edit.ts";
import type { OpenNotebook } from "./open-notebook.ts";
import { type Ended, type RunRequest, run, Unreachable } from "./run.ts";
import { quoted } from "./sentences.ts";

/** With the notebook as it was sent, and as it came back where it is another. */
export interface Answer extends Ended {
  readonly sent: NotebookContent;
  readonly changed: NotebookContent | undefined;
}

export interface Running {
  /** Default horus. */
  readonly program?: RunRequest["program"];
  readonly options?: readonly string[];
  /** Is given what is said on the way. */
  hear?(text: string): void;
}

const MOST_LINES = 500;

export class Runs {
  readonly #notebook: OpenNotebook;
  readonly #changed: () => void;
  #steps: readonly Step[] | undefined;
  #controller: AbortController | undefined;
  #log: readonly string[] = [];
  /** What the action that is going on changes. */
  #edit: NotebookEdit;
  /** What the last action changed. */
  #last: NotebookEdit | undefined;

  constructor(notebook: OpenNotebook, changed: () => void) {
    this.#notebook = notebook;
    this.#changed = changed;
    this.#edit = notebook.edit();
  }

  /** Of what is going on; undefined while nothing is. */
  get steps(): readonly Step[] | undefined {
    return this.#steps;
  }

  get isBusy(): boolean {
    return this.#steps !== undefined;
  }

  get log(): readonly string[] {
    return this.#log;
  }

  get canUndo(): boolean {
    return this.#last !== undefined;
  }

  /** Of what is going on. */
  get signal(): AbortSignal {
    return (this.#controller as AbortController).signal;
  }

  get isCancelled(): boolean {
    return this.#controller?.signal.aborted === true;
  }

  cancel(): void {
    this.#controller?.abort(new DOMException("", "AbortError"));
  }

  /** Does one thing, with which the notebook may change. Only where nothing else is going on. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#edit = this.#notebook.edit();
    this.#steps = [];
    this.#controller = new AbortController();
    this.#changed();
    try {
      return await work();
    } finally {
      if (!this.#edit.isEmpty) this.#last = this.#edit;
      this.#steps = undefined;
      this.#controller = undefined;
    }
  }

  /** Brings what a command did to the notebook into the open document. */
  apply({ sent, changed }: Answer): void {
    if (changed !== undefined) this.#edit.apply(sent, changed);
  }

  /** False where the same was changed since, and nothing was taken back. */
  undo(): boolean {
    const isUndone = this.#last?.takeBack() === true;
    this.#last = undefined;
    return isUndone;
  }

  async run(
    words: readonly string[],
    signal: AbortSignal,
    { program = "horus", options = [], hear }: Running = {},
  ): Promise<Answer> {
    const { path, content: sent } = this.#notebook;
    const request = { program, words: [...words, ...options], notebook: path };
    const { isBusy } = this;
    if (isBusy) this.#note(`$ ${program} ${[...words, ...options].map(quoted).join(" ")}`);
    for await (const event of run({ ...request, notebooks: { [path]: JSON.stringify(sent) } }, signal)) {
      if (event.event === "ended") {
        const [text] = Object.values(event.documents);
        const changed = text === undefined ? undefined : (JSON.parse(text) as NotebookContent);
        return { ...event, sent, changed };
      }
      if (event.event === "refused" || event.event === "lost") throw new Error(event.message);
      if (event.event === "step") this.progress(event);
      if (event.event !== "message") continue;
      hear?.(event.text);
      if (isBusy) this.#note(event.text.trimEnd());
    }
    // A server that ends closes the connection, and that is all.
    throw new Unreachable();
  }

  progress({ label, done, total, text, over }: Step): void {
    if (this.#steps === undefined) return;
    const step = { label, done, total, text, over };
    const at = this.#steps.findIndex((one) => one.label === label);
    this.#steps = at < 0 ? [...this.#steps, step] : this.#steps.with(at, step);
    if (over && text !== "") this.#note(`${label}: ${text}`);
    this.#changed();
  }

  #note(line: string): void {
    this.#log = [...this.#log, line].slice(-MOST_LINES);
  }
}
