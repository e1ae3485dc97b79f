// The patterns of `python_packages[].location`: a small part of regular expressions, matched in time that grows with
// text times pattern, because a rule may come from anybody and must not be able to stall the adviser. Characters,
// `\` before one, `.`, `[a-z]` and `[^a-z]`, each with `*`, `+` or `?` behind it; `|` between whole patterns; `^` at
// the beginning and `$` at the end say what holds anyway, for the whole text must match.

export interface LocationPattern {
  readonly branches: readonly (readonly Atom[])[];
}

interface Atom {
  readonly admits: (character: string) => boolean;
  readonly least: 0 | 1;
  readonly many: boolean;
}

const LONGEST_PATTERN = 1000;

/** Undefined where `text` has anything else in it. */
export function parseLocationPattern(text: string): LocationPattern | undefined {
  if (text.length > LONGEST_PATTERN) return undefined;
  const branches: (readonly Atom[])[] = [];
  let at = 0;
  while (at <= text.length) {
    const branch = parseBranch(text, at);
    if (branch === undefined) return undefined;
    branches.push(branch.atoms);
    at = branch.end + 1;
  }
  return { branches };
}

export function matchesLocation(pattern: LocationPattern, text: string): boolean {
  return pattern.branches.some((atoms) => matchesBranch(atoms, text));
}

/** Follows all ways to match at once: `places` are the atoms that may come next. */
function matchesBranch(atoms: readonly Atom[], text: string): boolean {
  let places = new Set<number>();
  addPlace(places, atoms, 0);
  for (const character of text) {
    const next = new Set<number>();
    for (const place of places) {
      const atom = atoms[place];
      if (atom === undefined || !atom.admits(character)) continue;
      addPlace(next, atoms, place + 1);
      if (atom.many) addPlace(next, atoms, place);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(atoms.length);
}

/** Adds a place, and those after it that may be reached without a character. */
function addPlace(places: Set<number>, atoms: readonly Atom[], from: number): void {
  for (let place = from; place <= atoms.length; place++) {
    places.add(place);
    if (atoms[place]?.least !== 0) return;
  }
}

function parseBranch(text: string, from: number): { atoms: Atom[]; end: number } | undefined {
  const atoms: Atom[] = [];
  let at = text[from] === "^" ? from + 1 : from;
  while (at < text.length && text[at] !== "|") {
    if (text[at] === "$") {
      at++;
      if (at < text.length && text[at] !== "|") return undefined;
      break;
    }
    const unit = parseCharacters(text, at);
    if (unit === undefined) return undefined;
    const mark = text[unit.end];
    const repeated = mark === "*" || mark === "+" || mark === "?";
    atoms.push({
      admits: unit.admits,
      least: mark === "*" || mark === "?" ? 0 : 1,
      many: mark === "*" || mark === "+",
    });
    at = repeated ? unit.end + 1 : unit.end;
  }
  return { atoms, end: at };
}

interface Characters {
  readonly admits: (character: string) => boolean;
  readonly end: number;
}

function parseCharacters(text: string, at: number): Characters | undefined {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  if (character === ".") return { admits: (one) => one !== "\n", end: at + 1 };
  if (character === "[") return parseClass(text, at + 1);
  if (character === "\\") return parseEscape(text, at + 1);
  if ("*+?(){}]^".includes(character)) return undefined;
  return { admits: (one) => one === character, end: at + character.length };
}

function parseEscape(text: string, at: number): Characters | undefined {
  const escaped = text[at];
  if (escaped === undefined) return undefined;
  if (escaped === "d") return { admits: (one) => one >= "0" && one <= "9", end: at + 1 };
  if (escaped === "w") return { admits: (one) => /[A-Za-z0-9_]/.test(one), end: at + 1 };
  if (/[A-Za-z0-9]/.test(escaped)) return undefined;
  return { admits: (one) => one === escaped, end: at + 1 };
}

function parseClass(text: string, from: number): Characters | undefined {
  const negated = text[from] === "^";
  const end = text.indexOf("]", negated ? from + 2 : from + 1);
  if (end < 0) return undefined;
  const body = text.slice(negated ? from + 1 : from, end);
  if (/[\\[]/.test(body)) return undefined;
  const spans: (readonly [string, string])[] = [];
  for (let at = 0; at < body.length; at++) {
    const first = body[at]!;
    const last = body[at + 1] === "-" ? body[at + 2] : undefined;
    spans.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return {
    admits: (one) => spans.some(([low, high]) => one >= low && one <= high) !== negated,
    end: end + 1,
  };
}
