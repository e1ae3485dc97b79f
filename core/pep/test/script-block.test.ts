import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRequirement } from "../src/requirement.ts";
import {
  findScriptBlocks,
  formatScriptMetadata,
  parseScriptMetadata,
  replaceScriptBlock,
} from "../src/script-block.ts";
import { parseSpecifiers } from "../src/specifier.ts";
import { failureOf } from "./failure.ts";

const script = `#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "requests<3",
#
#   "rich",
# ]
#
# [tool.x]
# a = 1
# ///
import requests
`;

test("the block of a script says what it needs", () => {
  const metadata = parseScriptMetadata(script)!;
  assert.deepEqual(metadata.dependencies.map(formatRequirement), ["requests<3", "rich"]);
  assert.equal(metadata.requiresPython!.text, ">=3.11");
  assert.deepEqual({ ...(metadata.tool!["x"] as object) }, { a: 1 });
  assert.deepEqual(parseScriptMetadata(script.replaceAll("\n", "\r\n"))!.dependencies, metadata.dependencies);
  assert.deepEqual(
    parseScriptMetadata(`\ufeff${script.slice(script.indexOf("# ///"))}`)!.dependencies.length,
    2,
  );
  assert.equal(parseScriptMetadata("import requests\n"), undefined);
});

test("where a block begins and ends", () => {
  const types = (text: string) => findScriptBlocks(text).map(({ type, content }) => [type, content]);
  // The last sign of an unbroken comment closes.
  assert.deepEqual(types("# /// a\n# x\n# ///\n# y\n# ///\n# z\n"), [["a", "x\n///\ny\n"]]);
  assert.deepEqual(types("# /// a\n# x\n#y\n# ///"), []);
  assert.deepEqual(types("# /// a\n# x\n\n# ///"), []);
  assert.deepEqual(types("# /// a\n# ///"), []);
  assert.deepEqual(types("# /// a\n#\n# ///"), [["a", "\n"]]);
  assert.deepEqual(types("# /// a\n# x\n\n# /// b\n# y\n# ///"), [["b", "y\n"]]);
  assert.deepEqual(types("# /// a_b\n# x\n# ///"), []);
  assert.deepEqual(types("  # /// a\n# x\n# ///"), []);
  const [block] = findScriptBlocks(script);
  assert.equal(block!.line, 2);
  assert.equal(script.slice(block!.start, block!.start + 12), "# /// script");
  assert.equal(script.slice(block!.end - 5, block!.end + 1), "# ///\n");
});

test("what is wrong with a block", () => {
  const failure = (text: string) => failureOf(() => parseScriptMetadata(text));
  const block = (content: string) => `#!\n\n# /// script\n${content}\n# ///\n`;
  const twice = failure(`${block("# a = 1")}\n${block("# b = 1")}`);
  assert.equal(twice.code, "invalid-project");
  assert.equal(twice.details!["line"], 9);
  const toml = failure(block("# a = 1\n# b = ["));
  assert.equal(toml.code, "invalid-project");
  assert.ok([5, 6].includes(toml.details!["line"] as number));
  assert.equal(failure(block("# a = 1")).details!["path"], "a");
  assert.equal(failure(block('# dependencies = ["a", "b!"]')).details!["path"], "dependencies[1]");
  assert.equal(failure(block('# dependencies = "a"')).details!["path"], "dependencies");
  assert.equal(failure(block('# requires-python = ">=x"')).details!["path"], "requires-python");
});

test("a block is replaced, and nothing else changes", () => {
  const content = formatScriptMetadata({
    requiresPython: parseSpecifiers(">=3.12"),
    dependencies: ["numpy>=2", 'pywin32; sys_platform == "win32"'],
    tool: { y: { b: "c" } },
  });
  const written = replaceScriptBlock(script, content);
  assert.ok(written.startsWith("#!/usr/bin/env python3\n# /// script\n"));
  assert.ok(written.endsWith("# ///\nimport requests\n"));
  const read = parseScriptMetadata(written)!;
  assert.deepEqual(read.dependencies.map(formatRequirement), [
    "numpy>=2",
    'pywin32; sys_platform == "win32"',
  ]);
  assert.equal(read.requiresPython!.text, ">=3.12");
  assert.equal(replaceScriptBlock(written, content), written);
});

test("a new block comes behind the shebang and the coding comment", () => {
  const added = (text: string) => replaceScriptBlock(text, "a = 1\n");
  const block = "# /// script\n# a = 1\n# ///\n";
  assert.equal(added(""), block);
  assert.equal(added("import x\n"), `${block}import x\n`);
  assert.equal(added("#!/bin/python"), `#!/bin/python\n${block}`);
  assert.equal(added("#!p\n# coding: utf-8\n# c\n"), `#!p\n# coding: utf-8\n${block}\n# c\n`);
  assert.equal(added("#!p\r\nimport x\r\n"), `#!p\r\n${block.replaceAll("\n", "\r\n")}import x\r\n`);
  assert.equal(added("\ufeffimport x\n"), `\ufeff${block}import x\n`);
  assert.equal(failureOf(() => replaceScriptBlock("", "a = 1\n", "no_type")).code, "invalid-project");
});

test("what is written is read", () => {
  const line = fc.oneof(
    fc.constantFrom("", "///", "# ///", "/// script", " x", "a = 1", "# /// script"),
    fc.string().map((text) => text.replace(/[\r\n]/g, "")),
  );
  const head = fc.array(fc.constantFrom("#!x", "# c", "#", "import x", "", "# coding: latin-1"), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(head, fc.array(line, { minLength: 1, maxLength: 6 }), (before, lines) => {
      const content = `${lines.join("\n")}\n`;
      const text = before.join("\n");
      let written: string;
      try {
        written = replaceScriptBlock(text, content);
      } catch (error) {
        return (error as { code?: string }).code === "invalid-project";
      }
      const blocks = findScriptBlocks(written);
      return (
        blocks.length === 1 &&
        blocks[0]!.content === content &&
        replaceScriptBlock(written, content) === written
      );
    }),
    { numRuns: 500 },
  );
});
