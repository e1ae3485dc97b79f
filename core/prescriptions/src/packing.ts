// Makes the JSON of many like units small without making it slow to read. What is left of a text without its string
// values is its skeleton, and rules made by programs have few; a string that occurs more than once is stored once.
// A packed text has lines: the number of its skeleton, then per string its JSON or its number, numbers in base 36.

/** A string, and where it is a key the colon behind it. */
const STRING = /"(?:[^"\\]|\\.)*":?/g;
/** Stands for a string in a skeleton; outside strings JSON has no such character. */
const HOLE = "?";

export interface Packing {
  readonly texts: readonly string[];
  readonly skeletons: readonly string[];
  /** JSON of strings. */
  readonly strings: readonly string[];
}

/** `texts` are JSON without white space, with keys that need no escapes and have no `?`. */
export function packTexts(texts: readonly string[]): Packing {
  const uses = new Map<string, number>();
  for (const text of texts) {
    for (const string of text.match(STRING) ?? []) uses.set(string, (uses.get(string) ?? 0) + 1);
  }
  const strings = new Map<string, number>();
  const skeletons = new Map<string, number>();
  const packed = texts.map((text) => {
    const lines: string[] = [];
    const skeleton = text.replace(STRING, (string) => {
      if (string.endsWith(":")) return string;
      lines.push(uses.get(string) === 1 ? string : numberIn(strings, string));
      return HOLE;
    });
    return [numberIn(skeletons, skeleton), ...lines].join("\n");
  });
  return { texts: packed, skeletons: [...skeletons.keys()], strings: [...strings.keys()] };
}

function numberIn(numbers: Map<string, number>, text: string): string {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number.toString(36);
}

/** Undoes `packTexts`: `skeletons` as they were made, `strings` as values. */
export class Unpacker {
  readonly #skeletons: readonly (readonly string[])[];
  readonly #strings: readonly string[];

  constructor(skeletons: readonly string[], strings: readonly string[]) {
    this.#skeletons = skeletons.map((skeleton) => skeleton.split(HOLE));
    this.#strings = strings;
  }

  unpack(packed: string): string {
    const lines = packed.split("\n");
    const parts = this.#skeletons[Number.parseInt(lines[0]!, 36)]!;
    let text = parts[0]!;
    for (let place = 1; place < parts.length; place++) {
      const line = lines[place]!;
      text += line.startsWith('"') ? line : JSON.stringify(this.#strings[Number.parseInt(line, 36)]);
      text += parts[place]!;
    }
    return text;
  }
}
