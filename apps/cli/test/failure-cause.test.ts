// Whether versions may be to blame, by what IPython says of a failed cell.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Use } from "@thoth/python";
import { type Cause, causeOf, classIn } from "../src/heal/failure-cause.ts";

const modules = [
  { package: "numpy", tops: ["numpy"], principal: ["numpy"] },
  { package: "pandas", tops: ["pandas"], principal: ["pandas"] },
  { package: "scikit-learn", tops: ["sklearn"], principal: ["sklearn"] },
];
const frame = (path: string, line: number, name: string) =>
  `File ~/env/lib/python3.11/site-packages/${path}:${line}, in ${name}`;

interface Told {
  readonly name: string;
  readonly value: string;
  readonly frames?: readonly string[];
  readonly uses?: readonly string[];
  readonly definers?: readonly string[];
  /** What the cell before uses. */
  readonly before?: readonly string[];
  readonly code?: string;
}

function judge({ name, value, frames = [], uses = [], definers = [], before = [], code = "" }: Told): Cause {
  const usesIn = (cell: number, paths: readonly string[]) =>
    paths.map((path): Use => ({ paths: [path], how: "read", cell, line: 0 }));
  const traceback = [
    "-----",
    `${name}                 Traceback (most recent call last)`,
    "Cell In[2], line 1",
    ...frames,
    `${name}: ${value}`,
  ].join("\n");
  return causeOf({
    failure: { cell: 1, name, value, traceback },
    traceback,
    modules,
    uses: [...usesIn(0, before), ...usesIn(1, uses)],
    definers,
    code,
  });
}

describe("the cause of a failure", () => {
  it("is a version where a name of a package is not there", () => {
    const cause = judge({
      name: "AttributeError",
      value: "module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias",
      frames: [frame("numpy/__init__.py", 305, "__getattr__(attr)")],
      uses: ["numpy:arange", "numpy:float"],
    });
    assert.deepEqual(cause, {
      kind: "versions",
      suspects: ["numpy"],
      named: 1,
      likely: true,
      inside: false,
      used: "numpy:float",
    });
  });

  it("is of the package that defines the class which another one calls in vain", () => {
    const value = "'OptionEngine' object has no attribute 'execute'";
    assert.equal(classIn(value), "OptionEngine");
    assert.equal(classIn("type object 'Engine' has no attribute 'run'"), "Engine");
    assert.equal(classIn("module 'numpy' has no attribute 'float'"), undefined);
    const told = {
      name: "AttributeError",
      value,
      frames: [frame("pandas/io/sql.py", 1405, "SQLDatabase.execute(self)")],
      uses: ["pandas:read_sql"],
      before: ["numpy:array"],
    };
    const cause = judge({ ...told, definers: ["scikit-learn"] });
    assert.ok(cause.kind === "versions");
    assert.deepEqual(cause.suspects, ["pandas", "scikit-learn", "numpy"]);
    assert.equal(cause.named, 2);
    // A class of many packages tells nothing, and what the cells before use comes last.
    const many = judge({ ...told, definers: ["numpy", "pandas", "scikit-learn"] });
    assert.ok(many.kind === "versions");
    assert.deepEqual([many.suspects, many.named], [["pandas", "numpy"], 1]);
  });

  it("is a pair where one package does not find what it wants of another", () => {
    const cause = judge({
      name: "ValueError",
      value:
        "numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88",
      frames: [
        frame("pandas/__init__.py", 22, "<module>"),
        frame("pandas/compat/__init__.py", 18, "<module>"),
        frame("pandas/_libs/interval.pyx", 1, "init pandas._libs.interval()"),
      ],
      uses: ["pandas"],
    });
    assert.equal(cause.kind, "versions");
    if (cause.kind !== "versions") return;
    assert.deepEqual(cause.suspects, ["pandas", "numpy"]);
    assert.deepEqual([cause.named, cause.likely, cause.inside], [2, true, true]);
  });

  it("is a version of what the cell uses where no frame names a package", () => {
    const cause = judge({
      name: "TypeError",
      value: "KMeans.__init__() got an unexpected keyword argument 'n_jobs'",
      uses: ["pandas:read_csv", "sklearn.cluster:KMeans"],
    });
    assert.equal(cause.kind, "versions");
    if (cause.kind !== "versions") return;
    assert.equal(cause.suspects[0], "scikit-learn");
    assert.equal(cause.used, "sklearn.cluster:KMeans");
  });

  for (const told of [
    { name: "NameError", value: "name 'x' is not defined", uses: ["numpy:array"] },
    { name: "SyntaxError", value: "invalid syntax" },
    { name: "AssertionError", value: "", uses: ["numpy:array"] },
    {
      name: "FileNotFoundError",
      value: "[Errno 2] No such file or directory: 'missing.csv'",
      frames: [frame("pandas/io/common.py", 863, "get_handle(path)")],
      uses: ["pandas:read_csv"],
    },
    { name: "ModuleNotFoundError", value: "No module named 'mine'", uses: ["mine"] },
    { name: "AttributeError", value: "'NoneType' object has no attribute 'shape'", uses: ["numpy:array"] },
    {
      name: "AttributeError",
      value: "'Model' object has no attribute 'fit'",
      uses: ["numpy:array"],
      code: "class Model:\n    pass\n",
    },
    {
      name: "TypeError",
      value: "load() got an unexpected keyword argument 'path'",
      uses: ["numpy:load"],
      code: "def load():\n    return numpy.zeros(3)\n",
    },
    { name: "ZeroDivisionError", value: "division by zero" },
  ] satisfies readonly Told[])
    it(`is the notebook's own for ${told.name}: ${told.value.slice(0, 40)}`, () => {
      assert.equal(judge(told).kind, "notebook");
    });

  it("may be a version, though not likely, where the code of a package raised it", () => {
    const cause = judge({
      name: "KeyError",
      value: "'missing'",
      frames: [frame("pandas/core/frame.py", 4102, "DataFrame.__getitem__(self, key)")],
      uses: ["pandas:read_csv().missing"],
    });
    assert.equal(cause.kind === "versions" && cause.likely, false);
    assert.deepEqual(cause.kind === "versions" && cause.suspects, ["pandas"]);
  });
});
