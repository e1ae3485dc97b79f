// What answers an operation: from what came in, parsed and checked, to a reply.

import type { Operations, Scope } from "@thoth/contract/service";

/** Who asks. */
export interface Caller {
  readonly tenant: string;
  /** For the audit trail: `anonymous`, `token:ID`, `oidc:SUBJECT`. */
  readonly actor: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly isAnonymous: boolean;
}

export interface Incoming {
  readonly places: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** It fits the schema of the operation. */
  readonly body: unknown;
  /** What the body was parsed from; empty where there is none. */
  readonly bytes: Uint8Array;
  readonly caller: Caller;
  /** Of the request, for logs and failures. */
  readonly request: string;
  /** Aborted when whoever asks is gone. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Told as JSON. */
  readonly document?: unknown;
  /** UTF-8 of a JSON document that is there already. */
  readonly bytes?: Uint8Array;
  /** The same, compressed: for whoever takes it so. */
  readonly gzip?: Uint8Array;
  /** Server-sent events. */
  readonly events?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (incoming: Incoming) => Promise<Reply>;

export type Handlers<O extends Operations> = { readonly [Name in keyof O]: Handler };

/** Operations that are answered alike. */
export interface Api {
  readonly operations: Operations;
  readonly handlers: Readonly<Record<string, Handler>>;
  /** The reply to what failed. */
  readonly failed: (failure: HttpFailure) => Reply;
  /** Headers of every reply. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Pages of other origins may ask: headers of the reply to OPTIONS, beside the methods. */
  readonly preflight?: Readonly<Record<string, string>>;
  /** Bytes of the largest body. */
  readonly mostBytes: number;
}

export interface HttpFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Seconds until it may be tried again. */
  readonly retryAfter?: number | undefined;
  readonly request: string;
  readonly query: Readonly<Record<string, unknown>>;
}
