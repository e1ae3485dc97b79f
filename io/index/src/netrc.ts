// Passwords by host from the user's .netrc:
// https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { basicAuthorization, type Secret } from "./secret.ts";

export interface Netrc {
  readonly machines: ReadonlyMap<string, Secret>;
  /** For any other host. */
  readonly fallback: Secret | undefined;
}

const LONGEST = 1024 * 1024;
const NOTHING: Netrc = { machines: new Map(), fallback: undefined };

/** What the variable NETRC or the home folder has; a file that cannot be read is no file. */
export function readNetrc(variables: Readonly<Record<string, string | undefined>>): Netrc {
  const home = variables["HOME"] ?? homedir();
  const named = variables["NETRC"];
  const paths = named !== undefined && named !== "" ? [named] : [join(home, ".netrc"), join(home, "_netrc")];
  for (const path of paths) {
    try {
      const text = readFileSync(path, "utf8");
      return text.length > LONGEST ? NOTHING : parseNetrc(text);
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
    }
  }
  return NOTHING;
}

export function parseNetrc(text: string): Netrc {
  const machines = new Map<string, Secret>();
  let fallback: Secret | undefined;
  const words = readWords(text);
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (word !== "machine" && word !== "default") {
      at++;
      continue;
    }
    const host = word === "machine" ? words[at + 1] : undefined;
    const entry = readEntry(words, at + (word === "machine" ? 2 : 1));
    at = entry.next;
    if (entry.secret === undefined) continue;
    if (word === "default") fallback ??= entry.secret;
    else if (host !== undefined && !machines.has(host.toLowerCase()))
      machines.set(host.toLowerCase(), entry.secret);
  }
  return { machines, fallback };
}

function readEntry(words: readonly string[], start: number): { secret: Secret | undefined; next: number } {
  let user = "";
  let password: string | undefined;
  let next = start;
  for (; next < words.length; next += 2) {
    const word = words[next];
    if (word === "login" || word === "user") user = words[next + 1] ?? "";
    else if (word === "password") password = words[next + 1] ?? "";
    else if (word !== "account") break;
  }
  const secret = password === undefined && user === "" ? undefined : basicAuthorization(user, password ?? "");
  return { secret, next };
}

/** Words between blanks, comments and macros left out; a word in quotes may have blanks. */
function readWords(text: string): string[] {
  const words: string[] = [];
  let macro = false;
  for (const line of text.split(/\r?\n/)) {
    if (macro) {
      macro = line.trim() !== "";
      continue;
    }
    const found = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
    for (const word of found) {
      if (word.startsWith("#") && words.at(-1) !== "password") break;
      if (word === "macdef") {
        macro = true;
        break;
      }
      words.push(word.length > 1 && word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word);
    }
  }
  return words;
}
