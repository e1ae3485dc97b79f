// Facts as text: the one spelling of a body, and the texts of a key that every store can keep and order.

import { formatJson, quote, ThothError } from "@thoth/pep";
import type { AnyFact, FactKey, FactKind, Owner } from "./fact.ts";

/** Bytes of a body as it is kept. */
export const BODY_LIMIT = 8 * 2 ** 20;

/** Bytes of UTF-8 in the owner, and in the subject, of a fact. */
export const KEY_LIMIT = 1024;

/** JSON with sorted keys and without spaces: two bodies say the same where their texts are the same. */
export function formatBody(body: AnyFact["body"]): string {
  return formatJson(body, { ascii: false });
}

/** The fact of a body that was kept. */
export function factOf(key: FactKey, body: string, provenance: AnyFact["provenance"]): AnyFact {
  return { ...key, body: JSON.parse(body), provenance } as AnyFact;
}

/**
 * Whether a store keeps the text as it is: it is well-formed and holds no NUL, which PostgreSQL keeps in no text, and
 * has at most `limit` bytes of UTF-8.
 */
export function isStorable(text: string, limit: number): boolean {
  return (
    text.length <= limit && !text.includes("\0") && text.isWellFormed() && Buffer.byteLength(text) <= limit
  );
}

/** Throws `invalid-fact` for a text that no store keeps; `what` names it. */
export function checkStorable(text: string, what: string, limit: number): void {
  if (isStorable(text, limit)) return;
  throw new ThothError("invalid-fact", `${what} ${quote(text)} cannot be kept`, {
    hint: `It must be well-formed, hold no NUL, and be no longer than ${limit} bytes.`,
  });
}

/** Whether a text can be the owner of a fact of that kind. */
export function isOwnerOf(kind: FactKind, text: string): text is Owner {
  const space = SPACES[kind];
  if (space === undefined) return PROJECT.test(text);
  return (
    text.startsWith(`${space}:`) && /^[A-Za-z0-9][A-Za-z0-9._:@/+-]*$/.test(text.slice(space.length + 1))
  );
}

/** A normalised name: https://packaging.python.org/en/latest/specifications/name-normalization/ */
const PROJECT = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Kinds whose owner is no project. */
const SPACES: Readonly<Partial<Record<FactKind, string>>> = {
  exploitation: "cve",
  image: "image",
  inspection: "stack",
};
