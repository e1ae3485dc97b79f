// The stack that the user has beside the advised one, level by level.

import { bodyHtml, escapeHtml, rowHtml, sectionHtml, sentenceHtml, tableHtml } from "./html-page.ts";

export interface YoursPart {
  /** Null: not scored in time. */
  readonly fits: boolean | null;
  readonly levels: readonly { readonly level: string; readonly yours: number; readonly advised: number }[];
  readonly reasons: readonly string[];
}

export function yoursSection(part: YoursPart | undefined): readonly string[] {
  return part === undefined
    ? []
    : [sectionHtml("yours", "What you have, by the same measure", yoursHtml(part))];
}

function yoursHtml({ fits, levels, reasons }: YoursPart): string {
  if (fits === null) return "<p>It was not scored in time.</p>";
  if (!fits) {
    const items = reasons.map((text) => `<li>${sentenceHtml(text)}</li>`).join("");
    return `<p>What you have is no stack of these requirements:</p>\n<ul>${items}</ul>`;
  }
  const paid = levels.filter(({ yours, advised }) => yours + advised > 0);
  if (paid.length === 0) return "<p>Neither it nor the advised stack pays anything.</p>";
  const first = levels.find(({ yours, advised }) => yours !== advised);
  const rows = paid.map(({ level, yours, advised }) => {
    const mark = level === first?.level ? ' <span class="mark changed">decides</span>' : "";
    return rowHtml([escapeHtml(level) + mark, `${yours}`, `${advised}`, change(advised - yours)]);
  });
  return tableHtml(
    "The first level on which they differ decides",
    ["level", "you pay", "advised", "change"],
    [bodyHtml(rows)],
  );
}

function change(difference: number): string {
  return difference === 0 ? "" : difference < 0 ? `−${-difference}` : `+${difference}`;
}
