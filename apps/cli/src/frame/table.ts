// What a result is made of: prose and tables. A terminal shows a table as text, in columns as wide as their content, no
// lines, headings dimmed; whoever can show it better is told the table itself.

import { printable } from "./printable.ts";

export interface Table {
  readonly headings: readonly string[];
  /** Each holds as many cells as there are headings. They are escaped when they are shown. */
  readonly rows: readonly (readonly string[])[];
}

/** Lines of prose, in which what came from outside is escaped, or a table. */
export type Part = string | Table;

/** A part as it is handed on: nothing in it moves a cursor or tells a secret. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "table"; readonly headings: readonly string[]; readonly rows: Table["rows"] };

/** Lines of prose that follow each other are one block; lines that only part others are none. */
export function blocksOf(parts: readonly Part[]): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const endProse = () => {
    const text = lines.join("\n").replace(/^\n+|\s+$/g, "");
    if (text !== "") blocks.push({ kind: "text", text });
    lines = [];
  };
  for (const part of parts) {
    if (typeof part === "string") lines.push(part);
    else {
      endProse();
      const rows = part.rows.map((row) => row.map((cell) => printable(cell).trim()));
      blocks.push({ kind: "table", headings: part.headings.map((heading) => heading.trim()), rows });
    }
  }
  endProse();
  return blocks;
}

export interface TableStyle {
  readonly heading: (text: string) => string;
}

/** Ends without a line end. */
export function formatTable(
  { headings, rows }: Table,
  style: TableStyle = { heading: (text) => text },
): string {
  const safe = rows.map((row) => row.map(printable));
  const widths = headings.map((heading, column) =>
    safe.reduce((width, row) => Math.max(width, displayWidth(row[column] ?? "")), displayWidth(heading)),
  );
  const lines = [style.heading(formatRow(headings, widths)), ...safe.map((row) => formatRow(row, widths))];
  return lines.join("\n");
}

function formatRow(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell))))
    .join("  ")
    .trimEnd();
}

/** Code points, which is right but for combining and wide characters. */
function displayWidth(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}
