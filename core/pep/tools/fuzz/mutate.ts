// Inputs that are nearly valid: pieces cut, doubled, moved, and things put in that parsers stumble over.

import type { Random } from "./random.ts";

/** What is hostile in every format. */
const NASTY: readonly string[] = [
  ..."\u0000 \u0007 \b \t \n \r \r\n \v \f \u001b[31m \u001f \u0085 \u00a0 \u2028 \u2029 \u202e \ufeff \ufffd".split(
    " ",
  ),
  ..."\ud800 \udc00 é ß ſ K İ ١ 😀 аbс".split(" "),
  ..."__proto__ constructor prototype toString hasOwnProperty null undefined NaN Infinity".split(" "),
  ..."' \" ` \\ / // ../ ..\\ ; , . : :: @ # $ ${HOME} $(id) `id` & | && || < > = == === != ~= ! !! * ** + - -- _ __ ( ) [ ] { } % %00 %2e%2e %".split(
    " ",
  ),
  ..."0 00 1 -1 1e400 9007199254740993 99999999999999999999999999 0x10 0.1 true false".split(" "),
  " ",
  "  ",
  "\u0000",
  "\\u0000",
  "\\ud800",
  "\\x",
  "\\N{DASH}",
];

export function mutate(
  seed: string,
  random: Random,
  tokens: readonly string[],
  others: readonly string[],
): string {
  let text = seed;
  const steps = 1 + random.below(random.once(4) ? 12 : 3);
  for (let step = 0; step < steps; step++)
    text = mutateOnce(text, random, random.once(2) ? tokens : NASTY, others);
  return text;
}

function mutateOnce(
  text: string,
  random: Random,
  tokens: readonly string[],
  others: readonly string[],
): string {
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + random.below(random.once(3) ? 40 : 4));
  const piece = text.slice(start, end);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, start) + text.slice(end);
    case 1:
    case 2:
      return text.slice(0, start) + random.pick(tokens) + text.slice(start);
    case 3:
      return text.slice(0, start) + random.pick(tokens) + text.slice(end);
    case 4:
      return text.slice(0, end) + piece.repeat(1 + random.below(random.once(20) ? 200 : 4)) + text.slice(end);
    case 5: {
      const to = random.below(text.length + 1);
      return text.slice(0, to) + piece + text.slice(to);
    }
    case 6: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return text.slice(0, start) + other.slice(from, from + random.below(60)) + text.slice(end);
    }
    case 7: {
      const turned = random.once(2) ? piece.toUpperCase() : piece.toLowerCase();
      return text.slice(0, start) + turned + text.slice(end);
    }
    default: {
      const code = text.charCodeAt(start) || 65;
      return (
        text.slice(0, start) + String.fromCharCode(code ^ (1 << random.below(8))) + text.slice(start + 1)
      );
    }
  }
}

/** A text of about `length` with one piece of it over and over: what makes a careless scan slow. */
export function pump(text: string, random: Random): (length: number) => string {
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + 1 + random.below(random.once(4) ? 30 : 3));
  const unit = random.once(4) ? random.pick(NASTY) : text.slice(start, end);
  const before = text.slice(0, random.once(2) ? end : start);
  const after = random.once(3) ? random.pick(NASTY) : text.slice(end);
  return (length) =>
    before + (unit === "" ? "(" : unit).repeat(Math.ceil(length / Math.max(1, unit.length))) + after;
}
