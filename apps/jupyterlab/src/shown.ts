// Names and texts of a notebook are a stranger's.

const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Control characters, and those that turn the direction of text or cannot be seen, are written as escapes. */
export function shown(text: string): string {
  return text.replace(INVISIBLE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same of all text in lists and plain objects. */
export function allShown<T>(value: T): T {
  if (typeof value === "string") return shown(value) as T;
  if (Array.isArray(value)) return value.map(allShown) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, allShown(item)])) as T;
}
