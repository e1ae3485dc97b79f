// What a file is taken for, and what of it leaves the browser.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  changed,
  formByContent,
  nameOf,
  notebookCode,
  pythonIn,
  recognizeFile,
} from "../src/ask/given-file.ts";

describe("a given file", () => {
  it("is told by its name, else by what is in it", () => {
    const kinds = [
      ["requirements.txt", "flask\n", "project requirements"],
      ["requirements-dev.in", "flask\n", "project requirements"],
      ["Pipfile", "[packages]\n", "project pipfile"],
      ["pyproject.toml", "", "project pyproject"],
      ["Pipfile.lock", "{}", "lock pipfile-lock"],
      ["pylock.toml", "", "lock pylock"],
      ["pylock.dev.toml", "", "lock pylock"],
      ["deps", '[[source]]\nurl = "x"\n[packages]\n', "project pipfile"],
      ["deps", "[tool.poetry]\n", "project pyproject"],
      ["deps", 'lock-version = "1.0"\n', "lock pylock"],
      ["deps", '{"cells": [], "nbformat": 4}', "project notebook"],
      ["a.ipynb", "no json", "unknown undefined"],
      ["a.txt", "\0", "unknown undefined"],
    ] as const;
    for (const [name, text, expected] of kinds) {
      const file = recognizeFile(name, text);
      assert.equal(
        `${file.kind} ${file.kind === "unknown" ? undefined : file.form}`,
        expected,
        `${name}: ${text}`,
      );
    }
  });

  it("does not take an extra or a comment of requirements for a table", () => {
    assert.equal(formByContent("uvicorn[standard]\n# [project]\n"), "requirements");
  });

  it("keeps of a notebook the code, in its cells, and what the notebook says of itself", () => {
    const notebook = {
      cells: [
        { cell_type: "markdown", source: "prose", attachments: { picture: {} } },
        {
          cell_type: "code",
          source: ["import x\n"],
          outputs: [{ data: "output" }],
          metadata: { tags: ["t"] },
        },
      ],
      metadata: { requirements: "{}" },
      nbformat: 4,
      nbformat_minor: 5,
    };
    const kept = JSON.parse(notebookCode(JSON.stringify(notebook)) as string);
    assert.deepEqual(kept.cells, [
      { cell_type: "markdown", metadata: {}, source: "" },
      { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["import x\n"] },
    ]);
    assert.deepEqual(kept.metadata, { requirements: "{}" });
    assert.equal(notebookCode('{"cells": 1}'), undefined);
    assert.equal(notebookCode("null"), undefined);
  });

  it("says which Python it is for", () => {
    assert.equal(pythonIn("pipfile", '[requires]\npython_version = "3.9"\n'), "3.9");
    assert.equal(pythonIn("pyproject", 'requires-python = ">=3.10,<4"\n'), "3.10");
    assert.equal(pythonIn("notebook", '{"metadata": {"language_info": {"version": "3.11.4"}}}'), "3.11");
    assert.equal(pythonIn("notebook", '{"metadata": {"version": "3.11.4"}}'), undefined);
    assert.equal(pythonIn("requirements", "python==3.9"), undefined);
  });

  it("has other requirements where each stands on a line", () => {
    const question = { project: { content: "# mine\nFlask_Login==1\nsix\n", form: "requirements" as const } };
    const other = changed(question, [{ from: "flask-login==1", to: "flask-login>=2" }]);
    assert.equal(other?.project.content, "# mine\nflask-login>=2\nsix\n");
    assert.equal(changed(question, [{ from: "absent==1", to: "absent" }]), undefined);
    assert.equal(changed({ project: { content: "", form: "notebook" } }, []), undefined);
    assert.equal(nameOf("-r other.txt"), undefined);
  });
});
