// Which names of which modules the code uses, by what its imports and assignments make of them: `np.float` after
// `import numpy as np` is `numpy.float`.

import { type Use, usageOf } from "@thoth/python";
import { readCellFacts } from "./cell-facts.ts";
import type { Notebook } from "./notebook.ts";

/** What the cells that the notebook's own Python runs use of packages, in their order. */
export function notebookUsage(notebook: Notebook): readonly Use[] {
  const { cells } = readCellFacts(notebook);
  return usageOf(
    cells
      .filter(({ plain }) => plain.body === "python")
      .map(({ cell, plain }) => ({ cell, text: plain.python })),
  );
}

/**
 * By top module, qualified and sorted: `{ numpy: ["numpy.array", "numpy.float"] }`, and the keywords of calls:
 * `bokeh.plotting.figure(plot_width=)`. Imports hold from cell to cell.
 */
export function libraryUsage(notebook: Notebook): Readonly<Record<string, readonly string[]>> {
  const used = new Set<string>();
  for (const { paths, how, call } of notebookUsage(notebook)) {
    for (const path of paths) {
      if (!path.includes("()")) {
        const name = path.replace(":", ".");
        used.add(name);
        for (const keyword of call?.keywords ?? []) used.add(`${name}(${keyword}=)`);
      }
      if (how === "import") used.add(path.split(".", 1)[0]!);
    }
  }
  const byModule = new Map<string, string[]>();
  for (const path of [...used].sort()) {
    const [top = ""] = path.split(/[.(]/, 1);
    const names = byModule.get(top) ?? [];
    names.push(path);
    byModule.set(top, names);
  }
  return Object.fromEntries(byModule);
}
