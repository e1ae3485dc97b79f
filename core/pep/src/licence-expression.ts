// SPDX licence expressions as core metadata have them: https://peps.python.org/pep-0639/ and
// https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/. The result is the expression in its spelling.

import { quote, ThothError } from "./error.ts";
import { licenceException, licenceIdentifier } from "./licence-list.ts";

const lengthLimit = 64 * 1024;

interface Token {
  readonly text: string;
  readonly position: number;
}

/** `mit or (apache-2.0 and bsd-3-clause)` to `MIT OR (Apache-2.0 AND BSD-3-Clause)`. Throws invalid-metadata. */
export function parseLicenceExpression(text: string): string {
  if (text.length > lengthLimit) throw failure(text, 0, "is too long");
  const tokens = tokenize(text);
  const normal: string[] = [];
  // References that differ in case alone are one, written as it is first.
  const references = new Map<string, string>();
  let depth = 0;
  // What may come next: an operand (licence or opening parenthesis), or an operator (or closing parenthesis).
  let expectsOperand = true;
  for (let index = 0; index < tokens.length; index++) {
    const { text: word, position } = tokens[index]!;
    const lower = word.toLowerCase();
    const isOperator = lower === "and" || lower === "or" || lower === "with" || word === ")";
    if (expectsOperand === isOperator) throw failure(text, position, `cannot have ${quote(word)} here`);
    if (word === "(") depth += 1;
    else if (word === ")") {
      depth -= 1;
      if (depth < 0) throw failure(text, position, "closes a parenthesis that is not open");
    } else if (lower === "and" || lower === "or") expectsOperand = true;
    else if (lower === "with") {
      if (!isLicence(tokens[index - 1]!.text) || tokens[index - 2]?.text.toLowerCase() === "with") {
        throw failure(text, position, "has WITH after something that is no licence");
      }
      index += 1;
      normal.push("WITH", exceptionNamed(text, tokens[index]));
      continue;
    } else expectsOperand = false;
    normal.push(
      isOperator || word === "(" ? lower.toUpperCase() : licenceNamed(text, { word, position, references }),
    );
  }
  if (expectsOperand || depth > 0) throw failure(text, text.length, "ends too early");
  return normal.join(" ").replaceAll("( ", "(").replaceAll(" )", ")");
}

function isLicence(word: string): boolean {
  return word !== ")" && word !== "(";
}

function tokenize(text: string): readonly Token[] {
  return Array.from(text.matchAll(/[()]|[^\s()]+/g), (match) => ({ text: match[0], position: match.index }));
}

interface Named {
  readonly word: string;
  readonly position: number;
  readonly references: Map<string, string>;
}

function licenceNamed(text: string, { word, position, references }: Named): string {
  const lower = word.toLowerCase();
  if (lower.startsWith("licenseref-")) {
    if (!/^[A-Za-z0-9.-]+$/.test(word.slice(11)))
      throw failure(text, position, `has ${quote(word)}, which is no valid reference`);
    const first = references.get(lower) ?? `LicenseRef-${word.slice(11)}`;
    references.set(lower, first);
    return first;
  }
  const plus = lower.endsWith("+") ? "+" : "";
  const known = licenceIdentifier(plus === "" ? lower : lower.slice(0, -1));
  if (known === undefined) throw failure(text, position, `names an unknown licence, ${quote(word)}`);
  return known + plus;
}

function exceptionNamed(text: string, token: Token | undefined): string {
  const known = token === undefined ? undefined : licenceException(token.text);
  if (known !== undefined) return known;
  throw failure(text, token?.position ?? text.length, "names no known exception after WITH");
}

function failure(text: string, position: number, problem: string): ThothError {
  return new ThothError("invalid-metadata", `The licence expression ${quote(text)} ${problem}.`, {
    details: { position },
  });
}
