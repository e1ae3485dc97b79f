// Text that came from outside, made safe for a terminal: no control character of it reaches the screen, and
// credentials in URLs are masked.

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const CONTROL_BUT_LINES =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One line: control characters, line ends among them, are written as escapes. */
export function printable(text: string): string {
  return mask(text.replace(CONTROL, escapeOf));
}

/** Several lines: line ends and tabs stay. */
export function printableLines(text: string): string {
  return mask(text.replaceAll("\r\n", "\n").replace(CONTROL_BUT_LINES, escapeOf));
}

/** `https://user:secret@host/` becomes `https://***@host/`. */
export function mask(text: string): string {
  return text.includes("://") ? text.replace(/:\/\/[^/\s@`"'<>?#]{1,2048}@/g, "://***@") : text;
}

/** A path or a requirement as a word of a command that can be pasted into a shell. */
export function shellWord(text: string): string {
  return /^[\w%+,./:=@^~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Cut to `width` characters, with an ellipsis. */
export function cutTo(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Words broken into lines of at most `width` characters where that is possible. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** `184 MB`; rounded to what a person feels. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `0.4 s`, `12 s`, `3 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** `1 package`, `2 packages`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
