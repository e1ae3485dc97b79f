// The value of Content-Type headers: https://www.rfc-editor.org/rfc/rfc2045#section-5.1, without comments.

export interface ContentType {
  /** In lower case, such as `text/markdown`. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$&+.^`{|}~0-9A-Za-z_-]+/y;
const parameterValue = /[!#$%&'*+.^`{|}~0-9A-Za-z_-]+/y;

/** Undefined when the text is not a content type. */
export function parseContentType(text: string): ContentType | undefined {
  if (/[\r\n]/.test(text)) return undefined;
  const slash = text.indexOf("/");
  const semicolon = text.indexOf(";");
  const type = (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase();
  if (slash === -1 || !/^[!#$&+.^_`{|}~0-9a-z-]+\/[!#$&+.^_`{|}~0-9a-z-]+$/.test(type)) return undefined;
  const parameters = new Map<string, string>();
  let position = semicolon === -1 ? text.length : semicolon + 1;
  while (position < text.length) {
    const next = readParameter(text, position, parameters);
    if (next === undefined) return undefined;
    position = next;
  }
  return { type, parameters };
}

/** Adds the parameter at `start` and gives the position after its semicolon. */
function readParameter(text: string, start: number, parameters: Map<string, string>): number | undefined {
  let position = skipSpace(text, start);
  if (position === text.length) return position;
  token.lastIndex = position;
  const name = token.exec(text)?.[0];
  if (name === undefined) return undefined;
  position = skipSpace(text, position + name.length);
  if (text[position] !== "=") return undefined;
  position = skipSpace(text, position + 1);
  const value = text[position] === '"' ? readQuoted(text, position) : readToken(text, position);
  if (value === undefined) return undefined;
  if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value.text);
  position = skipSpace(text, value.end);
  if (position === text.length) return position;
  return text[position] === ";" ? position + 1 : undefined;
}

function readToken(text: string, start: number): { text: string; end: number } | undefined {
  parameterValue.lastIndex = start;
  const value = parameterValue.exec(text)?.[0];
  return value === undefined ? undefined : { text: value, end: start + value.length };
}

function readQuoted(text: string, start: number): { text: string; end: number } | undefined {
  let value = "";
  for (let position = start + 1; position < text.length; position++) {
    const character = text[position]!;
    if (character === '"') return { text: value, end: position + 1 };
    value += character === "\\" ? (text[++position] ?? "") : character;
  }
  return undefined;
}

function skipSpace(text: string, start: number): number {
  let position = start;
  while (text[position] === " " || text[position] === "\t") position += 1;
  return position;
}
