// What stands between the quotes of a plain Python string, its escapes read.
// https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences

const SINGLE: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);
const HEXADECIMAL: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** Undefined where Python would refuse it: a line break, a NUL, an unfinished escape, a named character. */
export function unquotePython(source: string): string | undefined {
  if (/[\n\r\0]/.test(source)) return undefined;
  if (!source.includes("\\")) return source;
  let text = "";
  let at = 0;
  while (at < source.length) {
    const backslash = source.indexOf("\\", at);
    if (backslash < 0) return text + source.slice(at);
    text += source.slice(at, backslash);
    const read = readEscape(source, backslash + 1);
    if (read === undefined) return undefined;
    text += read.text;
    at = read.end;
  }
  return text;
}

function readEscape(source: string, at: number): { text: string; end: number } | undefined {
  const character = source[at];
  if (character === undefined || character === "N") return undefined;
  const single = SINGLE.get(character);
  if (single !== undefined) return { text: single, end: at + 1 };
  const width = HEXADECIMAL.get(character);
  if (width !== undefined) {
    const digits = source.slice(at + 1, at + 1 + width);
    const code = Number.parseInt(digits, 16);
    if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits) || code > 0x10ffff) return undefined;
    return { text: String.fromCodePoint(code), end: at + 1 + width };
  }
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0];
  if (octal !== undefined)
    return { text: String.fromCharCode(Number.parseInt(octal, 8)), end: at + octal.length };
  return { text: `\\${character}`, end: at + 1 };
}

/** `text` as it can stand in a plain Python string of one line; quotes are left alone. */
export function escapeInPython(text: string): string {
  return text.replace(/[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    if (character === "\\") return "\\\\";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
