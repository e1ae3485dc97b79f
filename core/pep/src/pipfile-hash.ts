// The text that pipenv hashes to see whether a lock still fits its Pipfile: sources, requirements and packages as
// JSON with sorted keys, in the form of Python's json module.
// https://github.com/sarugaku/plette/blob/main/src/plette/pipfiles.py

import { fieldOf, type Table } from "./fields.ts";
import { formatJson } from "./json.ts";

const standardSource = { name: "pypi", url: "https://pypi.org/simple", verify_ssl: true };
const others: ReadonlySet<string> = new Set([
  ...["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"],
  ...["default", "develop"],
]);

/** `table` is the whole Pipfile with its integers as bigint, for in Python 3 and 3.0 are written differently. */
export function pipfileHashText(table: Table): string {
  const data: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(table)) if (!others.has(key)) data[key] = table[key];
  data["_meta"] = {
    sources: fieldOf(table, "source") ?? [standardSource],
    requires: fieldOf(table, "requires") ?? {},
  };
  data["default"] = fieldOf(table, "packages") ?? {};
  data["develop"] = fieldOf(table, "dev-packages") ?? {};
  return formatJson(data, { floats: true });
}
