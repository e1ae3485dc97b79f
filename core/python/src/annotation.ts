// Which classes an annotation names. https://docs.python.org/3/library/typing.html

const LONGEST = 400;
const PATH = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const UNION = /^(?:\w+\.)*(?:Union|Optional)$/;

/** Dotted as written, `None` left out; undefined where it says anything else than classes. */
export function annotatedClasses(annotation: string): string[] | undefined {
  const text = annotation.trim();
  if (text.length > LONGEST) return undefined;
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2]!.includes(quoted[1]!) ? undefined : annotatedClasses(quoted[2]!);
  const alternatives = splitOutside(text, "|");
  if (alternatives.length > 1) return unionOf(alternatives);
  const open = text.indexOf("[");
  if (open < 0) return text === "None" ? [] : PATH.test(text) ? [text] : undefined;
  const head = text.slice(0, open).trim();
  if (!text.endsWith("]") || !PATH.test(head)) return undefined;
  if (UNION.test(head)) return unionOf(splitOutside(text.slice(open + 1, -1), ","));
  return [head];
}

function unionOf(alternatives: readonly string[]): string[] | undefined {
  const classes: string[] = [];
  for (const alternative of alternatives) {
    if (alternative.trim() === "") continue;
    const found = annotatedClasses(alternative);
    if (found === undefined) return undefined;
    classes.push(...found);
  }
  return [...new Set(classes)];
}

function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "[" || character === "(") depth++;
    else if (character === "]" || character === ")") depth--;
    else if (character === separator && depth === 0) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}
