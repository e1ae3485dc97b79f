// Tables of text: columns as wide as their content, no lines, headings dimmed.

import { printable } from "./printable.ts";

export interface TableStyle {
  readonly heading: (text: string) => string;
}

/** `rows` hold as many cells as `headings`; every cell is escaped. Ends without a line end. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
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
