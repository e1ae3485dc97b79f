// Metadata inside a Python script: a comment block between `# /// TYPE` and `# ///`, whose type `script` holds
// requirements as TOML. https://packaging.python.org/en/latest/specifications/inline-script-metadata/

import { quote, ThothError } from "./error.ts";
import { compact, fieldError, placeOf, readAs, readTable, type Table } from "./fields.ts";
import { type Requirement, readRequirements } from "./requirement.ts";
import { parseSpecifiers, type Specifiers } from "./specifier.ts";
import { formatTomlLines, formatTomlTable, formatTomlText, parseToml } from "./toml.ts";

export interface ScriptBlock {
  readonly type: string;
  /** The text of the block without the comment signs; every line ends in a line feed. */
  readonly content: string;
  /** Offsets in the script: from the `#` of the first line to behind the last `# ///`, line break excluded. */
  readonly start: number;
  readonly end: number;
  /** Of its first line, from 1. */
  readonly line: number;
}

export interface ScriptMetadata {
  readonly requiresPython?: Specifiers;
  readonly dependencies: readonly Requirement[];
  /** As it is. */
  readonly tool?: Table;
}

const document = "The metadata of the script";
const lengthLimit = 64 * 1024 * 1024;
const opening = /^# \/\/\/ ([a-zA-Z0-9-]{1,100})$/;
const closing = "# ///";

interface Line {
  readonly text: string;
  readonly start: number;
  /** Behind the text, before the line break. */
  readonly end: number;
}

function* linesOf(text: string): Generator<Line> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const last = feed === -1 ? text.length : feed;
    const end = last > start && text[last - 1] === "\r" ? last - 1 : last;
    yield { text: text.slice(start, end), start, end };
    start = last + 1;
  }
}

/** A block while its lines are read. The last `# ///` of an unbroken comment closes it, not the first. */
interface OpenBlock {
  readonly type: string;
  readonly start: number;
  readonly line: number;
  readonly lines: string[];
  closed?: { readonly count: number; readonly end: number };
}

/** Every block, in order. One that is never closed, or has no line, is a mere comment. Throws limit-exceeded. */
export function findScriptBlocks(script: string): readonly ScriptBlock[] {
  if (script.length > lengthLimit) {
    throw new ThothError("limit-exceeded", `The script is longer than ${lengthLimit} characters.`, {
      details: { limit: "length", allowed: lengthLimit },
    });
  }
  const blocks: ScriptBlock[] = [];
  let open: OpenBlock | undefined;
  let number = 0;
  for (const line of linesOf(script)) {
    number += 1;
    if (open !== undefined && (line.text === "#" || line.text.startsWith("# "))) {
      if (line.text === closing && open.lines.length > 0) {
        open.closed = { count: open.lines.length, end: line.end };
      }
      open.lines.push(line.text.slice(2));
      continue;
    }
    blocks.push(...finished(open));
    const type = opening.exec(line.text)?.[1];
    open = type === undefined ? undefined : { type, start: line.start, line: number, lines: [] };
  }
  blocks.push(...finished(open));
  return blocks;
}

function finished(open: OpenBlock | undefined): readonly ScriptBlock[] {
  if (open?.closed === undefined) return [];
  const { type, start, line, lines, closed } = open;
  const content = lines
    .slice(0, closed.count)
    .map((text) => `${text}\n`)
    .join("");
  return [{ type, content, start, end: closed.end, line }];
}

/** The block of that type, if any. Throws invalid-project when there are several. */
export function findScriptBlock(script: string, type = "script"): ScriptBlock | undefined {
  const blocks = findScriptBlocks(script).filter((block) => block.type === type);
  if (blocks.length > 1) {
    const { line } = blocks[1]!;
    throw new ThothError(
      "invalid-project",
      `Line ${line} of the script begins a second ${quote(type)} block.`,
      {
        hint: "Keep one of them.",
        details: { line },
      },
    );
  }
  return blocks[0];
}

/** What the `script` block says; undefined when there is none. Throws invalid-project or limit-exceeded. */
export function parseScriptMetadata(script: string): ScriptMetadata | undefined {
  const block = findScriptBlock(script);
  if (block === undefined) return undefined;
  const place = placeOf("invalid-project", document);
  const table = parseToml(block.content, place, { firstLine: block.line + 1 });
  for (const key of Object.keys(table)) {
    if (key === "tool" || key === "dependencies" || key === "requires-python") continue;
    throw fieldError(
      { ...place, path: key },
      "is not known; there are `dependencies`, `requires-python` and `tool`",
    );
  }
  return compact<ScriptMetadata>({
    requiresPython: readAs(table, "requires-python", place, parseSpecifiers),
    dependencies: readRequirements(table, "dependencies", place) ?? [],
    tool: readTable(table, "tool", place),
  });
}

/** The text of a `script` block. */
export function formatScriptMetadata(metadata: {
  readonly requiresPython?: Specifiers | undefined;
  readonly dependencies: readonly string[];
  readonly tool?: Table | undefined;
}): string {
  const { requiresPython, dependencies, tool } = metadata;
  const lines = [];
  if (requiresPython !== undefined) lines.push(`requires-python = ${formatTomlText(requiresPython.text)}\n`);
  lines.push(`dependencies = ${formatTomlLines(dependencies)}\n`);
  if (tool !== undefined) lines.push(`\n${formatTomlTable({ tool })}`);
  return lines.join("");
}

/**
 * The script with `content` as its block of that type: in the place of the old one, else after the shebang and
 * the coding comment. Nothing else changes; line breaks are those of the script. Throws invalid-project when
 * there are several, or when the content would end the block or the comment.
 */
export function replaceScriptBlock(script: string, content: string, type = "script"): string {
  const old = findScriptBlock(script, type);
  const lineBreak = script.includes("\r\n") ? "\r\n" : "\n";
  const lines = content.replace(/\n$/, "").split(/\r?\n/);
  const body = lines.map((line) => (line === "" ? "#" : `# ${line}`));
  const block = [`# /// ${type}`, ...body, closing].join(lineBreak);
  const written = old === undefined ? inserted(script, block, lineBreak) : spliced(script, old, block);
  const read = findScriptBlock(written, type);
  if (read?.content === `${lines.join("\n")}\n`) return written;
  throw new ThothError("invalid-project", `The content cannot be written as a ${quote(type)} block.`, {
    hint: "A comment directly after a block must not have a line `# ///`.",
  });
}

function spliced(script: string, { start, end }: ScriptBlock, block: string): string {
  return script.slice(0, start) + block + script.slice(end);
}

function inserted(script: string, block: string, lineBreak: string): string {
  let at = script.charCodeAt(0) === 0xfeff ? 1 : 0;
  let number = 0;
  for (const line of linesOf(script)) {
    number += 1;
    const isHead = number === 1 ? line.text.startsWith("#!") || isCoding(line.text) : isCoding(line.text);
    if (number > 2 || !isHead) break;
    at = Math.min(line.end + (script.startsWith("\r\n", line.end) ? 2 : 1), script.length);
  }
  const head = script.slice(0, at);
  const gap = head === "" || head === "\ufeff" || /[\n\r]$/.test(head) ? "" : lineBreak;
  const rest = script.slice(at);
  // A comment that follows at once would become part of the block.
  const after = rest.startsWith("#") ? lineBreak : "";
  return `${head}${gap}${block}${lineBreak}${after}${rest}`;
}

/** https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations */
function isCoding(line: string): boolean {
  return /^#.{0,200}?coding[:=]\s{0,10}[-\w.]/.test(line);
}
