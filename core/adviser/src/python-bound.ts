// Requires-Python against a target interpreter. An interpreter that is itself a pre-release counts as its
// final release, as installers do.

import { parseSpecifiers, specifiersContain, ThothError, type Version } from "@thoth/pep";

const LOWER = new Set([">=", ">", "==", "===", "~="]);

/**
 * Whether `text` (a Requires-Python value) admits `python`. With `lower` only lower bounds are read (what uv
 * does). A text that is no specifier list admits nothing to rely on: it is ignored, as the installers do.
 */
export function pythonAdmits(text: string, python: Version, mode: "full" | "lower"): boolean {
  let known = verdicts[mode].get(python);
  if (known === undefined || known.size >= MOST_TEXTS) {
    known = new Map();
    verdicts[mode].set(python, known);
  }
  let admitted = known.get(text);
  if (admitted === undefined) {
    admitted = judge(text, python, mode);
    known.set(text, admitted);
  }
  return admitted;
}

/** The same few bounds recur in most projects. */
const verdicts = {
  full: new WeakMap<Version, Map<string, boolean>>(),
  lower: new WeakMap<Version, Map<string, boolean>>(),
};
const MOST_TEXTS = 10_000;

function judge(text: string, python: Version, mode: "full" | "lower"): boolean {
  try {
    if (mode === "full") return specifiersContain(parseSpecifiers(text), python, { prereleases: true });
    return parseSpecifiers(text).clauses.every((clause) => {
      if (!LOWER.has(clause.operator)) return true;
      const bound = clause.version.endsWith(".*") ? clause.version.slice(0, -2) : clause.version;
      const operator = clause.operator === ">" ? ">" : ">=";
      return specifiersContain(parseSpecifiers(`${operator}${bound}`), python, { prereleases: true });
    });
  } catch (error) {
    if (error instanceof ThothError) return true;
    throw error;
  }
}
