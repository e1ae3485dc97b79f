// The lines of a requirements file before they mean anything: continuation, comments, variables.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/

export interface LogicalLine {
  /** Number of its first physical line, from 1. */
  readonly number: number;
  /** Without comment and outer white space, variables replaced. */
  readonly text: string;
  /** As `text`, before variables were replaced: what may be shown. */
  readonly written: string;
}

export type ReadVariable = (name: string) => string | undefined;

const lineBreak = /\r\n|[\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029]/;

export function readLogicalLines(text: string, readVariable: ReadVariable): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  for (const { number, text: joined } of joinLines(text.split(lineBreak))) {
    const written = removeComment(joined).trim();
    if (written !== "") lines.push({ number, text: replaceVariables(written, readVariable), written });
  }
  return lines;
}

/** A backslash at the end joins the next line, unless the line is a comment. */
function joinLines(lines: readonly string[]): readonly { number: number; text: string }[] {
  const joined: { number: number; text: string }[] = [];
  let parts: string[] = [];
  let first = 1;
  lines.forEach((line, index) => {
    if (parts.length === 0) first = index + 1;
    const comment = /^\s*#/.test(line);
    if (line.endsWith("\\") && !comment) {
      parts.push(stripBackslashes(line));
      return;
    }
    // The space keeps a comment a comment when it ends a joined line.
    joined.push({ number: first, text: [...parts, comment ? ` ${line}` : line].join("") });
    parts = [];
  });
  if (parts.length > 0) joined.push({ number: first, text: parts.join("") });
  return joined;
}

function stripBackslashes(line: string): string {
  let start = 0;
  let end = line.length;
  while (line[start] === "\\") start += 1;
  while (end > start && line[end - 1] === "\\") end -= 1;
  return line.slice(start, end);
}

/** Cuts at the first `#` that begins the line or follows white space. */
function removeComment(line: string): string {
  for (let mark = line.indexOf("#"); mark !== -1; mark = line.indexOf("#", mark + 1)) {
    if (mark === 0 || /\s/.test(line[mark - 1]!)) return line.slice(0, mark);
  }
  return line;
}

/** `${NAME}` only; an unknown or empty variable stays as it is written. */
function replaceVariables(text: string, readVariable: ReadVariable): string {
  return text.replace(/\$\{([A-Z0-9_]{1,256})\}/g, (written, name: string) => readVariable(name) || written);
}

const marks: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** The text of a file by its byte order mark, its `coding:` comment, or as UTF-8; unknown bytes become U+FFFD. */
export function decodeRequirementsFile(bytes: Uint8Array): string {
  for (const [mark, encoding] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) return new TextDecoder(encoding).decode(bytes);
  }
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).split("\n", 2);
  const coding = start
    .map((line) => /^#.{0,200}?coding[:=]\s{0,10}([-\w.]{1,40})/.exec(line)?.[1])
    .find(Boolean);
  return decoderOf(coding ?? "utf-8").decode(bytes);
}

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding.replace(/^latin-1$/, "latin1"));
  } catch {
    return new TextDecoder();
  }
}
