// The start tags of an HTML document, in one pass and without a tree: enough for pages of links. Tokenising
// follows https://html.spec.whatwg.org/multipage/parsing.html#tokenization where links depend on it.

export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** Names in lower case, values with references decoded; the first of a repeated name counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** `cut` is true when the text ends inside a tag. */
export function readTags(
  html: string,
  wanted: ReadonlySet<string>,
): { readonly tags: readonly Tag[]; readonly cut: boolean } {
  const tags: Tag[] = [];
  let position = html.indexOf("<");
  while (position !== -1) {
    if (html.startsWith("<!--", position)) {
      const end = html.indexOf("-->", position + 2);
      if (end === -1) return { tags, cut: false };
      position = html.indexOf("<", end + 3);
      continue;
    }
    tagName.lastIndex = position + 1;
    const name = tagName.exec(html)?.[0].toLowerCase();
    if (name === undefined) {
      position = html.indexOf("<", position + 1);
      continue;
    }
    const attributes = wanted.has(name) ? new Map<string, string>() : undefined;
    const end = readAttributes(html, position + 1 + name.length, attributes);
    if (end === undefined) return { tags, cut: true };
    if (attributes !== undefined) tags.push({ name, attributes });
    position = html.indexOf("<", name === "script" || name === "style" ? endOfRawText(html, end, name) : end);
  }
  return { tags, cut: false };
}

const tagName = /[A-Za-z][^\s/>]{0,63}/y;

function endOfRawText(html: string, start: number, name: string): number {
  const close = new RegExp(`</${name}`, "ig");
  close.lastIndex = start;
  return close.exec(html)?.index ?? html.length;
}

/** Fills `into` when it is given; the position after the closing `>`, or undefined at the end of the text. */
function readAttributes(
  html: string,
  start: number,
  into: Map<string, string> | undefined,
): number | undefined {
  let position = start;
  for (;;) {
    position = skip(html, position, isSpaceOrSlash);
    if (position >= html.length) return undefined;
    if (html.charCodeAt(position) === 0x3e) return position + 1;
    const nameEnd = skip(html, position + 1, isNameUnit);
    const name = html.slice(position, nameEnd);
    position = skip(html, nameEnd, isSpace);
    let value = "";
    if (html[position] === "=") {
      const read = readValue(html, skip(html, position + 1, isSpace));
      if (read === undefined) return undefined;
      value = read.text;
      position = read.end;
    }
    const key = name.toLowerCase();
    if (into !== undefined && !into.has(key)) into.set(key, decodeReferences(value));
  }
}

function readValue(html: string, start: number): { text: string; end: number } | undefined {
  const mark = html[start];
  if (mark !== '"' && mark !== "'") {
    const end = skip(html, start, (unit) => !isSpace(unit) && unit !== 0x3e);
    return end >= html.length ? undefined : { text: html.slice(start, end), end };
  }
  const end = html.indexOf(mark, start + 1);
  return end === -1 ? undefined : { text: html.slice(start + 1, end), end: end + 1 };
}

function skip(html: string, start: number, belongs: (unit: number) => boolean): number {
  let position = start;
  while (position < html.length && belongs(html.charCodeAt(position))) position += 1;
  return position;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d && unit !== 0x0b);
}

function isSpaceOrSlash(unit: number): boolean {
  return unit === 0x2f || isSpace(unit);
}

function isNameUnit(unit: number): boolean {
  return unit !== 0x3d && unit !== 0x3e && !isSpaceOrSlash(unit);
}

/** The named references that addresses and version bounds are written with; others stay as they are. */
const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["equals", "="],
  ["excl", "!"],
  ["comma", ","],
  ["plus", "+"],
  ["num", "#"],
  ["period", "."],
  ["sol", "/"],
  ["colon", ":"],
  ["semi", ";"],
  ["lowbar", "_"],
  ["ast", "*"],
  ["tilde", "\u02dc"],
]);

export function decodeReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,6}));?/g,
    (whole, hex, decimal, name) => {
      if (name === undefined)
        return codePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
      // Without the semicolon only the oldest names are references, so that `&ampere=1` keeps its text.
      if (!whole.endsWith(";") && !["amp", "lt", "gt", "quot"].includes(name)) return whole;
      return named.get(name.toLowerCase()) ?? whole;
    },
  );
}

function codePoint(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
  return String.fromCodePoint(code);
}
