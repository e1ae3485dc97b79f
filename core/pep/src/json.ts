// JSON from outside: https://www.rfc-editor.org/rfc/rfc8259. The parser of the engine is iterative, so depth is
// a matter of what we do with the result: what is walked recursively later is bounded here.

import { ThothError } from "./error.ts";
import { checkDepth, type Place } from "./fields.ts";

const depthLimit = 200;

export function parseJson(text: string, place: Place): unknown {
  const value = parseJsonOfAnyDepth(text, place);
  checkDepth(value, depthLimit, place.document);
  return value;
}

/** For documents that are read entry by entry and never walked recursively. */
export function parseJsonOfAnyDepth(text: string, place: Place): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    // The engine's message quotes the text around the error: it may hold control characters or a secret.
    const position = cause instanceof Error ? /position (\d+)/.exec(cause.message)?.[1] : undefined;
    const where = position === undefined ? "" : ` (at character ${position})`;
    throw new ThothError(place.code, `${place.document} is not valid JSON${where}.`, {
      details: position === undefined ? {} : { position: Number(position) },
    });
  }
}

/** JSON with sorted keys, as Python's json.dumps(sort_keys=True) orders them: by code point. */
export function formatJson(
  value: unknown,
  options: {
    indent?: number;
    separators?: readonly [string, string];
    ascii?: boolean;
    floats?: boolean;
  } = {},
): string {
  const style: JsonStyle = {
    indent: options.indent ?? 0,
    item: options.separators?.[0] ?? ",",
    key: options.separators?.[1] ?? ":",
    ascii: options.ascii ?? true,
    floats: options.floats ?? false,
  };
  return formatSorted(value, style, "");
}

interface JsonStyle {
  readonly indent: number;
  readonly item: string;
  readonly key: string;
  readonly ascii: boolean;
  /** Numbers are Python's floats, and integers bigint. */
  readonly floats: boolean;
}

function formatSorted(value: unknown, style: JsonStyle, margin: string): string {
  if (typeof value === "string") return formatText(value, style.ascii);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && style.floats) return formatFloat(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const inner = style.indent === 0 ? "" : `${margin}${" ".repeat(style.indent)}`;
  const items = Array.isArray(value)
    ? value.map((item) => formatSorted(item, style, inner))
    : Object.keys(value)
        .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
        .sort(compareCodePoints)
        .map((key) => {
          const item = formatSorted((value as Record<string, unknown>)[key], style, inner);
          return `${formatText(key, style.ascii)}${style.key}${item}`;
        });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  if (style.indent === 0) return `${open}${items.join(style.item)}${close}`;
  return `${open}\n${inner}${items.join(`${style.item}\n${inner}`)}\n${margin}${close}`;
}

/** As Python's repr of a float. */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function formatText(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/g, (unit) => {
    return unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The order of Python's strings; the engine's own order is by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let position = 0; position < length; position++) {
    const left = a.charCodeAt(position);
    const right = b.charCodeAt(position);
    if (left === right) continue;
    const surrogates = (left & 0xf800) === 0xd800 || (right & 0xf800) === 0xd800;
    return surrogates ? liftSurrogate(left) - liftSurrogate(right) : left - right;
  }
  return a.length - b.length;
}

function liftSurrogate(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit;
}
