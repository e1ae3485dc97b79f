// Notebooks made to break their reader: each has a code or is read, in time that grows with its size.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { convertNotebook, discover, editMetadata, parseNotebook } from "@thoth/notebook";
import fc from "fast-check";
import { parse as readYaml } from "yaml";
import { notebookOf } from "./notebook-text.ts";

const CONTEXT = { pythonVersion: "3.12", isLocalModule: () => false };

function documentOf(cells: string, rest = '"metadata":{},"nbformat":4,"nbformat_minor":4'): string {
  return `{"cells":[${cells}],${rest}}`;
}

describe("refused with a code", () => {
  const cases: [string, string, string][] = [
    ["nothing", "", "invalid-notebook"],
    ["no object", "[]", "invalid-notebook"],
    ["cut off", '{"cells":[', "invalid-notebook"],
    ["100,000 levels", documentOf("", `"x":${"[".repeat(100_000)}${"]".repeat(100_000)}`), "limit-exceeded"],
    [
      "a source that is a number",
      documentOf('{"cell_type":"code","metadata":{},"outputs":[],"source":7}'),
      "invalid-notebook",
    ],
    [
      "a source that holds an object",
      documentOf('{"cell_type":"code","metadata":{},"outputs":[],"source":[{}]}'),
      "invalid-notebook",
    ],
    [
      "cells that are a text",
      '{"cells":"x","metadata":{},"nbformat":4,"nbformat_minor":4}',
      "invalid-notebook",
    ],
    ["metadata that are a list", documentOf("", '"metadata":[],"nbformat":4'), "invalid-notebook"],
    ["no format", '{"cells":[],"metadata":{}}', "invalid-notebook"],
    ["format 5", '{"cells":[],"metadata":{},"nbformat":5}', "invalid-notebook"],
    ["half a surrogate pair", documentOf("", '"a":"\ud800"'), "invalid-notebook"],
    [
      "another language",
      documentOf(
        "",
        '"metadata":{"kernelspec":{"name":"ir","language":"R"}},"nbformat":4,"nbformat_minor":4',
      ),
      "unsupported-language",
    ],
  ];
  for (const [name, text, code] of cases) it(name, () => assert.throws(() => parseNotebook(text), { code }));

  it("bytes that are no UTF-8", () => {
    assert.throws(() => parseNotebook(Uint8Array.of(0x7b, 0xff, 0x7d)), { code: "invalid-notebook" });
  });

  it("more bytes than the limit", () => {
    assert.throws(() => parseNotebook(documentOf(""), { maxBytes: 10 }), { code: "limit-exceeded" });
  });

  it("a million packages in the metadata", () => {
    const packages = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`p${at}`, "*"]));
    const notebook = parseNotebook(notebookOf([], { metadata: { requirements: { packages } } }));
    assert.throws(() => discover(notebook, CONTEXT), { code: "limit-exceeded" });
  });
});

describe("read", () => {
  it("with a byte order mark, carriage returns and duplicate keys, and written back", () => {
    const text = `\ufeff${documentOf("", '"a":1,"a":2,\r\n"metadata":{\r\n "k": 1\r\n},"nbformat":4,"nbformat_minor":4')}\r\n`;
    const bytes = new TextEncoder().encode(text);
    const edited = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      editMetadata(parseNotebook(bytes), new Map([["z", [1]]])),
    );
    assert.equal(edited, text.replace('"k": 1\r\n', '"k": 1,\r\n "z": [\r\n  1\r\n ]\r\n'));
  });

  it("prototype keys are keys like others", () => {
    const notebook = parseNotebook(
      documentOf(
        "",
        '"__proto__":{"x":1},"metadata":{"__proto__":{"y":1},"constructor":2},"nbformat":4,"nbformat_minor":4',
      ),
    );
    assert.equal(({} as Record<string, unknown>)["y"], undefined);
    assert.deepEqual(Object.keys(notebook.metadata), ["__proto__", "constructor"]);
  });

  it("control characters of names reach no message raw", () => {
    const found = discover(
      parseNotebook(notebookOf(["!pip install 'a\u001b[31m' \u0000b", "import \u202ex"])),
      CONTEXT,
    );
    const text = JSON.stringify([found.skipped.map(({ reason }) => reason), found.warnings]);
    assert.doesNotMatch(text.replaceAll("\\\\u", "~"), /\\u00|\u202e/);
  });
});

