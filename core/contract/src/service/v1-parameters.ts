// Parameters and answers that operations of the first API have in common.

import type { Schema } from "../schema.ts";
import { textLike } from "../shape.ts";
import type { Answer, Parameter } from "./operation.ts";
import { v1Failure } from "./v1-documents.ts";

const WHY = {
  400: "What was sent is not what the operation takes, or the analysis has failed.",
  401: "The token is not known.",
  403: "What is asked for is not allowed here.",
  404: "There is no such thing.",
  408: "The request was not sent within its time.",
  415: "The body is of another type.",
  429: "Too much at a time: come back after `Retry-After` seconds.",
  501: "The service is not set up for it.",
  503: "A part that is needed is not there: come back after `Retry-After` seconds.",
} as const;

export function failures(...statuses: readonly (keyof typeof WHY)[]): Readonly<Record<number, Answer>> {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: WHY[status], schema: v1Failure }]),
  );
}

export function ignoringCase(...words: readonly string[]): Schema {
  const both = (letter: string) => (/[a-z]/.test(letter) ? `[${letter.toUpperCase()}${letter}]` : letter);
  return textLike(`^(${words.map((word) => [...word].map(both).join("")).join("|")})$`);
}

/** Longest text of a parameter that is free. */
const shortText = textLike("^[^\\u0000-\\u001f]{0,500}$");

export function parameter(description: string, schema: Schema = shortText): Parameter {
  return { description, schema };
}

export function needed(description: string, schema: Schema = shortText): Parameter {
  return { description, schema, required: true };
}

export const truth = textLike("^([Tt]rue|[Ff]alse)$");
export const packageName = textLike("^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$");

export const dev = parameter("whether packages for development are minded too", truth);
export const debug = parameter("told again in the answer", truth);
export const force = parameter("whether an answer that was given before is not taken", truth);
export const origin = parameter("the repository that asks", textLike("^[^\\u0000-\\u001f]{0,2000}$"));
export const token = parameter("who asks", textLike("^[!-~]{1,1000}$"));
export const page = parameter("from 0", textLike("^\\d{1,6}$"));
export const perPage = parameter(
  "items of a page, 1 to 100; 25 where it is left out",
  textLike("^([1-9]\\d?|100)$"),
);
const osName = parameter("such as `rhel`");
const osVersion = parameter("such as `9`");
const pythonVersion = parameter("such as `3.11`");
export const place = { os_name: osName, os_version: osVersion, python_version: pythonVersion } as const;
/** Taken because the clients send them. */
export const anyPlace = {
  os_name: parameter("not minded: the answer is the same everywhere"),
  os_version: parameter("not minded"),
  python_version: parameter("not minded"),
} as const;
export const name = needed("of the package", packageName);
export const version = needed("of the package", textLike("^[0-9A-Za-z.!+_-]{1,100}$"));
export const index = needed("URL of its index");

export const analysis_id: Parameter = {
  description: "as it was answered",
  schema: textLike("^[A-Za-z0-9._-]{1,100}$"),
};

export function answer<const S extends Schema>(
  description: string,
  schema: S,
): Answer & { readonly schema: S } {
  return { description, schema };
}

/** Of any request: a parameter that nobody knows, a token that is none. */
export const usual = failures(400, 401, 429, 503);
export const read = { ...failures(404), ...usual };
export const sent = { ...failures(403, 408, 415), ...usual };
