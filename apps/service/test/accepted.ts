// Questions that a service has accepted, and whether each was answered once.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../src/database/database.ts";
import { questionOf } from "./offered-projects.ts";
import type { StartedService } from "./start-service.ts";

const ANSWERED_WITHIN = 60_000;

/** Anybody may ask as much as he can. */
export const UNLIMITED: Readonly<Record<string, string>> = {
  THOTH_PUBLIC_QUOTA: "100000,1000000",
  THOTH_ANONYMOUS_RATE: "1000000,1000000",
  THOTH_ANONYMOUS_QUESTION_RATE: "1000000,1000000",
  THOTH_ANONYMOUS: "ask,read",
};

export interface Accepted {
  readonly number: number;
  readonly id: string;
}

/** Undefined where it was not accepted: then whoever asks does so again. */
export async function ask(service: StartedService, number: number): Promise<Accepted | undefined> {
  try {
    const answer = await post(service, questionOf(number));
    if (answer.status !== 202 && answer.status !== 200) return undefined;
    const id = answer.headers.get("x-thoth-job");
    await answer.arrayBuffer();
    return id === null ? undefined : { number, id };
  } catch {
    return undefined;
  }
}

export async function post(service: StartedService, body: object): Promise<Response> {
  return await fetch(`${service.url}/api/v2/advice`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Every accepted job has ended well and has one result; the same question has the same job. */
export async function everythingIsAnswered(database: Database, accepted: readonly Accepted[]): Promise<void> {
  const ids = [...new Set(accepted.map(({ id }) => id))];
  for (const end = Date.now() + ANSWERED_WITHIN; Date.now() < end; await sleep(200)) {
    const [row] = await database.rows<{ count: number }>(
      "SELECT count(*) AS count FROM service_jobs WHERE state = 'ready' OR state = 'running'",
    );
    if (Number(row?.count) === 0) break;
  }
  const jobs = await database.rows<{ id: string; state: string; failure: string | null }>(
    "SELECT id, state, failure FROM service_jobs",
  );
  const byId = new Map(jobs.map((job) => [job.id, job]));
  for (const id of ids) assert.equal(byId.get(id)?.state, "done", `${id}: ${byId.get(id)?.failure}`);
  const results = await database.rows<{ job: string }>("SELECT job FROM results");
  assert.deepEqual(results.map(({ job }) => job).sort(), jobs.map(({ id }) => id).sort());
  const ofNumber = new Map<number, string>();
  for (const { number, id } of accepted) {
    assert.equal(ofNumber.get(number) ?? id, id, `question ${number} was answered by two jobs`);
    ofNumber.set(number, id);
  }
}
