import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Conversion, convertNotebook, metadataRequirements, parseNotebook } from "@thoth/notebook";
import { notebookOf } from "./notebook-text.ts";

function converted(cells: readonly string[], metadata = {}): Conversion & { sources: string[] } {
  const conversion = convertNotebook(parseNotebook(notebookOf(cells, { metadata })), {
    pythonVersion: "3.12",
  });
  return { ...conversion, sources: parseNotebook(conversion.bytes).cells.map(({ source }) => source) };
}

function pipfile(conversion: Conversion): Record<string, unknown> {
  return JSON.parse(parseNotebook(conversion.bytes).metadata["requirements"] as string);
}

describe("convert", () => {
  it("keeps every specifier, extra, marker and URL", () => {
    const line =
      '%pip install -q "pandas[excel]>=1.0,<3" numpy==1.26.4 \'foo; python_version < "3.9"\' git+https://x.example/o/r.git@v1#egg=r';
    const found = converted([line]);
    assert.deepEqual(pipfile(found)["packages"], {
      foo: { version: "*", markers: 'python_version < "3.9"' },
      numpy: "==1.26.4",
      pandas: { version: "<3,>=1.0", extras: ["excel"] },
      r: { git: "https://x.example/o/r.git", ref: "v1" },
    });
    assert.deepEqual(found.sources, [`# ${line}`]);
    const read = metadataRequirements(parseNotebook(found.bytes).metadata)!;
    assert.equal(read.requirements.length, 4);
    assert.deepEqual(read.warnings, []);
  });

  it("keeps indexes, pre-releases and trusted hosts", () => {
    const found = converted([
      "!pip install --index-url https://u:p@a.example/simple --extra-index-url http://b.example:8080/s --trusted-host b.example --pre foo",
    ]);
    assert.deepEqual(pipfile(found)["source"], [
      { url: "https://u:p@a.example/simple", verify_ssl: true, name: "a-example" },
      { url: "http://b.example:8080/s", verify_ssl: false, name: "b-example" },
    ]);
    assert.deepEqual(pipfile(found)["pipenv"], { allow_prereleases: true });
  });

  it("leaves what it cannot say as it is, with a reason", () => {
    const cells = [
      "!pip install foo=={v}",
      "!pip install -r requirements.txt",
      "!apt-get update && pip install foo",
      "!pip install --no-deps foo",
      "!pip install -e ./here",
      "if x:\n    !pip install foo",
      "out = !pip install foo",
      "import os\nos.system('pip install foo')",
      "!pip install 'a; os_name==\"nt\"' 'a>2; os_name!=\"nt\"'",
      "!pip install --find-links https://x.example/ foo",
    ];
    const found = converted(cells);
    assert.deepEqual(found.sources, cells);
    assert.equal(found.kept.length, cells.length);
    assert.deepEqual(found.converted, []);
  });

  it("returns the same bytes where nothing is to convert", () => {
    const bytes = notebookOf(["import numpy", "!ls"]);
    assert.equal(convertNotebook(parseNotebook(bytes), { pythonVersion: "3.12" }).bytes, bytes);
  });

  it("comments continued lines, shell cells and blocks", () => {
    const found = converted([
      "%%time\n!pip install a \\\n    b\nx = 1",
      "%%bash\npip install c\nls",
      "for i in x:\n    pass\n\n  %pip install d",
      "pip install e",
    ]);
    assert.deepEqual(found.sources, [
      "%%time\n# !pip install a \\\n    # b\nx = 1",
      "%%bash\n# pip install c\nls",
      "for i in x:\n    pass\n\n  pass  # %pip install d",
      "# pip install e",
    ]);
    assert.deepEqual(found.requirements, ["a", "b", "c", "d", "e"]);
  });

  it("adds to what the metadata hold, and that is the stronger", () => {
    const requirements = JSON.stringify({
      packages: { foo: { version: ">=2", index: "own" } },
      source: [{ url: "https://own.example/s", name: "own", verify_ssl: true }],
      requires: { python_version: "3.9" },
      other: 1,
    });
    const found = converted(["!pip install foo==1 bar"], { requirements, kernelspec: { name: "python3" } });
    assert.deepEqual(pipfile(found), {
      packages: { foo: { version: ">=2", index: "own" }, bar: "*" },
      source: [{ url: "https://own.example/s", name: "own", verify_ssl: true }],
      requires: { python_version: "3.9" },
      other: 1,
      "dev-packages": {},
    });
    assert.equal(found.warnings.length, 1);
  });

  it("changes no byte but the comment signs and the metadata key", () => {
    const text =
      '{"cells": [{"cell_type":"code","metadata":{},"outputs":[],"execution_count":null,\r\n "source": ["\\u0078 = \\"\\ud83d\\ude00é😀\\"\\n","\\t!pip install foo\\r\\n", "", "y"]}],\r\n "metadata" : {"a":1},"nbformat":4,"nbformat_minor":2, "extra": 1.0e3}';
    const { bytes } = convertNotebook(parseNotebook(text), { pythonVersion: "3.12" });
    const expected = text
      .replace("\\t!pip", "\\tpass  # !pip")
      .replace(
        '{"a":1}',
        (old) =>
          `${old.slice(0, -1)},"requirements":${JSON.stringify(JSON.stringify(pipfile({ bytes } as Conversion)))}}`,
      );
    assert.equal(new TextDecoder().decode(bytes), expected);
  });
});
