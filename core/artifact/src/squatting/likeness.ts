// How two words can be taken for each other: by the eye, and by the fingers.

/** What looks like one character of another kind, upper case and digits included, before names are normalised. */
const LOOKS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "0": "o",
    O: "o",
    "1": "l",
    I: "l",
    i: "l",
    l: "l",
    L: "l",
    "5": "s",
    "3": "e",
    "4": "a",
    "7": "t",
    "8": "b",
    "9": "g",
  }),
);

/** Whether a name as written reads as the other one does: `jeIlyfish`, `d1ango`, `rnatplotlib`. */
export function readAlike(written: string, other: string): boolean {
  const plain = written.toLowerCase().replace(/[-_.]+/g, "-");
  return plain !== other && shape(written) === shape(other);
}

function shape(text: string): string {
  const shown = Array.from(text, (character) => LOOKS.get(character) ?? character.toLowerCase()).join("");
  return shown
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("cl", "d")
    .replace(/[-_.]+/g, "");
}

/** One character put in, left out or exchanged. */
export function isOneEditAway(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1 || one === other) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  const skipped = short.length === long.length ? start + 1 : start;
  return short.slice(skipped) === long.slice(start + 1);
}

/** Neighbours exchanged; a letter doubled or halved; a key beside the right one. */
export function isOneSlipAway(one: string, other: string): boolean {
  if (one.length !== other.length) {
    const [short, long] = one.length < other.length ? [one, other] : [other, one];
    if (long.length - short.length !== 1) return false;
    return Array.from(short).some((letter, at) => short.slice(0, at) + letter + short.slice(at) === long);
  }
  const places = Array.from(one).flatMap((letter, at) => (letter === other[at] ? [] : [at]));
  const [first = 0, second] = places;
  if (places.length === 2)
    return second === first + 1 && one[first] === other[second] && one[second] === other[first];
  return places.length === 1 && areNeighbours(one[first]!, other[first]!);
}

const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** On the most common keyboard, to the sides, above and below. */
function areNeighbours(a: string, b: string): boolean {
  const places = [a, b].map((letter) => {
    const row = ROWS.findIndex((keys) => keys.includes(letter));
    return row < 0 ? undefined : { row, column: ROWS[row]!.indexOf(letter) + row / 2 };
  });
  const [one, other] = places;
  if (one === undefined || other === undefined) return false;
  return Math.abs(one.row - other.row) <= 1 && Math.abs(one.column - other.column) <= 1;
}
