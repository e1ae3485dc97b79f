// Puts a code cell before all others, or text in the place of a cell's source; every other byte of the notebook stays.

import type { Cell, JsonObject, JsonValue } from "./cell.ts";
import { gap, layoutOf, type Patch, splice, written } from "./edit.ts";
import { elementsOf, isArray, lastMember, type Span } from "./json-scan.ts";
import { invalidNotebook, MAXIMUM_DEPTH, type Notebook, readTop } from "./notebook.ts";

export interface FirstCell {
  readonly source: string;
  /** Of the cell; where an earlier one is replaced, its own metadata stay. */
  readonly metadata?: JsonObject;
}

/** The notebook with that cell: in the place of the first code cell that `isSame` tells, else before all others. */
export function withFirstCell(
  notebook: Notebook,
  cell: FirstCell,
  isSame: (cell: Cell) => boolean,
): Uint8Array {
  const { bytes } = notebook;
  const same = notebook.cells.find((one) => one.type === "code" && isSame(one));
  const patch =
    same === undefined ? insertion(notebook, cell) : sourceChange(bytes, same.span, linesOf(cell.source));
  return splice(bytes, [patch]);
}

function insertion({ bytes, nbformat, cells }: Notebook, { source, metadata = {} }: FirstCell): Patch {
  const { members, span } = readTop(bytes, { maxDepth: MAXIMUM_DEPTH });
  const list = lastMember(members, "cells")?.value;
  if (list === undefined || !isArray(bytes, list))
    throw invalidNotebook("The notebook's `cells` are no list.", "cells");
  const value: JsonValue = {
    cell_type: "code",
    execution_count: null,
    ...(nbformat[1] >= 5 ? { id: freeId(cells) } : {}),
    metadata,
    outputs: [],
    source: linesOf(source),
  };
  const outer = layoutOf(bytes, span, members);
  const [first] = elementsOf(bytes, list, { maxDepth: MAXIMUM_DEPTH });
  const before = first === undefined ? outer.before + (outer.step ?? "") : gap(bytes, list.start + 1);
  const text = before + written(value, { ...outer, before });
  const encoder = new TextEncoder();
  if (first !== undefined)
    return { start: list.start + 1, end: list.start + 1, bytes: encoder.encode(`${text},`) };
  return { start: list.start + 1, end: list.end - 1, bytes: encoder.encode(text + outer.before) };
}

function sourceChange(bytes: Uint8Array, span: Span, lines: readonly string[]): Patch {
  const { members, span: whole } = readTop(bytes, { maxDepth: MAXIMUM_DEPTH });
  const outer = layoutOf(bytes, whole, members);
  let start = span.start;
  while (start > 0 && bytes[start - 1] !== 0x0a) start--;
  const before = outer.newline + gap(bytes, start);
  return { ...span, bytes: new TextEncoder().encode(written(lines, { ...outer, before })) };
}

/** As nbformat keeps sources: each line with its break. */
function linesOf(source: string): string[] {
  return source.replace(/\n$/, "").split(/(?<=\n)/);
}

function freeId(cells: readonly Cell[]): string {
  const taken = new Set(cells.map(({ id }) => id));
  let id = "first-cell";
  for (let count = 2; taken.has(id); count++) id = `first-cell-${count}`;
  return id;
}
