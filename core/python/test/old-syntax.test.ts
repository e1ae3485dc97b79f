import assert from "node:assert/strict";
import { test } from "node:test";
import { oldSyntax } from "@thoth/python";

const told = (text: string): string[] =>
  oldSyntax(text).map(({ line, what, since }) => `${line} ${since} ${what}`);

test("forms of Python 2", () => {
  assert.deepEqual(told("x = 1\nprint x\n"), ["1 3.0 `print` as a statement"]);
  assert.deepEqual(told("print >>f, x\n"), ["0 3.0 `print` as a statement"]);
  assert.deepEqual(told("try:\n  x\nexcept ValueError, e:\n  pass\n"), ["2 3.0 `except Error, name`"]);
  assert.deepEqual(told("raise KeyError, 'a'\n"), ["0 3.0 `raise Error, text`"]);
  assert.deepEqual(told("if a <> b: pass\n"), ["0 3.0 `<>`"]);
});

test("names that became keywords", () => {
  assert.deepEqual(told("def f(async=1): pass\n"), ["0 3.7 `async` as a name"]);
  assert.deepEqual(told("await = 2\n"), ["0 3.7 `await` as a name"]);
});

test("nothing in what Python takes, in texts and comments, and in what is broken otherwise", () => {
  for (const text of [
    "print(x)\n",
    "async def f():\n    async with g() as y:\n        await h()\n    return [i async for i in z]\n",
    "# print x, async = 3\ns = 'a <> b'\n",
    "except_, raise_ = 1, 2\n",
    "def f(:\n",
    "asyncio.run(f())\n",
    "(".repeat(2000),
  ])
    assert.deepEqual(told(text), [], text.slice(0, 80));
});
