// What other analysers write, in our words: the findings of Bandit (https://bandit.readthedocs.io/en/latest/formatters/json.html)
// and the lines of cloc (https://github.com/AlDanial/cloc).

import { ThothError } from "@thoth/pep";
import type { Finding } from "./finding.ts";

const MOST_FINDINGS = 100_000;
const LONGEST_MESSAGE = 400;

/** `pathOf`: the path within the release of a file that Bandit names; undefined for one of no interest. Throws `invalid-binary`. */
export function parseBanditReport(
  text: string,
  pathOf: (file: string) => string | undefined,
): readonly Finding[] {
  const { results } = readObject(text, "Bandit");
  if (!Array.isArray(results)) throw invalid("Bandit");
  return results.slice(0, MOST_FINDINGS).flatMap((result: unknown) => {
    if (typeof result !== "object" || result === null) return [];
    const one = result as Readonly<Record<string, unknown>>;
    const path = typeof one["filename"] === "string" ? pathOf(one["filename"]) : undefined;
    const line = one["line_number"];
    if (path === undefined || typeof one["test_id"] !== "string" || !Number.isSafeInteger(line)) return [];
    return {
      kind: `bandit-${one["test_id"].slice(0, 16)}`,
      severity: levelOf(one["issue_severity"]),
      confidence: levelOf(one["issue_confidence"]),
      path,
      line: line as number,
      message: String(one["issue_text"] ?? "").slice(0, LONGEST_MESSAGE),
    };
  });
}

/** What Bandit leaves undefined is the least. */
function levelOf(level: unknown): Finding["severity"] {
  return level === "HIGH" ? "high" : level === "MEDIUM" ? "medium" : "low";
}

/** Lines of Python code; 0 where cloc found none. Throws `invalid-binary`. */
export function parseClocReport(text: string): number {
  // Without any source it writes nothing.
  if (text.trim() === "") return 0;
  const python = readObject(text, "cloc")["Python"] as Readonly<Record<string, unknown>> | undefined;
  const lines = python?.["code"] ?? 0;
  if (!Number.isSafeInteger(lines)) throw invalid("cloc");
  return lines as number;
}

function readObject(text: string, program: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw invalid(program, error);
  }
  throw invalid(program);
}

function invalid(program: string, cause?: unknown): ThothError {
  return new ThothError("invalid-binary", `What \`${program}\` wrote is no report of it.`, { cause });
}
