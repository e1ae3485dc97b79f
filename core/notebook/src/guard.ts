// Whether a statement under conditions runs: always, never in a plain Jupyter of that Python, or perhaps.

import type { Guard } from "@thoth/python";

export type Verdict = "always" | "perhaps" | "never";

/** Conditions that only hold on somebody else's platform. */
const PLATFORM =
  /colab|kaggle|pyodide|piplite|micropip|emscripten|databricks|DATABRICKS|sagemaker|paperspace|lightning_ai|ON_RTD|READTHEDOCS|binder/i;

/** Verdict of `if`, `elif`, `else` and `case`; those of `try` need the imports of both branches. */
export function conditionVerdict(guards: readonly Guard[], pythonVersion: string): Verdict {
  let verdict: Verdict = "always";
  for (const { kind, condition } of guards) {
    if (kind === "try" || kind === "handler") continue;
    const holds = kind === "case" ? undefined : conditionHolds(condition, pythonVersion);
    const runs = holds === undefined || kind !== "else" ? holds : !holds;
    if (runs === false) return "never";
    if (runs === undefined) verdict = "perhaps";
  }
  return verdict;
}

export function conditionHolds(condition: string, pythonVersion: string): boolean | undefined {
  const text = condition
    .trim()
    .replace(/^\((.*)\)$/s, "$1")
    .trim();
  if (/^not\s/.test(text)) {
    const inner = conditionHolds(text.slice(4), pythonVersion);
    return inner === undefined ? undefined : !inner;
  }
  if (/^(?:True|1)$/.test(text)) return true;
  if (/^(?:False|0|None|(?:typing\.)?TYPE_CHECKING)$/.test(text)) return false;
  if (/^six\.PY3$/.test(text)) return !pythonVersion.startsWith("2");
  if (/^six\.PY2$/.test(text)) return pythonVersion.startsWith("2");
  const version = versionHolds(text, pythonVersion);
  if (version !== undefined) return version;
  if (!PLATFORM.test(text)) return undefined;
  return /!=|\bis\s+None\b|\bnot\b/.test(text);
}

const VERSION_TEST =
  /^sys\.version_info(\[0\]|\.major|\[:2\]|\[0:2\])?\s*(==|!=|<=|>=|<|>)\s*\(?\s*(\d+)(?:\s*,\s*(\d+))?[\s\d,]*\)?$/;

function versionHolds(text: string, pythonVersion: string): boolean | undefined {
  const match = VERSION_TEST.exec(text);
  if (match === null) return undefined;
  const [major = 3, minor = 0] = pythonVersion.split(".").map(Number);
  const onlyMajor = match[1] === "[0]" || match[1] === ".major" || match[4] === undefined;
  // `sys.version_info > (3,)` is true of 3.0 too, since the longer tuple is greater.
  const mine = onlyMajor ? major : major * 1000 + minor;
  const other = onlyMajor ? Number(match[3]) : Number(match[3]) * 1000 + Number(match[4]);
  const longer = match[1] === undefined ? 0.5 : 0;
  return compare(mine + longer, match[2]!, other);
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case "==":
      return Math.floor(left) === right;
    case "!=":
      return Math.floor(left) !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}
