import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { libraryUsage, notebookUsage, parseNotebook } from "@thoth/notebook";
import { dataFolder, missingData } from "@thoth/testkit";
import { notebookOf } from "./notebook-text.ts";
import { readEntry, readOracle } from "./oracle.ts";

it("names mean what the imports make of them, from cell to cell", () => {
  const usage = libraryUsage(
    parseNotebook(
      notebookOf([
        "import numpy as np, pandas\nfrom PIL import Image\nfrom sklearn.datasets import (load_boston as boston)\nimport os.path",
        "x = np.zeros(3, dtype=np.float)\ny = pandas.io.json.json_normalize(x)\nImage.ANTIALIAS\nself.np.int",
        "%%bash\nnp.bool",
      ]),
    ),
  );
  assert.deepEqual(usage, {
    PIL: ["PIL.Image", "PIL.Image.ANTIALIAS"],
    numpy: ["numpy", "numpy.float", "numpy.zeros", "numpy.zeros(dtype=)"],
    os: ["os", "os.path"],
    pandas: ["pandas", "pandas.io", "pandas.io.json", "pandas.io.json.json_normalize"],
    sklearn: ["sklearn.datasets.load_boston"],
  });
});

it("real notebooks: every use stands where it is said to", { skip: missingData("notebooks") }, () => {
  const folder = join(dataFolder(), "notebooks");
  let uses = 0;
  for (const entry of readOracle(folder).filter(({ verdict }) => verdict === "ok")) {
    const notebook = readEntry(folder, entry);
    const sources = new Map(notebook.cells.map(({ index, source }) => [index, source.split(/\r\n?|\n/)]));
    for (const { paths, how, cell, line } of notebookUsage(notebook)) {
      const text = sources.get(cell)?.[line];
      assert.ok(text !== undefined, `${entry.file} ${cell}:${line}`);
      if (how !== "read") continue;
      uses++;
      assert.ok(
        paths.some((path) => text.includes(path.split(/[.:]/).at(-1)!)),
        `${entry.file} ${cell}:${line} ${paths.join()}`,
      );
    }
  }
  assert.ok(uses > 100, String(uses));
});
