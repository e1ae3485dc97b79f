import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Notebook, parseNotebook, withFirstCell } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import { readEntry, readOracle } from "./oracle.ts";

const data = process.env["THOTH_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const folder = join(data, "notebooks");
const cell = { source: 'first("ä")\nsecond()\n', metadata: { tags: ["x"] } };
const isOurs = ({ source }: { readonly source: string }): boolean => source.startsWith("first(");
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("a first cell", () => {
  const documents = {
    indented:
      '{\n "cells": [\n  {\n   "cell_type": "code"%\n  }\n ],\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 5\n}\n',
    compact: '{"cells":[{"cell_type":"code"%}],"metadata":{},"nbformat":4,"nbformat_minor":5}',
    empty: '{\n  "cells": [],\n  "metadata": {},\n  "nbformat": 4,\n  "nbformat_minor": 4\n}\n',
  };
  const rest =
    ', "execution_count": null, "id": "first-cell", "metadata": {}, "outputs": [], "source": "old()"';
  for (const [name, document] of Object.entries(documents)) {
    it(`stands before the others in a document that is ${name}, and is replaced the next time`, () => {
      const text = document.replace("%", rest);
      const notebook = parseNotebook(text);
      const bytes = withFirstCell(notebook, cell, isOurs);
      const read = parseNotebook(bytes);
      assert.deepEqual(
        read.cells.map(({ source }) => source),
        ['first("ä")\nsecond()', ...notebook.cells.map(({ source }) => source)],
      );
      assert.equal(read.verdict, "ok");
      assert.equal(textOf(bytes).includes("\n"), text.includes("\n"));
      const again = withFirstCell(read, { ...cell, source: "first()" }, isOurs);
      assert.deepEqual(
        parseNotebook(again).cells.map(({ source }) => source),
        ["first()", ...notebook.cells.map(({ source }) => source)],
      );
      assert.deepEqual(parseNotebook(again).repaired, []);
    });
  }

  it("is indented as its neighbours are", () => {
    const text = documents.indented.replace("%", rest.replaceAll(", ", ",\n   "));
    const lines = textOf(withFirstCell(parseNotebook(text), cell, isOurs)).split("\n");
    assert.equal(lines[2], "  {");
    assert.equal(lines[3], '   "cell_type": "code",');
    assert.equal(
      lines.find((line) => line.includes("first-cell-2")),
      '   "id": "first-cell-2",',
    );
  });

  it("leaves every other byte of real notebooks as it is", {
    skip: existsSync(folder) ? false : "notebooks is not in the folder that THOTH_DATA names",
  }, () => {
    let count = 0;
    for (const entry of readOracle(folder)) {
      let notebook: Notebook;
      try {
        notebook = readEntry(folder, entry);
      } catch (error) {
        if (error instanceof ThothError) continue;
        throw error;
      }
      const bytes = withFirstCell(notebook, cell, () => false);
      const added = bytes.length - notebook.bytes.length;
      let same = 0;
      while (bytes[same] === notebook.bytes[same] && same < notebook.bytes.length) same++;
      assert.equal(
        Buffer.compare(bytes.subarray(same + added), notebook.bytes.subarray(same)),
        0,
        entry.file,
      );
      assert.equal(parseNotebook(bytes, { anyLanguage: true }).cells.length, notebook.cells.length + 1);
      count++;
    }
    assert.ok(count > 40);
  });
});
