// Which packages define a class, by the sources in an environment.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { classOwners } from "../src/class-owner.ts";

const root = mkdtempSync(join(tmpdir(), "thoth-class-"));
after(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

const module = (name: string, ...tops: readonly string[]) => ({ package: name, tops, principal: tops });
const modules = [
  module("engines", "engines"),
  module("single", "single"),
  module("other", "other"),
  module("linked", "linked"),
];

test("a class has the packages that define it, and not those that name, test or import it", async () => {
  write("engines/__init__.py", "from .deep.base import OptionEngine\n");
  write("engines/deep/base.py", "x = 1\n\nclass OptionEngine(Base):\n    pass\n");
  write("single.py", "def make():\n    class OptionEngine:\n        pass\n    return OptionEngine\n");
  write("other/__init__.py", "from engines import OptionEngine\nclass OptionEngineer: pass\n");
  write("other/tests/test_it.py", "class OptionEngine: pass\n");
  write("nobody.py", "class OptionEngine: pass\n");
  write("elsewhere/deep.py", "class OptionEngine: pass\n");
  symlinkSync(join(root, "elsewhere"), join(root, "linked"));
  assert.deepEqual(await classOwners("OptionEngine", root, modules), ["engines", "single"]);
  assert.deepEqual(await classOwners("Absent", root, modules), []);
  assert.deepEqual(await classOwners("a|b", root, modules), []);
});

test("a file that is too large is not read", async () => {
  write("engines/large.py", `${"#".repeat(3 << 20)}\nclass Large:\n    pass\n`);
  assert.deepEqual(await classOwners("Large", root, modules), []);
});
