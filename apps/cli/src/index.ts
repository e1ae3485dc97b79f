// The commands inside a process that lives on: same handlers, output gathered, the store of knowledge kept open.

import type { ExitStatus } from "@thoth/contract";
import { catalogue } from "./commands/catalogue.ts";
import { runResident } from "./frame/program.ts";
import { Stores } from "./frame/stores.ts";

export interface ResidentAnswer {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

const stores = new Stores();

/** Answers one command line; `words` are what would follow the program's name. */
export async function resident(
  program: "thoth" | "horus",
  words: readonly string[],
): Promise<ResidentAnswer> {
  const results: string[] = [];
  const messages: string[] = [];
  const output = {
    result: (text: string) => results.push(text),
    message: (text: string) => messages.push(text),
    screen: false,
  };
  const status = await runResident(catalogue[program], words, { output, stores });
  return { status, stdout: results.join(""), stderr: messages.join("") };
}

/** Makes durable what was learnt; a later `resident` opens the store anew. */
export async function closeResident(): Promise<void> {
  await stores.close();
}
