// Which names of which modules the code uses, by what its imports make of them: `np.float` after `import numpy as np` is
// `numpy.float`. Types are not inferred: a method of an object that a call gave is not seen.

import { readCellFacts } from "./cell-facts.ts";
import type { Notebook } from "./notebook.ts";
import type { PythonFacts } from "./python-tree.ts";

const MOST_NAMES = 20_000;

/** Of the cells that the notebook's own Python runs. */
export function libraryUsage(notebook: Notebook): Readonly<Record<string, readonly string[]>> {
  const { cells } = readCellFacts(notebook);
  return usedNames(cells.filter(({ plain }) => plain.body === "python").map(({ python }) => python));
}

/** By top module, qualified and sorted: `{ numpy: ["numpy.array", "numpy.float"] }`. Imports hold from cell to cell. */
function usedNames(cells: readonly PythonFacts[]): Readonly<Record<string, readonly string[]>> {
  const meaning = new Map<string, string>();
  for (const { aliases } of cells) for (const [name, path] of aliases) meaning.set(name, path);
  const used = new Set(meaning.values());
  for (const { members } of cells) {
    for (const member of members) {
      const dot = member.indexOf(".");
      const path = meaning.get(member.slice(0, dot));
      if (path !== undefined && used.size < MOST_NAMES) used.add(path + member.slice(dot));
    }
  }
  const byModule = new Map<string, string[]>();
  for (const path of [...used].sort()) {
    const [top = ""] = path.split(".");
    const names = byModule.get(top) ?? [];
    names.push(path);
    byModule.set(top, names);
  }
  return Object.fromEntries(byModule);
}
