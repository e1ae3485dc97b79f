import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import {
  contentsOf,
  licenceByClassifier,
  licenceByName,
  licenceByText,
  type MemberReader,
  moduleFile,
  readEntryPoints,
  withPackages,
} from "@thoth/artifact";
import { parseLicenceExpression, ThothError } from "@thoth/pep";
import { writeElf } from "@thoth/testkit";
import fc from "fast-check";

const METADATA = "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n";
const MIT =
  'Copyright (c) 2020 Somebody\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated documentation files (the "Software"), to deal\nin the Software without restriction.\n\nThe above copyright notice and this permission notice shall be included.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED.\n';

type Files = Readonly<Record<string, string | Uint8Array>>;

function readAll<Result>(reader: MemberReader<Result>, files: Files): { result: Result; asked: string[] } {
  const asked: string[] = [];
  let step = reader.next();
  while (step.done !== true) {
    asked.push(step.value);
    const file = files[step.value];
    step = reader.next(typeof file === "string" ? Buffer.from(file) : file);
  }
  return { result: step.value, asked };
}

function read(files: Files, options: { readonly native?: boolean } = {}) {
  const all: Files = { "foo-1.0.dist-info/METADATA": METADATA, ...files };
  const members = Object.entries(all).map(([name, data]) => ({ name, size: Buffer.byteLength(data) }));
  return readAll(contentsOf({ filename: "foo-1.0-py3-none-any.whl", size: 99, members, ...options }), all);
}

const library = (soname: string, needs: readonly string[] = [], provides: readonly string[] = []) =>
  writeElf({ bits: 64, littleEndian: true, machine: 62, soname, needs, symbols: [], provides });

describe("contents of a wheel", () => {
  test("are told by the members that are asked for", () => {
    const files: Files = {
      "foo/__init__.py": "",
      "foo/inner/deep.py": "",
      "foo/_speed.cpython-311-x86_64-linux-gnu.so": library("_speed.so", ["libbar-1234.so.5"]),
      "foo/_plain.so": library("PyInit__plain"),
      "foo/liblonely.so": library("liblonely.so"),
      "foo/mac.cpython-311-darwin.so": "\u00cf\u00fa\u00ed\u00fe, a file of another system",
      "foo.libs/libbar-1234.so.5": library("libbar-1234.so.5"),
      "foo-1.0.data/purelib/extra.py": "",
      "foo-1.0.data/scripts/run-foo": "#!python\n",
      "foo-1.0.data/data/share/nothing.py": "",
      "foo-1.0.dist-info/licenses/LICENSE": MIT,
      "foo-1.0.dist-info/entry_points.txt":
        "[console_scripts]\nfoo = foo:main\n[gui_scripts]\nfoow=foo:main\n[x.y]\na = b\n",
    };
    const { result, asked } = read(files);
    assert.deepEqual(result.modules, [
      "extra",
      "foo",
      "foo._plain",
      "foo._speed",
      "foo.inner",
      "foo.inner.deep",
      "foo.mac",
    ]);
    assert.deepEqual(result.scripts, ["foo", "foow", "run-foo"]);
    assert.equal(result.entryPoints.length, 3);
    assert.equal(result.license, "MIT");
    assert.equal(result.licenseFrom, "file");
    assert.deepEqual(result.licenseFiles, ["foo-1.0.dist-info/licenses/LICENSE"]);
    assert.deepEqual(
      result.libraries.map(({ path }) => path),
      [
        "foo.libs/libbar-1234.so.5",
        "foo/_plain.so",
        "foo/_speed.cpython-311-x86_64-linux-gnu.so",
        "foo/liblonely.so",
      ],
    );
    assert.deepEqual(result.opaque, ["foo/mac.cpython-311-darwin.so"]);
    assert.ok(!asked.some((name) => name.endsWith(".py")));
    assert.equal(result.files, Object.keys(files).length + 1);
  });

  test("without native files are told by names", () => {
    const files = { "foo/_a.abi3.so": "", "foo/libx.so": "", "foo/y.so": "" };
    const { result, asked } = read(files, { native: false });
    assert.deepEqual(result.modules, ["foo", "foo._a", "foo.y"]);
    assert.deepEqual(asked, ["foo-1.0.dist-info/METADATA"]);
  });

  test("need one METADATA", () => {
    const none = () =>
      readAll(contentsOf({ filename: "x", size: 0, members: [{ name: "a.py", size: 1 }] }), {});
    assert.throws(none, (error: ThothError) => error.code === "invalid-wheel");
    const two = () => read({ "other-1.0.dist-info/METADATA": METADATA });
    assert.throws(two, (error: ThothError) => error.code === "invalid-wheel");
  });

  test("never throw anything but what is stated, whatever the members are", () => {
    const part = fc.constantFrom(
      "foo",
      "__init__.py",
      "a.so",
      "x.data",
      "scripts",
      "..",
      "",
      "é.py",
      "__proto__",
      "a.cp311-win_amd64.pyd",
    );
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constant(library("x.so").slice(0, 100)));
    fc.assert(
      fc.property(fc.dictionary(name, bytes, { noNullPrototype: false }), (files) => {
        try {
          read(files);
        } catch (error) {
          assert.ok(error instanceof ThothError, String(error));
        }
      }),
    );
  });
});

