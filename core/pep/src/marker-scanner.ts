// The words of a marker: variables, quoted strings, operators.

import type { ThothError } from "./error.ts";
import { unquotePython } from "./python-string.ts";

export type MarkerVariable =
  | "implementation_name"
  | "implementation_version"
  | "os_name"
  | "platform_machine"
  | "platform_python_implementation"
  | "platform_release"
  | "platform_system"
  | "platform_version"
  | "python_full_version"
  | "python_version"
  | "sys_platform"
  | "extra"
  | "extras"
  | "dependency_groups";

export type MarkerTerm =
  | { readonly kind: "variable"; readonly name: MarkerVariable }
  | { readonly kind: "value"; readonly text: string };

/** Spellings of PEP 345 and of old setuptools beside the present ones. */
const VARIABLES: ReadonlyMap<string, MarkerVariable> = new Map([
  ...(
    [
      "implementation_name",
      "implementation_version",
      "os_name",
      "platform_machine",
      "platform_python_implementation",
      "platform_release",
      "platform_system",
      "platform_version",
      "python_full_version",
      "python_version",
      "sys_platform",
      "extra",
      "extras",
      "dependency_groups",
    ] as const
  ).map((name) => [name, name] as const),
  ["os.name", "os_name"],
  ["sys.platform", "sys_platform"],
  ["platform.version", "platform_version"],
  ["platform.machine", "platform_machine"],
  ["platform.python_implementation", "platform_python_implementation"],
  ["python_implementation", "platform_python_implementation"],
]);

const COMPARISONS = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"] as const;

export class MarkerScanner {
  readonly text: string;
  at: number;
  readonly #failure: (position: number, expected: string) => ThothError;

  constructor(text: string, start: number, failure: (position: number, expected: string) => ThothError) {
    this.text = text;
    this.at = start;
    this.#failure = failure;
    this.#skipSpace();
  }

  fail(expected: string): ThothError {
    return this.#failure(this.at, expected);
  }

  /** Passes over `mark` and the white space after it. */
  take(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    this.#skipSpace();
    return true;
  }

  /** Passes over one of `words` where it stands as a whole word. */
  takeWord(words: readonly string[]): string | undefined {
    const word = this.#word();
    if (!words.includes(word)) return undefined;
    this.at += word.length;
    this.#skipSpace();
    return word;
  }

  term(): MarkerTerm {
    const mark = this.text[this.at];
    if (mark === '"' || mark === "'") return this.#quoted(mark);
    const word = this.#word();
    const name = VARIABLES.get(word);
    if (name === undefined) throw this.fail("a marker variable or a quoted string");
    this.at += word.length;
    this.#skipSpace();
    return { kind: "variable", name };
  }

  operator(): string {
    for (const operator of COMPARISONS) if (this.take(operator)) return operator;
    if (this.takeWord(["in"])) return "in";
    if (this.#word() === "not") {
      this.at += 3;
      const before = this.at;
      this.#skipSpace();
      if (this.at > before && this.takeWord(["in"])) return "not in";
      throw this.fail("`in` after `not`");
    }
    throw this.fail("an operator: one of ==, !=, <, <=, >, >=, ~=, ===, in, not in");
  }

  #quoted(mark: string): MarkerTerm {
    const start = this.at + 1;
    const end = this.text.indexOf(mark, start);
    if (end < 0) throw this.fail("a closing quote");
    const text = unquotePython(this.text.slice(start, end));
    if (text === undefined) throw this.fail("a quoted string that Python could read");
    this.at = end + 1;
    this.#skipSpace();
    return { kind: "value", text };
  }

  #word(): string {
    let end = this.at;
    while (isWordCharacter(this.text.charCodeAt(end))) end++;
    return this.text.slice(this.at, end);
  }

  #skipSpace(): void {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
  }
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46
  );
}
