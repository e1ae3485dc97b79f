// Words of a line as a POSIX shell would split it (quotes and backslashes, nothing else), which is how pip reads
// the options of a requirements file. Nothing is ever given to a shell.

/** Undefined when a quotation or an escape has no end. */
export function splitShellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let position = 0;
  while (position < text.length) {
    const character = text[position]!;
    position += 1;
    if (character === " " || character === "\t" || character === "\r" || character === "\n") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "\\") {
      if (position === text.length) return undefined;
      word = (word ?? "") + text[position]!;
      position += 1;
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(text, position, character);
      if (quoted === undefined) return undefined;
      word = (word ?? "") + quoted.text;
      position = quoted.end;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Between double quotes a backslash escapes a double quote and a backslash; between single quotes nothing is. */
function readQuoted(text: string, start: number, mark: string): { text: string; end: number } | undefined {
  let quoted = "";
  for (let position = start; position < text.length; position++) {
    const character = text[position]!;
    if (character === mark) return { text: quoted, end: position + 1 };
    const next = text[position + 1];
    if (character === "\\" && mark === '"' && (next === '"' || next === "\\")) {
      quoted += next;
      position += 1;
    } else quoted += character;
  }
  return undefined;
}
