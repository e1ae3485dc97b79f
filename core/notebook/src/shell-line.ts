// Splits a shell line into commands and words, as far as that is needed to read what it installs. Nothing is ever
// run or expanded. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html

export interface ShellWord {
  /** Quotes and escapes taken off. */
  readonly text: string;
  /** It holds something that the shell or IPython replaces: `$name`, `{name}`, back quotes. */
  readonly variable: boolean;
}

/** The words of one command; redirections and comments are left out. */
export type ShellCommand = readonly ShellWord[];

const MAXIMUM_WORDS = 10_000;

interface Scan {
  readonly text: string;
  at: number;
  /** The word being read; undefined between words. */
  word: string | undefined;
  /** Last character of the word: asking a growing text for it would copy it each time. */
  last: string;
  quoted: boolean;
  words: ShellWord[];
  readonly commands: ShellCommand[];
  count: number;
}

/** Commands of a line, in order; what `&&`, `||`, `|`, `;`, `&` and parentheses part. */
export function splitCommands(text: string): ShellCommand[] {
  const scan: Scan = {
    text,
    at: 0,
    word: undefined,
    last: "",
    quoted: false,
    words: [],
    commands: [],
    count: 0,
  };
  while (scan.at < text.length && scan.count < MAXIMUM_WORDS) step(scan);
  endCommand(scan);
  return scan.commands;
}

function step(scan: Scan): void {
  const character = scan.text[scan.at]!;
  if (character === " " || character === "\t" || character === "\r") {
    endWord(scan);
    scan.at++;
  } else if (
    character === "\n" ||
    character === ";" ||
    character === "|" ||
    character === "(" ||
    character === ")"
  ) {
    // A semicolon behind a name may be the marker of a requirement that somebody forgot to quote.
    endCommand(scan);
    scan.at++;
  } else if (character === "&") ampersand(scan);
  else if (character === "#" && scan.word === undefined) skipComment(scan);
  else if (character === "'" || character === '"') readQuoted(scan, character);
  else if (character === "\\") readEscape(scan);
  else if (character === ">" || character === "<") angle(scan);
  else {
    append(scan, character);
    scan.at++;
  }
}

function append(scan: Scan, text: string): void {
  scan.word = (scan.word ?? "") + text;
  if (text !== "") scan.last = text.at(-1)!;
}

function skipComment(scan: Scan): void {
  const end = scan.text.indexOf("\n", scan.at);
  scan.at = end < 0 ? scan.text.length : end;
}

function ampersand(scan: Scan): void {
  if (scan.text[scan.at + 1] === ">") {
    endWord(scan);
    scan.at++;
    skipRedirection(scan);
    return;
  }
  endCommand(scan);
  scan.at++;
}

function readQuoted(scan: Scan, mark: string): void {
  let at = scan.at + 1;
  let text = "";
  while (at < scan.text.length && scan.text[at] !== mark) {
    if (mark === '"' && scan.text[at] === "\\" && /["\\$`]/.test(scan.text[at + 1] ?? "")) at++;
    text += scan.text[at];
    at++;
  }
  append(scan, text);
  scan.quoted = true;
  scan.at = at + 1;
}

function readEscape(scan: Scan): void {
  const next = scan.text[scan.at + 1];
  if (next !== undefined && next !== "\n") append(scan, next);
  scan.at += 2;
}

/**
 * `numpy>=1.2` without quotes is a redirection to a file `=1.2` for the shell; what was meant is the specifier.
 * Everything else is a redirection.
 */
function angle(scan: Scan): void {
  const next = scan.text[scan.at + 1] ?? "";
  const last = scan.word === undefined ? "" : scan.last;
  const behindName = /[A-Za-z0-9_.\])*]/.test(last) && !isDescriptor(scan.word);
  const behindComma = last === ",";
  if (scan.word === undefined && next === "=" && scan.words.length > 0) {
    append(scan, `${scan.text[scan.at]!}=`);
    scan.at += 2;
    return;
  }
  if ((behindName || behindComma) && /[=0-9]/.test(next)) {
    append(scan, scan.text[scan.at]!);
    scan.at++;
    if (next === "=") {
      append(scan, "=");
      scan.at++;
    }
    return;
  }
  if (isDescriptor(scan.word) && !scan.quoted) scan.word = undefined;
  endWord(scan);
  skipRedirection(scan);
}

/** The `2` of `2>&1`. */
function isDescriptor(word: string | undefined): boolean {
  return word?.length === 1 && word >= "0" && word <= "9";
}

/** From the first angle bracket to the end of the file's name. */
function skipRedirection(scan: Scan): void {
  while (/[<>&|]/.test(scan.text[scan.at] ?? "")) scan.at++;
  while (/[ \t]/.test(scan.text[scan.at] ?? "")) scan.at++;
  while (scan.at < scan.text.length && !/[\s;&|<>]/.test(scan.text[scan.at]!)) scan.at++;
}

function endWord(scan: Scan): void {
  if (scan.word === undefined) return;
  scan.words.push({ text: scan.word, variable: /[$`{}]/.test(scan.word) });
  scan.count++;
  scan.word = undefined;
  scan.quoted = false;
}

function endCommand(scan: Scan): void {
  endWord(scan);
  if (scan.words.length > 0) scan.commands.push(scan.words);
  scan.words = [];
}
