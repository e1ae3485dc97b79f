import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNotebook, pythonFindings, refuses } from "@thoth/notebook";
import { notebookOf } from "./notebook-text.ts";

const told = (...cells: readonly string[]): string[] =>
  pythonFindings(parseNotebook(notebookOf(cells))).map(
    ({ cell, line, what, since }) => `${cell} ${line} ${what} ${since}`,
  );

test("names that left the standard library, each once, where they are used first", () => {
  assert.deepEqual(told("import time\nt = time.clock()\n", "from fractions import gcd\ntime.clock()\n"), [
    "0 1 `time.clock` 3.8",
    "1 0 `fractions.gcd` 3.9",
  ]);
  assert.deepEqual(told("import imp\nimp.reload(x)\n"), ["0 0 `imp` 3.12"]);
  assert.deepEqual(told("import json\njson.loads(a, encoding='u')\njson.loads(a)\n"), [
    "0 1 `json.loads(encoding=)` 3.9",
  ]);
  assert.deepEqual(told("import threading\nthreading.Thread(target=f).isAlive()\n"), [
    "0 1 `threading.Thread().isAlive` 3.9",
  ]);
});

test("nothing of what may be meant to fail, of other names, and of magics", () => {
  assert.deepEqual(told("try:\n    import cgi\nexcept ImportError:\n    pass\n"), []);
  assert.deepEqual(told("import important\nimportant.imp\n", "%timeit x\n", "!print x\n"), []);
});

test("a Python refuses what left it or an older one", () => {
  const [finding] = pythonFindings(parseNotebook(notebookOf(["import imp\n"])));
  assert.ok(finding !== undefined);
  assert.deepEqual(
    ["3.9", "3.11", "3.12", "3.13"].map((python) => refuses(python, finding)),
    [false, false, true, true],
  );
});
