// What comes from outside may hold characters that cannot be seen or that turn the order of others about. They are made
// visible once, where text comes in. https://www.unicode.org/reports/tr36/

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;
const MOST_DEPTH = 64;

/** The same JSON with each such character written as `\u202e`; line breaks and tabs stay. */
export function harmless(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return visible(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MOST_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => harmless(item, depth + 1));
  const entries = Object.entries(value).map(([name, member]) => [visible(name), harmless(member, depth + 1)]);
  return Object.fromEntries(entries);
}

/** Of a file; undefined where it is no JSON. */
export function parseHarmless(text: string): unknown {
  try {
    return harmless(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\n" || character === "\t" ? character : codeOf(character),
  );
}

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
