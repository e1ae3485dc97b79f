// Facts that somebody else wrote down: of a known kind, about what that kind is about, with nothing in them that a
// fact does not hold, and no larger than a fact may be.

import { quote, ThothError, tryParseVersion } from "@thoth/pep";
import type { AnyFact, FactKind, Provenance } from "./fact.ts";
import { BODY_SHAPES } from "./fact-shapes.ts";
import { BODY_LIMIT, formatBody, isOwnerOf, isStorable, KEY_LIMIT } from "./fact-text.ts";
import { Budget, isObject, numberFrom, record, type Shape, text, type Violation } from "./shape.ts";

/** In the order of their names. */
export const FACT_KINDS: readonly FactKind[] = (Object.keys(BODY_SHAPES) as FactKind[]).sort();

/** Throws `invalid-fact`, with the JSON pointer of what is wrong as `at` of its details. */
export function parseFact(value: unknown): AnyFact {
  const violation = findFactViolation(value);
  if (violation === undefined) return value as AnyFact;
  const { at, expected } = violation;
  throw new ThothError("invalid-fact", `${quote(at === "" ? "/" : at)} of a fact must be ${expected}`, {
    details: { at, expected },
  });
}

/** Undefined: it is an AnyFact. */
export function findFactViolation(value: unknown): Violation | undefined {
  const envelope = ENVELOPE(value, new Budget());
  if (envelope !== undefined) return envelope;
  const { owner, kind, subject, body } = value as Envelope;
  if (!Object.hasOwn(BODY_SHAPES, kind)) return { at: "/kind", expected: "a kind of facts that is known" };
  const known = kind as FactKind;
  if (!isStorable(owner, KEY_LIMIT) || !isOwnerOf(known, owner))
    return { at: "/owner", expected: `an owner of facts of the kind ${known}` };
  if (!isStorable(subject, KEY_LIMIT) || !isSubjectOf(known, subject))
    return { at: "/subject", expected: `a subject of facts of the kind ${known}` };
  return bodyViolation(known, body);
}

function bodyViolation(kind: FactKind, body: unknown): Violation | undefined {
  const budget = new Budget();
  const found = BODY_SHAPES[kind](body, budget);
  if (found !== undefined) return { ...found, at: `/body${found.at}` };
  // Only what could be too large is written out.
  const isLarge =
    budget.bytes > BODY_LIMIT && Buffer.byteLength(formatBody(body as AnyFact["body"])) > BODY_LIMIT;
  return isLarge ? { at: "/body", expected: `at most ${BODY_LIMIT} bytes` } : undefined;
}

interface Envelope {
  readonly owner: string;
  readonly kind: string;
  readonly subject: string;
  readonly body: unknown;
  readonly provenance: Provenance;
}

const storable: Shape<string> = (value, budget) =>
  text(4096)(value, budget) ??
  (isStorable(value as string, 4096) ? undefined : { at: "", expected: "text without NUL, well-formed" });

const ENVELOPE = record<Envelope>({
  owner: text(KEY_LIMIT),
  kind: text(64),
  subject: text(KEY_LIMIT),
  body: ((value) => (isObject(value) ? undefined : { at: "", expected: "an object" })) as Shape<unknown>,
  provenance: record<Provenance>({
    source: storable,
    observedAt: numberFrom(0, 253_402_300_800),
    tool: storable,
  }),
});

function isSubjectOf(kind: FactKind, subject: string): boolean {
  switch (kind) {
    case "health":
    case "repository":
    case "scorecard":
    case "downloads":
    case "exploitation":
    case "image":
      return subject === "";
    case "release-note":
      return tryParseVersion(subject)?.text === subject;
    case "attestation":
    case "contents":
    case "api":
    case "code":
      return /^[0-9a-f]{64}$/.test(subject);
    case "observation":
    case "inspection":
    case "measurement":
      return /^[A-Za-z0-9][A-Za-z0-9:._-]{0,199}$/.test(subject);
    default:
      return kind satisfies never;
  }
}
