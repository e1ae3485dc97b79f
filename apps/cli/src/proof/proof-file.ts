// A proof as a file: what was asked, and a claim for each stack. Its digest makes an accident visible; whoever alters it on
// purpose writes a new digest, and has the checker to convince.

import { createHash } from "node:crypto";
import { quote, ThothError } from "@thoth/pep";
import { type Claim, Item, Malformed, type ReadClaim, readClaim } from "@thoth/solver/certificate";

export interface ProofHeader {
  readonly createdBy: string;
  readonly asOf: string;
  readonly recommendationType: string;
  /** Marker variables and their values. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requirements: readonly string[];
  readonly constraints: readonly string[];
}

export interface Proof {
  readonly asOf: string;
  readonly recommendationType: string;
  /** The best stack first; each of the others is the best apart from those before it. */
  readonly claims: readonly ReadClaim[];
}

const KIND = "thoth-proof";
const VERSION = 1;
const MOST_STACKS = 50;
const DEEPEST = 20;
const MEMBERS = [
  "kind",
  "version",
  "createdBy",
  "asOf",
  "recommendationType",
  "environment",
  "requirements",
  "constraints",
  "claims",
] as const;

export function formatProof(header: ProofHeader, claims: readonly Claim[]): string {
  const document = { kind: KIND, version: VERSION, ...header, claims };
  return `${layOut({ ...document, digest: digestOf(document) })}\n`;
}

/** Throws invalid-proof. */
export function readProof(text: string, path: string): Proof {
  if (isDeep(text)) throw new ThothError("invalid-proof", `${quote(path)} is nested too deep`);
  try {
    return readDocument(new Item(JSON.parse(text)));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ThothError("invalid-proof", `${quote(path)} is no JSON document`, { cause: error });
    if (!(error instanceof Malformed)) throw error;
    throw new ThothError("invalid-proof", `${quote(path)} is no proof: ${error.message}`, {
      details: { at: error.at },
      cause: error,
    });
  }
}

/** Whether lists and objects are nested deeper than in any proof: no engine walks through those without end. */
function isDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isText = !isText;
    else if (isText && character === "\\") at++;
    else if (!isText && (character === "[" || character === "{") && ++depth > DEEPEST) return true;
    else if (!isText && (character === "]" || character === "}")) depth--;
  }
  return false;
}

function readDocument(item: Item): Proof {
  const members = item.members([...MEMBERS, "digest"]);
  if (members.kind.text() !== KIND) throw members.kind.malformed("is not `thoth-proof`");
  if (members.version.natural() !== VERSION)
    throw members.version.malformed("is a version that is not known");
  const { digest, ...rest } = item.value as Readonly<Record<string, unknown>>;
  if (digest !== digestOf(rest)) throw members.digest.malformed("does not fit: the document was altered");
  members.createdBy.text();
  for (const list of [members.requirements, members.constraints]) for (const one of list.list()) one.text();
  for (const value of Object.values(members.environment.value ?? {}))
    new Item(value, members.environment.at).text();
  return {
    asOf: members.asOf.text(),
    recommendationType: members.recommendationType.text(),
    claims: members.claims.list(MOST_STACKS).map(readClaim),
  };
}

/** Of all members but itself, without blanks, in the order in which they stand. */
function digestOf(document: object): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(document)).digest("hex")}`;
}

/** Each member of a list on a line of its own, and lists of lists not broken further. */
function layOut(value: unknown, margin = "", depth = 0): string {
  if (typeof value !== "object" || value === null || depth > 3 || (depth > 2 && !Array.isArray(value)))
    return JSON.stringify(value);
  const inner = `${margin} `;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([name, member]) => {
    const deeper = layOut(member, inner, isList && depth > 2 ? 9 : depth + 1);
    return isList ? `${inner}${deeper}` : `${inner}${JSON.stringify(name)}: ${deeper}`;
  });
  const [open, close] = isList ? "[]" : "{}";
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(",\n")}\n${margin}${close}`;
}
