// Core metadata as e-mail headers, before any field is judged:
// https://packaging.python.org/en/latest/specifications/core-metadata/. What cannot be read as its field (a
// field that may stand once and stands twice, bytes that are not UTF-8, unknown names) is kept apart, unparsed.

import { ThothError } from "./error.ts";

export type MetadataVersion = "1.0" | "1.1" | "1.2" | "2.1" | "2.2" | "2.3" | "2.4" | "2.5" | "2.6";

export const metadataVersions: readonly MetadataVersion[] = [
  ...(["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"] as const),
];

export interface FieldDefinition {
  readonly kind: "text" | "list" | "keywords" | "urls";
  readonly since: MetadataVersion;
}

function define(
  kind: FieldDefinition["kind"],
  since: MetadataVersion,
  names: string,
): [string, FieldDefinition][] {
  return names.split(" ").map((name) => [name, { kind, since }]);
}

let definitions: ReadonlyMap<string, FieldDefinition> | undefined;

/** Every field of the specification by its header name in lower case. */
export function metadataFields(): ReadonlyMap<string, FieldDefinition> {
  definitions ??= defineFields();
  return definitions;
}

const defineFields = () =>
  new Map([
    ...define(
      "text",
      "1.0",
      "metadata-version name version summary description home-page author author-email license",
    ),
    ...define("text", "1.1", "download-url"),
    ...define("text", "1.2", "maintainer maintainer-email requires-python"),
    ...define("text", "2.1", "description-content-type"),
    ...define("text", "2.4", "license-expression"),
    ...define("list", "1.0", "platform"),
    ...define("list", "1.1", "supported-platform classifier requires provides obsoletes"),
    ...define("list", "1.2", "requires-dist requires-external provides-dist obsoletes-dist"),
    ...define("list", "2.1", "provides-extra"),
    ...define("list", "2.2", "dynamic"),
    ...define("list", "2.4", "license-file"),
    ...define("list", "2.5", "import-name import-namespace"),
    ...define("keywords", "1.0", "keywords"),
    ...define("urls", "1.2", "project-url"),
  ]);

export type MetadataValue = string | readonly string[] | ReadonlyMap<string, string>;

export interface MetadataFields {
  readonly fields: ReadonlyMap<string, MetadataValue>;
  readonly unparsed: ReadonlyMap<string, readonly string[]>;
}

export const metadataLimits = { length: 16 * 1024 * 1024, requirements: 100_000, headers: 400_000 } as const;

/** Reads METADATA or PKG-INFO. Throws limit-exceeded only: everything else has a place in the result. */
export function parseMetadataFields(
  document: string | Uint8Array,
  options: { readonly description?: boolean } = {},
): MetadataFields {
  if (document.length > metadataLimits.length) throw limitExceeded("length", metadataLimits.length);
  const decoded = typeof document === "string" ? { text: document, encoded: false } : decode(document);
  const { headers, body } = splitHeaders(decoded.text);
  const fields = new Map<string, MetadataValue>();
  const unparsed = new Map<string, readonly string[]>();
  for (const [name, rawValues] of headers) {
    const values = decoded.encoded
      ? rawValues.map(decodeUtf8OrLatin)
      : rawValues.map((text) => ({ text, valid: true }));
    const texts = values.map((value) => value.text);
    const value = values.every(({ valid }) => valid) ? interpret(name, texts) : undefined;
    if (value === undefined) unparsed.set(name, texts);
    else fields.set(name, value);
  }
  if (options.description !== false && body !== "") {
    addBody(decoded.encoded ? decodeUtf8OrLatin(body) : { text: body, valid: true }, {
      fields,
      unparsed,
      headers,
    });
  }
  return { fields, unparsed };
}

function limitExceeded(limit: keyof typeof metadataLimits, allowed: number): ThothError {
  return new ThothError("limit-exceeded", `The metadata exceed the limit of ${allowed} for ${limit}.`, {
    details: { limit, allowed },
  });
}

function interpret(name: string, values: readonly string[]): MetadataValue | undefined {
  const kind = metadataFields().get(name)?.kind;
  if (kind === "list") return name === "import-name" && values.length === 1 && values[0] === "" ? [] : values;
  if (kind === "urls") return parseProjectUrls(values);
  if (values.length !== 1) return undefined;
  if (kind === "keywords") return values[0]!.split(",").map((keyword) => keyword.trim());
  return kind === "text" ? values[0]! : undefined;
}

function parseProjectUrls(values: readonly string[]): ReadonlyMap<string, string> | undefined {
  const urls = new Map<string, string>();
  for (const value of values) {
    const comma = value.indexOf(",");
    const label = (comma === -1 ? value : value.slice(0, comma)).trim();
    if (urls.has(label)) return undefined;
    urls.set(label, comma === -1 ? "" : value.slice(comma + 1).trim());
  }
  return urls;
}

