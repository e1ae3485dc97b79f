// The repository's own checks find what they are for.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { checkArrows } from "../check/arrows.ts";
import { checkCycles, findCycles } from "../check/cycles.ts";
import { findImports, type Module, resolveRelative } from "../check/modules.ts";
import { checkPurity, checkSizes } from "../check/text-rules.ts";

const root = mkdtempSync(join(tmpdir(), "thoth-check-"));
after(() => rmSync(root, { recursive: true, force: true }));

function moduleOf(path: string, ...specifiers: readonly string[]): Module {
  return { path, lines: 1, imports: specifiers.map((specifier, index) => ({ specifier, line: index + 1 })) };
}

describe("imports", () => {
  it("are found in every form, and not in comments", () => {
    const text = [
      'import { a } from "./a.ts";',
      "import type {",
      "  B,",
      '} from "./b.ts";',
      'import "./c.ts";',
      'export * from "./d.ts";',
      'const e = await import("./e.ts");',
      '// import { f } from "./f.ts";',
      'const g = "from a";',
    ].join("\n");
    assert.deepEqual(
      findImports(text).map(({ specifier, line }) => [specifier, line]),
      [
        ["./a.ts", 1],
        ["./b.ts", 2],
        ["./c.ts", 5],
        ["./d.ts", 6],
        ["./e.ts", 7],
      ],
    );
    assert.equal(resolveRelative("core/pep/src/a/b.ts", "../c.ts"), "core/pep/src/c.ts");
  });
});

describe("arrows", () => {
  for (const home of ["core/pep", "core/solver", "io/index", "io/store"]) {
    mkdirSync(join(root, home), { recursive: true });
    writeFileSync(join(root, home, "package.json"), '{"dependencies":{"undici":"8"}}');
  }
  writeFileSync(join(root, "package.json"), "{}");
  const allowed: readonly Module[] = [
    moduleOf("io/index/src/a.ts", "@thoth/adviser", "undici", "node:fs", "./b.ts"),
    moduleOf("core/pep/test/a.test.ts", "@thoth/testkit", "fast-check", "../src/a.ts"),
    moduleOf("tools/a.ts", "../core/pep/test/a.ts"),
  ];
  const refused: readonly Module[] = [
    moduleOf("core/pep/src/a.ts", "@thoth/knowledge"),
    moduleOf("core/solver/src/a.ts", "@thoth/pep"),
    moduleOf("io/index/src/a.ts", "@thoth/store"),
    moduleOf("io/index/src/a.ts", "@thoth/pep/src/version.ts"),
    moduleOf("io/index/src/a.ts", "../../../core/pep/src/version.ts"),
    moduleOf("io/index/src/a.ts", "got"),
    moduleOf("io/index/src/a.ts", "../test/a.ts"),
    moduleOf("core/pep/src/a.ts", "@thoth/testkit"),
    moduleOf("core/novel/src/a.ts"),
  ];
  it("let through what the table names", () => assert.deepEqual(checkArrows(allowed, root), []));
  for (const module of refused) {
    it(`stop ${module.path} → ${module.imports[0]?.specifier ?? "nothing"}`, () => {
      assert.equal(checkArrows([module], root).length, 1);
    });
  }
});

describe("cycles", () => {
  it("are found through packages and types", () => {
    const modules = [
      moduleOf("core/pep/src/index.ts", "./a.ts"),
      moduleOf("core/pep/src/a.ts", "./b.ts"),
      moduleOf("core/pep/src/b.ts", "@thoth/pep"),
      moduleOf("core/pep/src/c.ts", "./a.ts"),
    ];
    assert.equal(checkCycles(modules).length, 1);
  });

  it("are told apart", () => {
    const edges = new Map([
      ["a", ["b"]],
      ["b", ["a", "c"]],
      ["c", ["d"]],
      ["d", ["e"]],
      ["e", ["c"]],
      ["f", ["f", "a"]],
      ["g", ["a"]],
    ]);
    const found = findCycles(edges).map((cycle) => cycle.toSorted().join(""));
    assert.deepEqual(found.toSorted(), ["ab", "cde", "f"]);
  });

  it("need no stack", () => {
    const length = 100_000;
    const edges = new Map(
      Array.from({ length }, (_, at) => [String(at), [String((at + 1) % length)]] as const),
    );
    assert.equal(findCycles(edges)[0]?.length, length);
  });
});

describe("texts", () => {
  it("of core touch no clock, no chance and no files", () => {
    mkdirSync(join(root, "core/pep/src"), { recursive: true });
    writeFileSync(
      join(root, "core/pep/src/a.ts"),
      'const a = Math.random();\nconst b = "Math.random()";\n// Date.now()\n',
    );
    const found = checkPurity([moduleOf("core/pep/src/a.ts", "node:fs", "node:crypto")], root);
    assert.equal(found.length, 2);
  });

  it("are not too long", () => {
    assert.equal(checkSizes([{ path: "a.ts", imports: [], lines: 601 }]).length, 1);
    assert.equal(checkSizes([{ path: "a.ts", imports: [], lines: 600 }]).length, 0);
  });
});
