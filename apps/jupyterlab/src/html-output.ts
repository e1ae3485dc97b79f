// The answer of a command as HTML. What notebooks, indexes and packages say is text in it, whatever it looks like.

/** A part of a result, as the resident process tells it. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "table";
      readonly headings: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Jupyter's own style sets numbers, not words. */
const LEFT = ' style="text-align:left"';

/** Undefined where there is no table: lines are best read as they are. */
export function htmlOf(blocks: readonly Block[]): string | undefined {
  return blocks.some(({ kind }) => kind === "table") ? blocks.map(blockHtml).join("\n") : undefined;
}

function blockHtml(block: Block): string {
  if (block.kind === "table") {
    const head = block.headings.map((heading) => `<th${LEFT}>${escapeHtml(heading)}</th>`).join("");
    const rows = block.rows.map(
      (row) => `<tr>${row.map((cell) => `<td${LEFT}>${cellHtml(cell)}</td>`).join("")}</tr>`,
    );
    return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>`;
  }
  const text = escapeHtml(block.text.trim());
  // Columns and indented lines stay as they are; sentences are broken between words.
  return / {2}|\n /.test(text) ? `<pre>${text}</pre>` : `<p>${text.replaceAll("\n", "<br>")}</p>`;
}

/** Only what is an address as a whole becomes a link. */
function cellHtml(cell: string): string {
  const text = escapeHtml(cell);
  return /^https:\/\/[^\s"'<>\\]+$/.test(cell)
    ? `<a href="${text}" target="_blank" rel="noopener noreferrer">${text}</a>`
    : text;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
