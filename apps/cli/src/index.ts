// The commands inside a process that lives on: same handlers, output gathered, the store of knowledge kept open.

import type { ExitStatus } from "@thoth/contract";
import { catalogue } from "./commands/catalogue.ts";
import { type Documents, onDisk } from "./files/documents.ts";
import { runResident } from "./frame/program.ts";
import { Stores } from "./frame/stores.ts";
import type { Block } from "./frame/table.ts";
import type { Output } from "./frame/terminal.ts";

export interface ResidentAnswer {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
  /** What the text of the result was made from. */
  readonly blocks: readonly Block[];
}

export interface ResidentOptions {
  /** Notebooks that are open: what is written to them stays with them. */
  readonly documents?: Documents;
  readonly signal?: AbortSignal;
  readonly output?: Partial<Pick<Output, "message" | "progress" | "phase" | "document">>;
}

const stores = new Stores();

/** Answers one command line; `words` are what would follow the program's name. */
export async function resident(
  program: "thoth" | "horus",
  words: readonly string[],
  { documents = onDisk, signal = new AbortController().signal, output: heard = {} }: ResidentOptions = {},
): Promise<ResidentAnswer> {
  const results: string[] = [];
  const messages: string[] = [];
  const blocks: Block[] = [];
  const output = {
    result: (text: string) => results.push(text),
    message: (text: string) => {
      messages.push(text);
      heard.message?.(text);
    },
    progress: heard.progress,
    phase: heard.phase,
    document: heard.document,
    blocks: (more: readonly Block[]) => blocks.push(...more),
    screen: false,
  };
  const status = await runResident(catalogue[program], words, { output, stores, documents, signal });
  return { status, stdout: results.join(""), stderr: messages.join(""), blocks };
}

/** Makes durable what was learnt; a later `resident` opens the store anew. */
export async function closeResident(): Promise<void> {
  await stores.close();
}