describe("modules", () => {
  test("are what a file name says", () => {
    const told = (path: string) => moduleFile(path)?.module;
    assert.equal(told("a/b/__init__.py"), "a.b");
    assert.equal(told("a/b.py"), "a.b");
    assert.equal(told("a/b.cpython-311-x86_64-linux-gnu.so"), "a.b");
    assert.equal(told("a/b.abi3.so"), "a.b");
    assert.equal(told("a/b.cp311-win_amd64.pyd"), "a.b");
    assert.equal(told("a/b.pypy310-pp73-x86_64-linux-gnu.so"), "a.b");
    assert.equal(told("naïve.py"), "naïve");
    for (const path of [
      "__init__.py",
      "a-b/c.py",
      "a/__pycache__/b.py",
      "a/b.pyi",
      "a/b.txt",
      "1a.py",
      "a/b.so.1",
      "a/b.c.py",
    ])
      assert.equal(told(path), undefined, path);
  });

  test("come with the packages that they lie in", () => {
    const name = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("."));
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const all = withPackages(names);
        const expected = new Set(
          names.flatMap((one) => one.split(".").map((_, at, parts) => parts.slice(0, at + 1).join("."))),
        );
        assert.deepEqual(all, [...expected].sort());
      }),
    );
  });
});

const hasPython = spawnSync("python3", ["-c", "import importlib.metadata"]).status === 0;

describe("entry points", () => {
  test("are those of importlib.metadata", { skip: hasPython ? false : "no python3" }, () => {
    const line = fc.oneof(
      fc.stringMatching(/^[a-z]{1,4} ?= ?[a-z.]{1,5}(:[a-z]{1,3})?( \[[a-z]\])?$/),
      fc.stringMatching(/^ {0,2}\[[a-z._]{1,6}\] {0,2}$/),
      fc.constantFrom("", "# note", "  ", "a=b=c"),
    );
    const texts = fc.sample(
      fc.array(line, { maxLength: 12 }).map((lines) => ["[first]", ...lines].join("\n")),
      { numRuns: 150, seed: 11 },
    );
    const program =
      "import sys, json\nfrom importlib.metadata import EntryPoints\n" +
      "print(json.dumps([[[e.group, e.name, e.value] for e in EntryPoints._from_text(t)] for t in json.load(sys.stdin)]))";
    const { stdout, stderr } = spawnSync("python3", ["-c", program], {
      input: JSON.stringify(texts),
      encoding: "utf8",
    });
    assert.notEqual(stdout, "", stderr);
    const told = JSON.parse(stdout) as string[][][];
    for (const [index, text] of texts.entries())
      assert.deepEqual(
        readEntryPoints(text).map(({ group, name, value }) => [group, name, value]),
        told[index],
        text,
      );
  });
});

describe("licences", () => {
  test("that names stand for are SPDX expressions", () => {
    for (const [text, licence] of [
      ["MIT License", "MIT"],
      ["The MIT License (MIT)", "MIT"],
      ["Apache License 2.0", "Apache-2.0"],
      ["Apache License, Version 2.0", "Apache-2.0"],
      ["Apache 2.0", "Apache-2.0"],
      ["BSD 3-Clause License", "BSD-3-Clause"],
      ["3-clause BSD", "BSD-3-Clause"],
      ["New BSD License", "BSD-3-Clause"],
      ["ISC License (ISCL)", "ISC"],
      ["MPL-2.0", "MPL-2.0"],
      ["GNU GPLv3+", "GPL-3.0-or-later"],
    ] as const) {
      assert.equal(licenceByName(text), licence, text);
      if (licence !== undefined) assert.equal(parseLicenceExpression(licence), licence);
    }
    for (const text of [
      "BSD",
      "GPL",
      "Apache",
      "LGPL",
      "GPLv3",
      "Public Domain",
      "Proprietary",
      "",
      "BSD or MIT",
    ])
      assert.equal(licenceByName(text), undefined, text);
  });

  test("of classifiers are certain or none", () => {
    const told = (text: string) => licenceByClassifier(`License :: OSI Approved :: ${text}`);
    assert.equal(told("MIT License"), "MIT");
    assert.equal(told("GNU General Public License v3 or later (GPLv3+)"), "GPL-3.0-or-later");
    for (const text of [
      "BSD License",
      "Apache Software License",
      "GNU General Public License (GPL)",
      "toString",
      "__proto__",
    ])
      assert.equal(told(text), undefined, text);
  });

  test("are stated by the expression, then the field, one classifier, and a known text", () => {
    const told = (headers: string, file?: string) => {
      const files = file === undefined ? {} : { "foo-1.0.dist-info/LICENSE": file };
      const { result } = read({ ...files, "foo-1.0.dist-info/METADATA": METADATA + headers });
      return [result.license, result.licenseFrom];
    };
    const bsd = "Classifier: License :: OSI Approved :: BSD License\n";
    const mit = "Classifier: License :: OSI Approved :: MIT License\n";
    assert.deepEqual(told("License-Expression: mit or apache-2.0\nLicense: BSD\n"), [
      "MIT OR Apache-2.0",
      "expression",
    ]);
    assert.deepEqual(told(`License: MIT\n${bsd}`), ["MIT", "field"]);
    assert.deepEqual(told(`License: UNKNOWN\n${mit}`), ["MIT", "classifiers"]);
    assert.deepEqual(told(mit + bsd, MIT), ["MIT License; BSD License", "text"]);
    assert.deepEqual(told("License: see the file\n", MIT), ["MIT", "file"]);
    assert.deepEqual(told(bsd), ["BSD License", "text"]);
    assert.deepEqual(told(""), [undefined, undefined]);
  });

  test("of a text with a further condition are unknown", () => {
    assert.equal(licenceByText(MIT), "MIT");
    assert.equal(licenceByText(`${MIT}\nThe Software shall be used for Good, not Evil.\n`), undefined);
    assert.equal(licenceByText("no licence at all"), undefined);
  });
});
