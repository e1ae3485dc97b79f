// People who ask all the time: new questions and old ones, over connections that are kept or made anew, waiting or not.

import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { questionOf } from "./offered-projects.ts";

export interface Accepted {
  readonly number: number;
  readonly id: string;
}

export interface Traffic {
  readonly accepted: readonly Accepted[];
  /** Refused before they were accepted, with a time to come back. */
  readonly refused: () => number;
  /** What must not happen. */
  readonly failures: readonly string[];
  /** From now on connections are kept, too. */
  keepConnections(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly agent: Agent | false;
  readonly prefer?: string;
}

const PEOPLE = 4;
const PAUSE = 25;

export function startTraffic(url: string): Traffic {
  const accepted: Accepted[] = [];
  const failures: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let isOver = false;
  let keeps = false;
  let refused = 0;
  let next = 0;

  const check = async (call: Call): Promise<Answer | undefined> => {
    try {
      const answer = await send(url, call);
      if (answer.status < 300) return answer;
      if ((answer.status === 503 || answer.status === 429) && Number(answer.headers["retry-after"]) > 0)
        refused++;
      else failures.push(`${call.method} ${call.path}: ${answer.status}`);
    } catch (error) {
      failures.push(`${call.method} ${call.path}: ${String(error)}${call.agent ? " (kept)" : ""}`);
    }
    return undefined;
  };
  const ask = async (turn: number): Promise<void> => {
    const isOld = turn % 3 === 0 && accepted.length > 0;
    const number = isOld ? (accepted[(turn * 7919) % accepted.length] as Accepted).number : next++;
    const connection: Agent | false = keeps && turn % 2 === 0 ? agent : false;
    const prefer = turn % 5 === 0 ? "wait=5" : "wait=0";
    const call = {
      method: "POST",
      path: "/api/v2/advice",
      body: questionOf(number),
      agent: connection,
      prefer,
    };
    const id = (await check(call))?.headers["x-thoth-job"];
    if (typeof id === "string") accepted.push({ number, id });
    if (typeof id === "string" && turn % 4 === 0)
      await check({ method: "GET", path: `/api/v2/jobs/${id}`, agent: connection });
  };
  const people = Array.from({ length: PEOPLE }, async (_, person) => {
    for (let turn = person; !isOver; turn++) {
      await ask(turn);
      await sleep(PAUSE);
    }
  });
  return {
    accepted,
    refused: () => refused,
    failures,
    keepConnections: () => {
      keeps = true;
    },
    stop: async () => {
      isOver = true;
      await Promise.all(people);
      agent.destroy();
    },
  };
}

function send(url: string, { method, path, body, agent, prefer = "wait=0" }: Call): Promise<Answer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    prefer,
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method, agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      answer.once("error", reject);
      answer.once("aborted", () => reject(new Error("cut off")));
    });
    sent.once("error", reject);
    sent.end(text);
  });
}
