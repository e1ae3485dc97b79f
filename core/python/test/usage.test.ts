import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Use, usageOf } from "@thoth/python";

/** Uses of cells as lines of text: where, how, paths, arguments. */
function uses(...cells: readonly string[]): string[] {
  return usageOf(cells.map((text, cell) => ({ cell, text }))).map(told);
}

function told({ cell, line, how, paths, call, guarded }: Use): string {
  const given =
    call === undefined
      ? ""
      : ` (${[call.positionals, ...call.keywords, ...(call.open ? ["*"] : [])].join(", ")})`;
  return `${cell}:${line} ${how} ${paths.join(" | ")}${given}${guarded === true ? " guarded" : ""}`;
}

describe("imports and names", () => {
  it("names mean what imports make of them, from cell to cell", () => {
    assert.deepEqual(
      uses(
        "import numpy as np, pandas\nfrom PIL import Image as I",
        "np.float\npandas.io.json\nI.new",
        "self.np.int",
      ),
      [
        "0:0 import numpy",
        "0:0 import pandas",
        "0:1 from PIL:Image",
        "1:0 read numpy:float",
        "1:1 read pandas:io",
        "1:1 read pandas:io.json",
        "1:2 read PIL:Image.new",
      ],
    );
  });

  it("a plain import of a module in a package binds the package", () => {
    assert.deepEqual(uses("import os.path\nimport a.b as c\nos.path.join\nc.d"), [
      "0:0 import os.path",
      "0:1 import a.b",
      "0:2 read os:path",
      "0:2 read os:path.join",
      "0:3 read a.b:d",
    ]);
  });

  it("relative imports, stars and prose bind nothing that is known", () => {
    assert.deepEqual(uses("from .x import y\nfrom z import *\ny.a\nq.b"), ["0:1 import z"]);
  });

  it("an import further below counts for what stands above it", () => {
    assert.deepEqual(uses("np.zeros(3)", "import numpy as np"), [
      "0:0 call numpy:zeros (1)",
      "1:0 import numpy",
    ]);
  });
});

describe("calls and values", () => {
  it("arguments are counted", () => {
    assert.deepEqual(uses("from a import f\nf(1, x, *y, k=2, **z)\nf((i, k) for i, k in j)"), [
      "0:0 from a:f",
      "0:1 call a:f (2, k, *)",
      "0:2 call a:f (1)",
    ]);
  });

  it("what a call gives is followed through assignments and chains", () => {
    assert.deepEqual(
      uses("import pandas as pd\ndf = pd.DataFrame()\ndf.append(df).head(3)\na, b = df, 1\na.x\nb.x"),
      [
        "0:0 import pandas",
        "0:1 call pandas:DataFrame (0)",
        "0:2 call pandas:DataFrame().append (1)",
        "0:2 call pandas:DataFrame().append().head (1)",
        "0:4 read pandas:DataFrame().x",
      ],
    );
  });

  it("an item, a sum or a comprehension is not known, nor is what is bound anew", () => {
    assert.deepEqual(
      uses("import a\nx = a.f()\nx[0].g\n(x + 1).h\n[x.i for x in x.j]\nx = 1\nx.k\ndel a\na.l"),
      ["0:0 import a", "0:1 call a:f (0)", "0:4 read a:f().j"],
    );
  });

  it("ways through the code are joined", () => {
    assert.deepEqual(uses("import a, b\nif q: x = a.f()\nelse: x = b.g()\nx.h\nif q: x = 1\nx.i"), [
      "0:0 import a",
      "0:0 import b",
      "0:1 call a:f (0)",
      "0:2 call b:g (0)",
      "0:3 read a:f().h | b:g().h",
    ]);
  });

  it("in a loop a name is also what the end of the body makes of it", () => {
    assert.deepEqual(uses("import a\nx = a.f()\nfor i in j:\n    x.g\n    x = x.g()\n    i.h"), [
      "0:0 import a",
      "0:1 call a:f (0)",
      "0:3 read a:f().g | a:f().g().g",
      "0:4 call a:f().g | a:f().g().g (0)",
    ]);
    assert.deepEqual(uses("import a\nx = a.f()\nwhile q:\n    x.g\n    x = 1"), [
      "0:0 import a",
      "0:1 call a:f (0)",
    ]);
  });

  it("functions see what the module's names ever are; their own names hide them", () => {
    assert.deepEqual(
      uses(
        "import a\nx = a.f()\ndef g(a, y=x.d):\n    a.p\n    x.q\n    lambda x: x.r",
        "x = 1\nclass K(a.B):\n    @a.deco(1)\n    def m(self): a.s",
      ),
      [
        "0:0 import a",
        "0:1 call a:f (0)",
        "0:2 read a:f().d",
        "1:1 read a:B",
        "1:2 read a:deco",
        "1:3 read a:s",
      ],
    );
    assert.deepEqual(uses("import a\ndef f():\n    global a\n    a = 1\na.b"), [
      "0:0 import a",
      "0:4 read a:b",
    ]);
  });
});

describe("what is no use, or may be meant to fail", () => {
  it("checks and handlers guard what stands in them", () => {
    const code = [
      "import a",
      "try:\n    a.b\nexcept AttributeError:\n    a.c",
      "try: a.d\nfinally: a.e",
      "try: a.f\nexcept OSError: pass",
      "if hasattr(a, 'g'): a.g\nelse: a.h",
      "a.i if a.__version__ > '1' else a.j",
      "hasattr(a, 'k') and a.k",
      "with suppress(AttributeError): a.l",
      "with open('x'): a.m",
    ].join("\n");
    const found = uses(code);
    const guarded = found.filter((each) => each.endsWith("guarded")).map((each) => /a:(\w+)/.exec(each)![1]);
    const plain = found.filter((each) => !each.endsWith("guarded")).map((each) => /a:(\w+)/.exec(each)?.[1]);
    assert.deepEqual(guarded, ["b", "c", "g", "h", "i", "j", "k", "l"]);
    assert.deepEqual(plain, [undefined, "d", "e", "f", "__version__", "m"]);
  });

  it("what the code stores itself is not asked of the package", () => {
    assert.deepEqual(uses("import a\na.b = 1\na.b.c\nsetattr(a, 'd', 1)\na.d()\na.e"), [
      "0:0 import a",
      "0:5 read a:e",
    ]);
  });

  it("statements that are no Python 3 are doubtful, those beside them are not", () => {
    assert.deepEqual(uses("import a\nprint a.b, a.c)\na.d\nx = a.f(1., y=2.)"), [
      "0:0 import a",
      "0:1 read a:b guarded",
      "0:1 read a:c guarded",
      "0:2 read a:d",
      "0:3 call a:f (1, y)",
    ]);
  });
});

it("hostile code is read in bounds", () => {
  const deep = `${"a.f(".repeat(5000)}${")".repeat(5000)}`;
  const long = `import a\nx = a${".b".repeat(20_000)}\n`;
  const sum = `import a\nx = ${Array.from({ length: 20_000 }, () => "a.b").join(" + ")}`;
  const nested = `import a\n${Array.from({ length: 60 }, (_, depth) => `${" ".repeat(depth)}for i in a.x:`).join("\n")}\n${" ".repeat(60)}a.y`;
  for (const text of [deep, long, sum, nested, "import __proto__ as constructor\nconstructor.prototype"])
    assert.ok(usageOf([{ cell: 0, text }]).length <= 20_000);
});
