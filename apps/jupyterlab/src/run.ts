// Command lines, run by the server's resident process: their events as they come.

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import { eventData } from "./event-stream.ts";
import type { Block } from "./html-output.ts";

export interface RunRequest {
  readonly program: "horus" | "thoth";
  readonly words: readonly string[];
  /** The one that the command is about, if it takes one. */
  readonly notebook: string;
  /** Text of open notebooks by their path. */
  readonly notebooks: Readonly<Record<string, string>>;
}

export type RunEvent =
  | {
      readonly event: "step";
      readonly label: string;
      readonly done: number;
      readonly total: number;
      readonly text: string;
      readonly over: boolean;
    }
  | { readonly event: "message"; readonly text: string }
  | Ended
  | { readonly event: "refused" | "lost"; readonly message: string };

export interface Ended {
  readonly event: "ended";
  readonly status: number;
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly documents: Readonly<Record<string, string>>;
  /** Without `--json`. */
  readonly text: string;
  /** What the text was made from. */
  readonly blocks: readonly Block[];
}

/** Brings a letter to the cell that waits for it. False where it waits no more, or another answers it. */
export async function sendLetter(mail: string, letter: object): Promise<boolean> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, "thoth", "mail", mail);
  const request = { method: "POST", body: JSON.stringify(letter) };
  return (await ServerConnection.makeRequest(url, request, settings)).ok;
}

/** The server does not answer, or does no longer. */
export class Unreachable extends Error {}

/**
 * Ends the run where `signal` says so. Throws the reason of the signal, Unreachable, and Error where the server does not take it.
 */
export async function* run(request: RunRequest, signal: AbortSignal): AsyncGenerator<RunEvent> {
  try {
    yield* ask(request, signal);
  } catch (error) {
    if (signal.aborted || error instanceof Refused) throw error;
    throw new Unreachable("", { cause: error });
  }
}

class Refused extends Error {}

async function* ask(request: RunRequest, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, "thoth", "run");
  const body = JSON.stringify(request);
  const response = await ServerConnection.makeRequest(url, { method: "POST", body, signal }, settings);
  if (!response.ok || response.body === null) {
    throw new Refused(
      response.status === 404
        ? "the server does not know Thoth: restart it after the installation"
        : `the server said ${response.status} ${response.statusText}`,
    );
  }
  for await (const data of eventData(response.body)) yield JSON.parse(data) as RunEvent;
}
