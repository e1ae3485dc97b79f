import assert from "node:assert/strict";
import { it } from "node:test";
import { libraryUsage, parseNotebook } from "@thoth/notebook";
import { notebookOf } from "./notebook-text.ts";

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
    numpy: ["numpy", "numpy.float", "numpy.zeros"],
    os: ["os", "os.path"],
    pandas: ["pandas", "pandas.io", "pandas.io.json", "pandas.io.json.json_normalize"],
    sklearn: ["sklearn.datasets.load_boston"],
  });
});
