// The first API as tests ask it: every answer must be one that is described.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { findViolations } from "@thoth/contract";
import { type Operation, v1Operations } from "@thoth/contract/service";

export interface Told {
  readonly status: number;
  readonly document: Readonly<Record<string, unknown>>;
}

export type Query = Readonly<Record<string, string>>;

export interface AskV1 {
  /** `place`: what stands in the path. A body is sent as JSON. */
  (name: keyof typeof v1Operations, query?: Query, body?: object, token?: string): Promise<Told>;
  /** Of an analysis that ends. */
  result(name: keyof typeof v1Operations, place: string, token?: string): Promise<Told>;
}

export function askerOf(url: string): AskV1 {
  const ask = async (
    name: keyof typeof v1Operations,
    { place = "", ...query }: Query = {},
    body?: object,
    token?: string,
  ): Promise<Told> => {
    const { path, method, answers }: Operation = v1Operations[name];
    const filled = path.replace(/\{\w+\}/, encodeURIComponent(place));
    const answer = await fetch(`${url}${filled}?${new URLSearchParams(query)}`, {
      method: method.toUpperCase(),
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const document = (await answer.json()) as Told["document"];
    const described = answers[answer.status];
    assert.notEqual(described, undefined, `${name}: ${answer.status} ${JSON.stringify(document)}`);
    assert.deepEqual(findViolations(described?.schema ?? {}, document), []);
    return { status: answer.status, document };
  };
  const result: AskV1["result"] = async (name, place, token) => {
    for (;;) {
      const told = await ask(name, { place }, undefined, token);
      if (told.status !== 202) return told;
      // Sooner than any client asks again, and not so often that it is refused.
      await sleep(100);
    }
  };
  return Object.assign(ask, { result });
}