interface Parts {
  readonly fields: Map<string, MetadataValue>;
  readonly unparsed: Map<string, readonly string[]>;
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** The body is a description too; two descriptions are none. */
function addBody(body: { text: string; valid: boolean }, { fields, unparsed, headers }: Parts): void {
  const earlier = unparsed.get("description") ?? [];
  const type = headers.get("content-type")?.[0] ?? "";
  if (!body.valid || (/^\s*multipart\//i.test(type) && /boundary=/i.test(type))) {
    unparsed.set("description", [...earlier, body.text]);
    return;
  }
  const header = fields.get("description");
  if (header === undefined && earlier.length === 0) {
    fields.set("description", body.text);
    return;
  }
  fields.delete("description");
  unparsed.set("description", [...(typeof header === "string" ? [header] : earlier), body.text]);
}

interface Split {
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Values are slices of a copy of the headers alone, so that keeping one does not keep the description. */
function splitHeaders(text: string): Split {
  const blank = text.search(/\n\r?\n|\r\r/);
  const end = blank === -1 ? text.length : blank + 3;
  const copy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    new TextEncoder().encode(text.slice(0, end)),
  );
  const { headers, bodyStart } = readHeaders(copy);
  return { headers, body: text.slice(bodyStart) };
}

/** One pass over the lines; the first line that is neither a header nor its continuation begins the body. */
function readHeaders(text: string): { headers: Split["headers"]; bodyStart: number } {
  const headers = new Map<string, string[]>();
  let current: { name: string; parts: string[] } | undefined;
  let count = 0;
  const close = () => {
    if (current === undefined) return;
    const value = current.parts.join("").replace(/^[ \t\r\n]+/, "");
    const values = headers.get(current.name);
    if (values === undefined) headers.set(current.name, [trimLineEnd(value)]);
    else values.push(trimLineEnd(value));
    if (
      current.name === "requires-dist" &&
      values !== undefined &&
      values.length > metadataLimits.requirements
    ) {
      throw limitExceeded("requirements", metadataLimits.requirements);
    }
    current = undefined;
  };
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (position < text.length) {
    const end = endOfLine(text, position);
    const line = text.slice(position, end);
    const first = line.charCodeAt(0);
    if (first === 0x20 || first === 0x09) current?.parts.push(line);
    else {
      const colon = endOfName(line);
      if (colon === undefined && !(position === 0 && line.startsWith("From "))) {
        close();
        const blank = first === 0x0a || first === 0x0d;
        return { headers, bodyStart: blank ? end : position };
      }
      close();
      if (++count > metadataLimits.headers) throw limitExceeded("headers", metadataLimits.headers);
      if (colon !== undefined && colon > 0) {
        current = { name: line.slice(0, colon).toLowerCase(), parts: [line.slice(colon + 1)] };
      }
    }
    position = end;
  }
  close();
  return { headers, bodyStart: text.length };
}

function trimLineEnd(value: string): string {
  let end = value.length;
  while (end > 0 && (value.charCodeAt(end - 1) === 0x0a || value.charCodeAt(end - 1) === 0x0d)) end--;
  return value.slice(0, end);
}

/** The position after the line break (CR, LF or both) that ends the line. */
function endOfLine(text: string, start: number): number {
  for (let position = start; position < text.length; position++) {
    const unit = text.charCodeAt(position);
    if (unit === 0x0a) return position + 1;
    if (unit === 0x0d) return text.charCodeAt(position + 1) === 0x0a ? position + 2 : position + 1;
  }
  return text.length;
}

/** The position of the colon when the line begins with a header name (printable ASCII), else undefined. */
function endOfName(line: string): number | undefined {
  for (let position = 0; position < line.length; position++) {
    const unit = line.charCodeAt(position);
    if (unit === 0x3a) return position;
    if (unit < 0x21 || unit > 0x7e) return undefined;
  }
  return undefined;
}

/** Bytes that are UTF-8 are text at once; otherwise one unit is one byte until each header is decoded. */
function decode(bytes: Uint8Array): { text: string; encoded: boolean } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoded: false };
  } catch {
    const parts: string[] = [];
    for (let start = 0; start < bytes.length; start += 8192) {
      parts.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
    }
    return { text: parts.join(""), encoded: true };
  }
}

function decodeUtf8OrLatin(units: string): { text: string; valid: boolean } {
  try {
    const bytes = Uint8Array.from(units, (unit) => unit.charCodeAt(0));
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), valid: true };
  } catch {
    return { text: units, valid: false };
  }
}

const lineBreak = /\r\n|[\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029]/g;

/** Headers as they are written in METADATA: a value of several lines is folded under its own beginning. */
export function formatMetadataHeaders(headers: readonly (readonly [name: string, value: string])[]): string {
  const lines = headers.map(([name, value]) => {
    const folded = value.replace(lineBreak, `\n${" ".repeat(name.length + 2)}`);
    return `${name}: ${folded}\n`;
  });
  return `${lines.join("")}\n`;
}

/** True when the value would end a header line early. */
export function hasLineBreak(value: string): boolean {
  return value.search(lineBreak) !== -1;
}
