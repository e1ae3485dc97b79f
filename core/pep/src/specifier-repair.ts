// Specifiers of published metadata that no longer conform, turned into what their authors meant.
// Only forms found on the package index are repaired; whatever else is wrong stays wrong.

import { scanSpecifier } from "./specifier.ts";

/** What authors write is short; repairing tries many forms of each clause. */
const LONGEST_SOURCE = 16_384;

/** `source` with each clause that does not parse repaired where that is possible; clauses separated by commas. */
export function repairSpecifiers(source: string): string {
  if (source.length > LONGEST_SOURCE) return source;
  return splitClauses(source)
    .map((clause) => (typeof scanSpecifier(clause) === "number" ? repairClause(clause) : clause))
    .join(",");
}

/** Splits at commas, and where an operator follows a version with white space or nothing between. */
function splitClauses(source: string): string[] {
  return source
    .split(",")
    .flatMap((part) => part.split(/(?<=[0-9A-Za-z*])[\t ]*(?=[=<>~]|!=)/))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function repairClause(clause: string): string {
  const text = clause
    .replace(/["']/g, "")
    .replace(/^!=~/, "!=")
    .replace(/^=>/, ">=")
    .replace(/^=</, "<=")
    .replace(/^=(?!=)/, "==");
  const operator = /^[=<>!~]+/.exec(text)?.[0] ?? "";
  let version = text.slice(operator.length).trim();
  if (version.endsWith(".*") && operator !== "==" && operator !== "!=") version = version.slice(0, -2);
  else if (version.endsWith("*") && !version.endsWith(".*")) version = `${version.slice(0, -1)}.*`;
  // Of old, `>dev` meant "any, development releases too".
  if (operator === ">" && version === "dev") return ">0.dev0";
  if (operator === "~=" && /^[0-9]+$/.test(version)) return `==${version}.*`;
  // A letter release of old, `2011k`, and dashes at the end: the part that is a version says the most of it.
  for (let length = version.length; length > 0 && version.length - length < 32; length--) {
    // Further words may change what the first says.
    if (/\s/.test(version[length] ?? "")) break;
    const candidate = operator + version.slice(0, length);
    if (typeof scanSpecifier(candidate) !== "number") return candidate;
  }
  return clause;
}
