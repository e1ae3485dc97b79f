// Changes top-level keys of a notebook's metadata and no other byte: order, indentation, escapes, line ends, byte
// order mark and duplicate keys elsewhere stay as they are.

import type { JsonValue } from "./cell.ts";
import {
  isObject,
  type JsonLimits,
  lastMember,
  type Member,
  membersOf,
  type Span,
  skipSpace,
} from "./json-scan.ts";
import { invalidNotebook, MAXIMUM_DEPTH, type Notebook, readTop } from "./notebook.ts";

/** Value of a metadata key; `undefined` removes it. */
export type MetadataEdits = ReadonlyMap<string, JsonValue | undefined>;

export interface Patch extends Span {
  readonly bytes: Uint8Array;
}

export interface Layout {
  /** What stands before a member, from the bracket or comma on: a line end and its indentation, or nothing. */
  readonly before: string;
  /** What stands before the closing bracket. */
  readonly closing: string;
  readonly colon: string;
  /** One step of indentation; undefined in a compact file. */
  readonly step: string | undefined;
  readonly newline: string;
}

const NEWLINE = 0x0a;
const encoder = new TextEncoder();

/** The document with those metadata keys changed. An upgraded notebook is written as it was upgraded. */
export function editMetadata(notebook: Notebook | Uint8Array | string, edits: MetadataEdits): Uint8Array {
  const bytes = bytesOf(notebook);
  const limits = { maxDepth: MAXIMUM_DEPTH };
  const { members, span } = readTop(bytes, limits);
  const metadata = lastMember(members, "metadata");
  if (metadata !== undefined && !isObject(bytes, metadata.value)) {
    throw invalidNotebook("The notebook's `metadata` is no object.", "metadata");
  }
  const present = [...edits].filter(([, value]) => value !== undefined) as [string, JsonValue][];
  if (metadata === undefined) {
    if (present.length === 0) return bytes;
    const outer = layoutOf(bytes, span, members);
    return splice(bytes, [
      addition({ span, members, added: [["metadata", Object.fromEntries(present)]], layout: outer }),
    ]);
  }
  return splice(bytes, patches(bytes, { metadata, edits, limits, outer: members, span }));
}

function bytesOf(notebook: Notebook | Uint8Array | string): Uint8Array {
  if (typeof notebook === "string") return encoder.encode(notebook);
  return notebook instanceof Uint8Array ? notebook : notebook.bytes;
}

interface Place {
  readonly metadata: Member;
  readonly edits: MetadataEdits;
  readonly limits: JsonLimits;
  readonly outer: readonly Member[];
  readonly span: Span;
}

function patches(bytes: Uint8Array, { metadata, edits, limits, outer, span }: Place): Patch[] {
  const { members } = membersOf(bytes, metadata.value.start, limits);
  const layout = innerLayout(bytes, { span: metadata.value, members, outer: layoutOf(bytes, span, outer) });
  const result: Patch[] = [];
  const removed = new Set<Member>();
  const added: [string, JsonValue][] = [];
  for (const [key, value] of edits) {
    const same = members.filter((member) => member.key === key);
    const last = same.at(-1);
    if (value === undefined) for (const member of same) removed.add(member);
    else if (last === undefined) added.push([key, value]);
    else result.push({ ...last.value, bytes: encoder.encode(written(value, layout)) });
  }
  const kept = members.filter((member) => !removed.has(member));
  if (kept.length === 0 && removed.size > 0) return [emptied({ span: metadata.value, added, layout })];
  for (const patch of removals(members, removed)) result.push(patch);
  if (added.length > 0) result.push(addition({ span: metadata.value, members: kept, added, layout }));
  return result;
}

/** Every member is gone: the object is written anew with what is added. */
function emptied(at: { span: Span; added: readonly [string, JsonValue][]; layout: Layout }): Patch {
  const empty = { start: at.span.start + 1, end: at.span.end - 1, bytes: new Uint8Array() };
  if (at.added.length === 0) return empty;
  const { layout } = at;
  const text = at.added.map(([key, value]) => layout.before + memberText(key, value, layout)).join(",");
  return { ...empty, bytes: encoder.encode(text + layout.closing) };
}

/** Takes members out together with one comma each. */
function removals(members: readonly Member[], removed: ReadonlySet<Member>): Patch[] {
  const result: Patch[] = [];
  let keptBefore = false;
  for (const [index, member] of members.entries()) {
    if (!removed.has(member)) {
      keptBefore = true;
      continue;
    }
    const next = members[index + 1];
    const previous = members[index - 1];
    if (keptBefore && previous !== undefined)
      result.push({ start: previous.value.end, end: member.value.end, bytes: new Uint8Array() });
    else if (next !== undefined)
      result.push({ start: member.start, end: next.start, bytes: new Uint8Array() });
  }
  return result;
}

interface Addition {
  readonly span: Span;
  /** Members that stay; the new ones follow the last of them. */
  readonly members: readonly Member[];
  readonly added: readonly [string, JsonValue][];
  readonly layout: Layout;
}