describe("code that is made to be slow", () => {
  const size = 60_000;
  const cases: Record<string, string> = {
    brackets: `x=${"[".repeat(size)}${"]".repeat(size)}`,
    calls: "f(".repeat(size),
    chain: `a${".b()".repeat(size / 4)}`,
    names: `import ${"a,".repeat(size)}a`,
    magics: "%%time\n".repeat(size / 7),
    clauses: `!pip install a${">=1,".repeat(size / 4)}`,
    continued: `%%bash\n${"pip install \\\n".repeat(size / 14)}`,
    handlers: `try:\n import a\n${"except ImportError:\n import b\n".repeat(size / 30)}`,
    branches: `if a:\n import b\n${"elif c:\n import d\n".repeat(size / 18)}`,
    nested: Array.from(
      { length: 400 },
      (_, at) => `${" ".repeat(at)}try:\n${" ".repeat(at + 1)}import a${at}`,
    ).join("\n"),
    url: `!pip install git+https://${"a/".repeat(size)}`,
    quotes: "'".repeat(size),
    signs: "-".repeat(size),
  };
  for (const [name, source] of Object.entries(cases)) {
    it(name, { timeout: 20_000 }, () => {
      const notebook = parseNotebook(notebookOf([source, "import numpy"]));
      assert.ok(discover(notebook, CONTEXT).requirements.includes("numpy"));
      convertNotebook(notebook, CONTEXT);
    });
  }
});

describe("laws", () => {
  const key = fc.stringMatching(/^[a-z"\\é]{1,6}$/);
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<never>;

  // A reader that is not V8's: JSON.parse takes an escaped key for another one that it read before.
  // https://github.com/nodejs/node/issues/63785
  function readJson(text: string): unknown {
    return readYaml(text, { schema: "json", uniqueKeys: false });
  }

  it("an edit changes its keys and nothing else", () => {
    const shape = fc.record({
      metadata: fc.dictionary(key, value),
      indent: fc.constantFrom(undefined, 1, 2, "\t"),
      edits: fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(shape, ({ metadata, indent, edits }) => {
        const document = { cells: [], metadata, nbformat: 4, nbformat_minor: 5, é: [1.5, "x"] };
        const wanted = new Map(Object.entries(metadata) as [string, unknown][]);
        for (const [name, each] of new Map(edits))
          each === undefined ? wanted.delete(name) : wanted.set(name, each);
        const bytes = editMetadata(JSON.stringify(document, null, indent), new Map(edits));
        const written = readJson(new TextDecoder().decode(bytes)) as typeof document;
        assert.deepEqual({ ...written, metadata: null }, { ...document, metadata: null });
        assert.deepEqual(
          Object.entries(written.metadata),
          Object.entries(readJson(JSON.stringify(Object.fromEntries(wanted))) as Record<string, unknown>),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("sources are read as JSON says, as a text or a list", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 }),
        fc.boolean(),
        (lines, asList) => {
          const source = JSON.stringify(asList ? lines : lines.join(""));
          const notebook = parseNotebook(
            documentOf(`{"cell_type":"code","metadata":{},"outputs":[],"source":${source}}`),
          );
          assert.equal(notebook.cells[0]!.source, lines.join(""));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("discovering and converting any text ends well", () => {
    const word = fc.constantFrom(
      "import ",
      "from ",
      "a",
      ".",
      "numpy",
      "\n",
      " ",
      "%%",
      "!",
      "pip install ",
      "{x}",
      "'",
      '"""',
      "(",
      ")",
      "try:",
      "except:",
      "if ",
      ":",
      "\\\n",
      "#",
      "/// script",
      "=",
      ">",
      "é",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 30 }), { maxLength: 3 }), (cells) => {
        const notebook = parseNotebook(notebookOf(cells.map((words) => words.join(""))));
        discover(notebook, CONTEXT);
        parseNotebook(convertNotebook(notebook, CONTEXT).bytes);
      }),
      { numRuns: 500 },
    );
  });
});
