// `/etc/os-release`: assignments as a shell reads them, without anything being expanded.
// https://www.freedesktop.org/software/systemd/man/latest/os-release.html

export interface OsRelease {
  /** `linux` where the file does not say. */
  readonly id: string;
  /** VERSION_ID; empty for rolling releases. */
  readonly version: string;
  /** Systems that it is like, the closest first. */
  readonly like: readonly string[];
}

const LONGEST = 64 * 1024;
const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=(.*)$/;

/** Only the first 64 KiB are read; a line that is no assignment tells nothing. */
export function readOsRelease(bytes: Uint8Array): OsRelease {
  const values = new Map<string, string>();
  for (const line of new TextDecoder("utf-8").decode(bytes.subarray(0, LONGEST)).split("\n")) {
    const match = ASSIGNMENT.exec(line.trimStart());
    if (match !== null) values.set(match[1]!, shellWord(match[2]!));
  }
  return {
    id: values.get("ID") || "linux",
    version: values.get("VERSION_ID") ?? "",
    like: (values.get("ID_LIKE") ?? "").split(/\s+/).filter((word) => word !== ""),
  };
}

/** One word of a shell, of which parts may be in quotes; what follows a bare space or `#` is left out. */
function shellWord(text: string): string {
  let word = "";
  let quotes = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quotes === "'") {
      if (character === "'") quotes = "";
      else word += character;
    } else if (character === "\\" && (quotes === "" || /["$`\\]/.test(text[at + 1] ?? ""))) {
      at++;
      word += text[at] ?? "";
    } else if (character === quotes) quotes = "";
    else if (quotes === "" && (character === '"' || character === "'")) quotes = character;
    else if (quotes === "" && /[\s;]/.test(character)) break;
    else word += character;
  }
  return word;
}