function addition({ span, members, added, layout }: Addition): Patch {
  const texts = added.map(([key, value]) => layout.before + memberText(key, value, layout));
  const last = members.at(-1);
  if (last !== undefined) {
    return {
      start: last.value.end,
      end: last.value.end,
      bytes: encoder.encode(texts.map((text) => `,${text}`).join("")),
    };
  }
  return {
    start: span.start + 1,
    end: span.end - 1,
    bytes: encoder.encode(texts.join(",") + layout.closing),
  };
}

function memberText(key: string, value: JsonValue, layout: Layout): string {
  return `${asciiKey(key)}${layout.colon}${written(value, layout)}`;
}

function asciiKey(key: string): string {
  return JSON.stringify(key);
}

/** The value in the layout of the file: indented like its neighbours, or compact in a compact file. */
export function written(value: JsonValue, layout: Layout): string {
  if (layout.step === undefined) {
    const compact = JSON.stringify(value);
    return layout.colon === ":" ? compact : spaced(value);
  }
  const indentation = layout.before.slice(layout.before.lastIndexOf("\n") + 1);
  return JSON.stringify(value, null, layout.step).replaceAll("\n", layout.newline + indentation);
}

/** One line with a space behind colons and commas, as Python writes it. */
function spaced(value: JsonValue): string {
  const lines = JSON.stringify(value, null, 1);
  return lines.replace(
    /("(?:[^"\\]|\\.)*")|\n\s*([\]}])|,\n\s*|\n\s*/g,
    (_, text?: string, close?: string) => {
      if (text !== undefined) return text;
      return close ?? (_.startsWith(",") ? ", " : "");
    },
  );
}

/** The white space from an offset on. */
export function gap(bytes: Uint8Array, from: number): string {
  return String.fromCharCode(...bytes.subarray(from, skipSpaceBounded(bytes, from)));
}

/** Layout never needs more than this many bytes of white space. */
function skipSpaceBounded(bytes: Uint8Array, from: number): number {
  return Math.min(skipSpace(bytes, from), from + 256);
}

export function layoutOf(bytes: Uint8Array, span: Span, members: readonly Member[]): Layout {
  const newline = firstNewline(bytes);
  const before = gap(bytes, span.start + 1);
  const last = members.at(-1);
  const colon = last === undefined ? ": " : colonOf(bytes, last);
  if (!before.includes("\n"))
    return { before: betweenOf(bytes, members), closing: "", colon, step: undefined, newline };
  const closing = last === undefined ? newline : gap(bytes, last.value.end);
  const outer = closing.slice(closing.lastIndexOf("\n") + 1);
  const step = before.slice(before.lastIndexOf("\n") + 1).slice(outer.length) || " ";
  return { before, closing, colon, step: step.slice(0, 10), newline };
}

/** In a file of one line: what stands between a comma and the next member. */
function betweenOf(bytes: Uint8Array, members: readonly Member[]): string {
  const [first, second] = members;
  if (first === undefined || second === undefined) return "";
  const text = gap(bytes, skipSpace(bytes, first.value.end) + 1);
  return text.includes("\n") ? "" : text;
}

function colonOf(bytes: Uint8Array, member: Member): string {
  let start = member.value.start;
  while (start > member.start && bytes[start - 1] !== 0x22) start--;
  return String.fromCharCode(...bytes.subarray(start, member.value.start));
}

/** Layout inside `metadata`: its own where it has members, else one step deeper than the document's. */
function innerLayout(
  bytes: Uint8Array,
  at: { span: Span; members: readonly Member[]; outer: Layout },
): Layout {
  if (at.members.length > 0) {
    const own = layoutOf(bytes, at.span, at.members);
    return own.step === undefined ? own : { ...own, step: at.outer.step ?? own.step };
  }
  const { outer } = at;
  if (outer.step === undefined) return { ...outer, before: "" };
  return { ...outer, before: outer.before + outer.step, closing: outer.before };
}

function firstNewline(bytes: Uint8Array): string {
  const at = bytes.indexOf(NEWLINE);
  return at > 0 && bytes[at - 1] === 0x0d ? "\r\n" : "\n";
}

/** `bytes` with spans replaced; patches at one place keep their order. */
export function splice(bytes: Uint8Array, changes: readonly Patch[]): Uint8Array {
  const sorted = changes.toSorted((one, other) => one.start - other.start || one.end - other.end);
  const length = sorted.reduce(
    (sum, patch) => sum + patch.bytes.length - (patch.end - patch.start),
    bytes.length,
  );
  const result = new Uint8Array(length);
  let from = 0;
  let to = 0;
  for (const patch of sorted) {
    const kept = bytes.subarray(from, patch.start);
    result.set(kept, to);
    result.set(patch.bytes, to + kept.length);
    to += kept.length + patch.bytes.length;
    from = patch.end;
  }
  result.set(bytes.subarray(from), to);
  return result;
}
