// `thoth status`, `log` and `results`: what became of a question that a service was asked.

import type { JobDocument } from "@thoth/contract/service";
import { adviceParts } from "../../advice/advice-text.ts";
import { reportOfDocument, type ToldAdvice } from "../../advice/report-from-document.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { formatSeconds, printable } from "../../frame/printable.ts";
import { mustBeAnswer } from "../../remote/ask-service.ts";
import { type Connection, connect, refused } from "../../remote/connection.ts";
import { chosenJob } from "../../remote/last-job.ts";

interface Chosen {
  readonly connection: Connection;
  readonly job: string;
}

/** Throws usage, `not-found`, `service-unreachable`, `unauthorized`. */
async function withJob(invocation: Invocation, work: (chosen: Chosen) => Promise<0 | 1>): Promise<0 | 1> {
  const { service, job } = chosenJob(invocation);
  const connection = await connect(invocation, service);
  try {
    return await work({ connection, job });
  } finally {
    await connection.close();
  }
}

export const statusCommand: Handler = async (invocation) => {
  const { terminal, signal } = invocation;
  return await withJob(invocation, async ({ connection, job: id }) => {
    const outcome = await connection.client.readJob({ places: { id }, signal });
    if (outcome.kind === "refused") throw refused(connection.place, outcome);
    const job = outcome.value;
    terminal.document(job);
    terminal.result(...statusLines(job).map(printable));
    return job.failure === null ? 0 : 1;
  });
};

function statusLines({
  id,
  kind,
  state,
  created,
  started,
  finished,
  progress,
  failure,
}: JobDocument): string[] {
  const took =
    started === null || finished === null ? undefined : (Date.parse(finished) - Date.parse(started)) / 1000;
  return [
    `${id}  ${kind}  ${state}`,
    `asked     ${created}`,
    ...(took === undefined ? [] : [`took      ${formatSeconds(took)}`]),
    ...(progress === null ? [] : [`at        ${progress.label} (${progress.done} of ${progress.total})`]),
    ...(failure === null ? [] : [`failed    ${failure.message}`]),
    ...(failure?.hint === undefined ? [] : [`hint      ${failure.hint}`]),
  ];
}

export const logOfJobCommand: Handler = async (invocation) => {
  const { terminal, signal } = invocation;
  return await withJob(invocation, async ({ connection, job: id }) => {
    const outcome = await connection.client.readLog({ places: { id }, signal });
    if (outcome.kind === "refused") throw refused(connection.place, outcome);
    terminal.document(outcome.value);
    terminal.result(...outcome.value.lines.map(({ at, text }) => `${at}  ${printable(text)}`));
    return 0;
  });
};

export const resultsCommand: Handler = async (invocation) => {
  const { terminal, signal } = invocation;
  return await withJob(invocation, async ({ connection, job: id }) => {
    const outcome = await connection.client.readResult({ places: { id }, signal });
    if (outcome.kind === "refused") throw refused(connection.place, outcome);
    if (outcome.status === 202) {
      terminal.document(outcome.value);
      terminal.result(...statusLines(outcome.value).map(printable));
      return 1;
    }
    const document = mustBeAnswer(outcome.value, connection);
    terminal.document(document);
    const report = isAdvice(document) ? reportOfDocument(document) : undefined;
    if (report !== undefined) terminal.result(...adviceParts(terminal, report));
    else terminal.result(JSON.stringify(document, undefined, 2));
    return 0;
  });
};

function isAdvice(document: unknown): document is ToldAdvice {
  return Array.isArray((document as { readonly products?: unknown }).products);
}
