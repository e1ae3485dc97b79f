// A page of HTML that stands alone, and text from outside made harmless for it: names, messages and links may be
// written by anyone. https://html.spec.whatwg.org/multipage/syntax.html

import { cutTo, mask } from "../frame/printable.ts";

/** Characters that cannot be seen, or that turn the order of others about; lone halves of pairs among them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For content and for quoted attributes. Unseen characters are written as `\u202e`, credentials in URLs as `***`. */
export function escapeHtml(text: string): string {
  const seen = text.replace(/[\t\r\n]+/g, " ").replace(UNSEEN, codeOf);
  return mask(seen).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function codeOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** A sentence; what stands between backticks is code. */
export function sentenceHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

const LONGEST_LINK = 2000;
const LONGEST_LABEL = 56;

/** The label, as a link where the address is one of the web without credentials; without a label its host and path. */
export function linkHtml(address: string, label?: string): string {
  const url = address.length <= LONGEST_LINK && URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.username !== "" || url.password !== "")
    return escapeHtml(label ?? "");
  const text = label ?? cutTo(`${url.host}${url.pathname}`, LONGEST_LABEL);
  return `<a href="${escapeHtml(url.href)}" rel="noreferrer noopener">${escapeHtml(text)}</a>`;
}

/** `bodies` are HTML, of `bodyHtml`. */
export function tableHtml(caption: string, heading: readonly string[], bodies: readonly string[]): string {
  const columns = heading.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  return `<div class="wide"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${columns}</tr></thead>
${bodies.join("\n")}
</table></div>`;
}

/** Cells are HTML; the first is the header of the row. */
export function rowHtml([header = "", ...cells]: readonly string[]): string {
  return `<tr><th scope="row">${header}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

export function bodyHtml(rows: readonly string[]): string {
  return `<tbody>\n${rows.join("\n")}\n</tbody>`;
}

/** `id` is ours, never from outside; `body` is HTML. */
export function sectionHtml(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

/** `body` is HTML. Nothing is asked of any host, and no script runs, whatever the body holds. */
export function pageHtml(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1c2126; --quiet: #57606a; --line: #d4d9de;
  --shade: #f4f6f8; --link: #0b57a4; --changed: #0b57a4; --changed-ground: #e1eefb; --flaw: #a3231b;
  --flaw-ground: #fdeae8; --bar: #4b7fb5; --bar-next: #86add3; --edge: #98a2ac; --good: #1d7a3e; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #14181c; --text: #e3e7eb; --quiet: #a0a9b2; --line: #39414a;
  --shade: #1d2329; --link: #82b8f2; --changed: #82b8f2; --changed-ground: #16304b; --flaw: #ff9b90;
  --flaw-ground: #47201d; --bar: #6d9fd3; --bar-next: #416a95; --edge: #6a747e; --good: #6fce8f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .6rem; }
.answer { font-size: 1.15rem; max-width: 48rem; margin: 0 0 .5rem; }
p { max-width: 48rem; margin: 0 0 .75rem; } .quiet, caption, figcaption { color: var(--quiet); font-size: .875rem; font-weight: 400; }
a { color: var(--link); } code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre { background: var(--shade); border: 1px solid var(--line); padding: .75rem; white-space: pre-wrap; }
td, th { overflow-wrap: break-word; } p, pre, td li, caption { overflow-wrap: anywhere; }
.wide { overflow-x: auto; } .wide + .wide { margin-top: 1.25rem; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; } tbody th { font-weight: 600; }
tbody th[scope=rowgroup] { background: var(--shade); padding-left: .5rem; }
td ul { margin: 0; padding: 0; list-style: none; } td li + li { margin-top: .3rem; }
.mark { font-size: .8rem; font-weight: 600; border: 1px solid currentColor; border-radius: 3px; padding: 0 .3rem; white-space: nowrap; }
.mark.changed { color: var(--changed); } .mark.flaw { color: var(--flaw); }
details { margin: .75rem 0 0; } summary { cursor: pointer; color: var(--link); font-size: .9rem; padding: .2rem 0; } details .wide { margin-top: .5rem; }
figure { margin: 0; } .graph { overflow-x: auto; border: 1px solid var(--line); padding: .5rem; }
figure.chart { margin: 0 0 1rem; } .grid { stroke: var(--line); stroke-width: 1; } .frame { fill: none; stroke: var(--edge); }
.possible { fill: var(--changed-ground); opacity: .55; } .steps { fill: none; stroke: var(--changed); stroke-width: 2; }
.point { fill: var(--changed); } .here { fill: none; stroke-width: 2.5; } .here.advised { stroke: var(--good); } .here.yours { stroke: var(--flaw); }
svg .tick, svg .axis { fill: var(--quiet); } svg .axis { font-size: 12px; } svg .label { font-size: 12px; font-weight: 600; }
figure.chart svg { max-width: 100%; height: auto; }
svg.fits { max-width: max(100%, 52rem); height: auto; }
figcaption { margin: 0 0 .5rem; } figcaption svg { vertical-align: -.25em; margin: 0 .3em 0 .6em; }
svg text { font: 11px system-ui, "DejaVu Sans", sans-serif; fill: var(--text); } svg .name { font-weight: 600; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1; stroke-opacity: .6; } .tip { fill: var(--edge); }
.box { fill: var(--shade); stroke: var(--edge); stroke-width: 1; }
.box.changed { fill: var(--changed-ground); stroke: var(--changed); stroke-width: 1.5; }
.box.flaw { fill: var(--flaw-ground); stroke: var(--flaw); stroke-width: 1.5; }
svg .count { fill: var(--flaw); font-weight: 600; }
.part { fill: var(--bar); } .part.next { fill: var(--bar-next); } .bound { stroke: var(--text); stroke-width: 2; }
@media screen and (max-width: 40rem) { main { padding: 1rem .9rem 2rem; } .changes thead { position: absolute; clip-path: inset(50%); }
  .changes tr { display: grid; grid-template-columns: 1fr auto auto; gap: 0 .75rem; border-bottom: 1px solid var(--line); padding: .3rem 0; }
  .changes th, .changes td { border: 0; padding: .1rem 0; } .changes td:last-child { grid-column: 1 / -1; } .changes td:nth-child(2):not(:empty)::after { content: " →"; } }
@media print { details::details-content { content-visibility: visible; } @page { margin: 14mm; } :root { color-scheme: light; font-size: 9.5pt; } main { max-width: none; padding: 0; }
  .wide, .graph { overflow: visible; } .graph { border: 0; padding: 0; } .graph svg { max-width: 100%; height: auto; max-height: 220mm; }
  tr, figure, pre { break-inside: avoid; } h2, figcaption, caption { break-after: avoid; } thead { display: table-header-group; }
  tbody th a::after { content: " " attr(href); font-weight: 400; font-size: .8em; overflow-wrap: anywhere; } }
`;
