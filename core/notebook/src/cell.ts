// A cell of code or text, and JSON values as they are read.

import type { Span } from "./json-scan.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface Cell {
  readonly index: number;
  readonly type: string;
  readonly source: string;
  readonly id?: string;
  /** Where the source stands in `Notebook.bytes`. */
  readonly span: Span;
}
