// What is read of environments, logs and indicators, without running anything.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { assert as holds, property, string } from "fast-check";
import { loadIndicators, ownIndicators, parseIndicator } from "../src/indicators.ts";
import { modulesOf } from "../src/installed-modules.ts";
import { parseAnswer } from "../src/run-check.ts";
import { traceFailure } from "../src/trace-failure.ts";

function record(...paths: readonly string[]): string {
  return paths.map((path) => `${path},sha256=x,1`).join("\n");
}

describe("modules of a package", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["numpy", ["numpy/__init__.py", "numpy/core/__init__.py", "numpy.libs/libopenblas.so"], ["numpy"]],
    ["python-dateutil", ["dateutil/__init__.py", "dateutil/tz/__init__.py"], ["dateutil"]],
    ["pillow", ["PIL/__init__.py", "PIL/Image.py"], ["PIL"]],
    ["six", ["six.py", "../../../bin/six"], ["six"]],
    ["orjson", ["orjson/orjson.cpython-311-x86_64-linux-gnu.so", "orjson/__init__.py"], ["orjson"]],
    ["ujson", ["ujson.cpython-311-x86_64-linux-gnu.so"], ["ujson"]],
    ["cffi", ["_cffi_backend.cpython-311-x86_64-linux-gnu.so", "cffi/__init__.py"], ["cffi"]],
    ["protobuf", ["google/protobuf/__init__.py", "google/protobuf/any_pb2.py"], ["google.protobuf"]],
    ["setuptools", ["setuptools/__init__.py", "pkg_resources/__init__.py"], ["setuptools"]],
    ["odd", ["tests/__init__.py", "odd_one/__init__.py", "docs/conf.py"], ["odd_one"]],
    ["types-six", ["six-stubs/__init__.pyi"], []],
    ["attrs", ["attr/__init__.py", "attrs/__init__.py"], ["attrs"]],
  ];
  for (const [name, paths, expected] of cases)
    test(name, () => {
      assert.deepEqual(modulesOf(name, record(...paths)).principal, expected);
    });

  test("any text is read", () => {
    holds(property(string({ unit: "binary", maxLength: 300 }), (text) => void modulesOf("x", text)));
  });
});

describe("a failure is traced", () => {
  const modules = ["numpy", "pandas", "scipy", "sklearn"].map((name) => ({
    package: name === "sklearn" ? "scikit-learn" : name,
    tops: [name],
    principal: [name],
  }));
  const frame = (path: string) =>
    `  File "<environment>/lib/python3.11/site-packages/${path}", line 1, in x\n    y\n`;
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "a layout that changed",
      `Traceback (most recent call last):\n${frame("pandas/__init__.py")}${frame("pandas/_libs/interval.py")}ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject`,
      ["pandas", "numpy"],
    ],
    [
      "a name that is gone",
      `Traceback (most recent call last):\n${frame("sklearn/base.py")}${frame("numpy/__init__.py")}AttributeError: module 'numpy' has no attribute 'float'`,
      ["numpy"],
    ],
    [
      "a module that is gone",
      `Traceback (most recent call last):\n${frame("sklearn/x.py")}ModuleNotFoundError: No module named 'scipy.misc'`,
      ["scikit-learn", "scipy"],
    ],
    [
      "the program's own fault",
      'Traceback (most recent call last):\n  File "/thoth/run.py"\nKeyError: 1',
      [],
    ],
    [
      "a crash, innermost first",
      `Fatal Python error: Segmentation fault\n\nCurrent thread 0x1:\n${frame("scipy/linalg/x.py")}${frame("sklearn/y.py")}`,
      ["scipy"],
    ],
  ];
  for (const [what, log, packages] of cases)
    test(what, () => {
      assert.deepEqual(traceFailure(log, modules).packages, packages);
    });

  test("any text is read", () => {
    holds(
      property(string({ maxLength: 500 }), (log) => {
        assert.ok(traceFailure(log, modules).symptom.length <= 300);
      }),
    );
  });
});

describe("indicators", () => {
  test("those that come along are whole: they compile, and measure what they say", async () => {
    const indicators = await loadIndicators([ownIndicators()]);
    assert.deepEqual([...indicators.keys()], readdirSync(ownIndicators()).sort());
    for (const { name, script, metrics } of indicators.values()) {
      const program = "import sys; compile(sys.stdin.read(), 'run.py', 'exec')";
      const compiled = spawnSync("python3", ["-c", program], { input: script, encoding: "utf8" });
      assert.equal(compiled.status, 0, `${name}: ${compiled.stderr}`);
      for (const metric of metrics.keys())
        assert.ok(script.includes(`"${metric}"`), `${name} tells ${metric}`);
    }
  });

  for (const name of ["json-stdlib", "regex-stdlib", "import-time"])
    test(`${name} runs with Python alone`, async () => {
      const indicator = (await loadIndicators([ownIndicators()])).get(name)!;
      const variables = { PATH: process.env["PATH"], THOTH_WARMUP: "1", THOTH_REPETITIONS: "3" };
      for (const clock of ["wall", "processor"]) {
        const options = {
          input: indicator.script,
          encoding: "utf8",
          env: { ...variables, THOTH_CLOCK: clock },
        } as const;
        const done = spawnSync("python3", ["-I", "-"], options);
        const answer = parseAnswer(done.stdout, indicator);
        assert.ok(answer, done.stderr);
        for (const values of answer.values()) assert.equal(values.length, 3);
      }
    });

  const good =
    "summary: s\npackages: [a]\nmetrics: {m: {unit: ms, higher-is-better: false}}\nparameters: {SIZE: '1'}\n";
  const bad: Readonly<Record<string, string>> = {
    "no YAML": "a: [",
    "a list": "- a",
    "no summary": good.replace("summary: s\n", ""),
    "packages that are no names": good.replace("[a]", "['../x']"),
    "no metric": good.replace(/metrics.*\n/, "metrics: {}\n"),
    "a metric without unit": good.replace("unit: ms, ", ""),
    "a parameter that is a number": good.replace("'1'", "1"),
    "a parameter of ours": good.replace("SIZE", "THOTH_WARMUP"),
    "a parameter that changes how programs start": good.replace("SIZE", "ld_preload"),
    hours: `${good}seconds: 100000\n`,
    aliases: "x: &x [1]\ny: [*x, *x]\n",
  };
  test("that are well written are read", () => {
    const indicator = parseIndicator({ folder: "/x/good-one", description: good, script: "" });
    assert.deepEqual([indicator.name, indicator.packages, indicator.seconds], ["good-one", ["a"], 120]);
  });
  for (const [what, description] of Object.entries(bad))
    test(`with ${what} are refused`, () => {
      assert.throws(
        () => parseIndicator({ folder: "/x/bad", description, script: "" }),
        (error: unknown) => error instanceof ThothError && error.code === "invalid-indicator",
      );
    });
  test("that are not there are refused", async () => {
    await assert.rejects(
      loadIndicators([join(ownIndicators(), "nowhere")]),
      (error: unknown) => error instanceof ThothError && error.code === "invalid-indicator",
    );
  });
});

test("programs are embedded as they are", async () => {
  const { generatedFile, renderPrograms } = await import("../tools/embed-programs.ts");
  assert.equal(readFileSync(generatedFile, "utf8"), renderPrograms());
});
