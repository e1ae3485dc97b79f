// The resident process of an editor's server: command lines come in as lines of JSON and run beside each other, with the
// stores of knowledge kept open; what they say goes out likewise. It ends when its input does.

import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { findViolations, residentRequest } from "@thoth/contract";
import { catalogue } from "../commands/catalogue.ts";
import { OpenDocuments } from "../files/documents.ts";
import { withNotebook } from "../frame/notebook-word.ts";
import { closeResident, resident } from "../index.ts";

/** Lines are one notebook and little else. */
const MOST_CHARACTERS = 256 * 1024 * 1024;
const MOST_RUNS = 32;
/** Between two words about the same step. */
const QUIET_MILLISECONDS = 80;

interface RunRequest {
  readonly id: string;
  readonly call: "run";
  readonly program: "thoth" | "horus";
  readonly words: readonly string[];
  readonly notebook?: string;
  readonly documents?: Readonly<Record<string, string>>;
  readonly trace?: boolean;
}

type Request = RunRequest | { readonly id: string; readonly call: "cancel" };

export type Say = (event: object) => unknown;

/** Resolves when the input has ended and every run with it. */
export async function serveResident(input: Readable, say: Say): Promise<void> {
  const runs = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  for await (const line of linesOf(input)) {
    const request = readRequest(line);
    if (typeof request === "string") say({ id: null, event: "refused", message: request });
    else if (request.call === "cancel") runs.get(request.id)?.abort();
    else if (runs.has(request.id) || runs.size >= MOST_RUNS)
      say({
        id: request.id,
        event: "refused",
        message: "there is such a run already, or there are too many",
      });
    else {
      const controller = new AbortController();
      runs.set(request.id, controller);
      const work = run(request, controller.signal, say).finally(() => {
        runs.delete(request.id);
        working.delete(work);
      });
      working.add(work);
    }
  }
  // Nobody is there any more to hear what becomes of them.
  for (const controller of runs.values()) controller.abort();
  await Promise.allSettled(working);
  await closeResident();
}

async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of input) {
    const pieces = decoder.write(chunk as Buffer).split("\n");
    for (const [at, piece] of pieces.entries()) {
      length += piece.length;
      // What is too long is not kept: its end is a line that cannot be read.
      if (length <= MOST_CHARACTERS) parts.push(piece);
      if (at === pieces.length - 1) break;
      yield parts.join("");
      parts = [];
      length = 0;
    }
  }
}

/** Or why it is none. */
function readRequest(line: string): Request | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "the line is no JSON";
  }
  const [violation] = findViolations(residentRequest, value);
  if (violation === undefined) return value as Request;
  return `the line is no request: ${violation.expected} expected at ${violation.at === "" ? "its top" : violation.at}`;
}

async function run(
  { id, program, words, notebook, documents = {}, trace = false }: RunRequest,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  const open = new OpenDocuments(
    new Map(Object.entries(documents).map(([path, text]) => [path, Buffer.from(text, "utf8")])),
  );
  const about = notebook === undefined ? words : withNotebook(catalogue[program], words, notebook);
  const steps = new Steps((step) => say({ id, event: "step", ...step }));
  let document: unknown = null;
  const { status, stdout, blocks } = await resident(program, about, {
    documents: open,
    signal,
    output: {
      message: (text) => say({ id, event: "message", text }),
      progress: (step) => steps.tell(step),
      phase: trace ? (phase) => say({ id, event: "phase", ...phase }) : undefined,
      document: (value) => {
        document = value;
      },
    },
  });
  const changed = [...open.changed].map(([path, bytes]) => [path, Buffer.from(bytes).toString("utf8")]);
  // The document is the last: who only passes it on need not read it (apps/service).
  say({
    id,
    event: "ended",
    status,
    text: stdout,
    blocks,
    documents: Object.fromEntries(changed),
    document,
  });
}

interface Step {
  readonly label: string;
  readonly over: boolean;
}

/** Lets through the first and the last word of each step, and between them one now and then. */
class Steps<T extends Step> {
  readonly #say: (step: T) => unknown;
  #label: string | undefined;
  #last = 0;

  constructor(say: (step: T) => unknown) {
    this.#say = say;
  }

  tell(step: T): void {
    const now = performance.now();
    const isNew = step.label !== this.#label;
    if (!isNew && !step.over && now - this.#last < QUIET_MILLISECONDS) return;
    this.#label = step.over ? undefined : step.label;
    this.#last = now;
    this.#say(step);
  }
}
