// What a server offers, as data: paths, parameters, bodies, answers. Routes, checks of what comes in, the OpenAPI document
// and the client are all made from it.

import type { Schema } from "../schema.ts";

/** What the bearer of a token may do; nothing is implied by another. */
export const SCOPES = ["ask", "read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Parameter {
  readonly description: string;
  /** Of text, as it stands in the URL. */
  readonly schema: Schema;
  readonly required?: boolean;
}

export interface Answer {
  readonly description: string;
  /** Absent: there is no body. Of server-sent events it describes each one. */
  readonly schema?: Schema;
  /** `application/json` where it is absent. */
  readonly type?: string;
}

export interface Operation {
  readonly method: "get" | "put" | "post" | "delete" | "head";
  /** With its parameters in braces, such as `/api/v2/jobs/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Undefined: whoever asks. A scope is minded where the deployment does not let everybody ask. */
  readonly scope?: Scope;
  /** Those of the path; all are required. */
  readonly places?: Readonly<Record<string, Parameter>>;
  readonly query?: Readonly<Record<string, Parameter>>;
  readonly headers?: Readonly<Record<string, Parameter>>;
  readonly body?: Schema;
  /** `application/json` where it is absent. */
  readonly bodyType?: string;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export type Operations = Readonly<Record<string, Operation>>;
