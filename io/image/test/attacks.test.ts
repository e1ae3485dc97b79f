// Wheels that attack whoever makes an image of them: each is refused with its code, and nothing is left.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ErrorCode } from "@thoth/pep";
import { buildWheel, deflateZeros, type WheelOptions } from "@thoth/testkit";
import { imageOf, localWheel, makeFolder, namesIn } from "./world.ts";

const good = buildWheel({ name: "good", version: "1.0", files: { "good/__init__.py": "good = 1\n" } });

async function refused(
  code: ErrorCode,
  ...attackers: readonly Omit<WheelOptions, "version">[]
): Promise<void> {
  const folder = makeFolder();
  const cache = makeFolder();
  const wheels = [good, ...attackers.map((options) => buildWheel({ version: "1.0", ...options }))];
  const making = imageOf(
    wheels.map((wheel) => localWheel(cache, wheel)),
    join(folder, "image"),
  );
  await assert.rejects(making, { code });
  assert.deepEqual(namesIn(folder), []);
  assert.equal(namesIn(cache).length, wheels.length);
}

const evil = (more: Omit<WheelOptions, "name" | "version">) => ({ name: "evil", ...more });

describe("a wheel that attacks is refused", () => {
  const places: readonly (readonly [string, ErrorCode])[] = [
    ["../evil.py", "path-escape"],
    ["evil/../../../etc/passwd", "path-escape"],
    ["/etc/passwd", "path-escape"],
    ["evil\\..\\..\\passwd", "path-escape"],
    ["C:/evil.py", "path-escape"],
    ["evil//twice.py", "invalid-wheel"],
    ["evil/./dot.py", "invalid-wheel"],
    ["evil/new\nline.py", "invalid-wheel"],
    ["evil-1.0.data/scripts/python3", "path-escape"],
    ["evil-1.0.data/scripts/activate", "path-escape"],
    ["evil-1.0.data/data/pyvenv.cfg", "path-escape"],
    ["evil-1.0.data/data/bin/python3.11", "path-escape"],
    ["evil-1.0.data/elsewhere/x", "path-escape"],
    ["other-1.0.data/purelib/x.py", "path-escape"],
  ];
  for (const [path, code] of places)
    test(`a member at ${JSON.stringify(path)}`, () => refused(code, evil({ files: { [path]: "x" } })));

  test("a link", () =>
    refused(
      "path-escape",
      evil({
        rewrite: (members) => members.map((one, at) => (at === 0 ? { ...one, mode: 0o120777 } : one)),
      }),
    ));

  test("a device", () =>
    refused(
      "path-escape",
      evil({
        rewrite: (members) => members.map((one, at) => (at === 0 ? { ...one, mode: 0o020666 } : one)),
      }),
    ));

  test("a bomb", () => refused("limit-exceeded", evil({ files: { "zeros.bin": deflateZeros(1 << 28) } })));

  test("a member that is larger than it says", () =>
    refused(
      "invalid-wheel",
      evil({
        rewrite: (members) => members.map((one, at) => (at === 0 ? { ...one, lies: { size: 3 } } : one)),
      }),
    ));

  test("a RECORD with another digest", () =>
    refused(
      "hash-mismatch",
      evil({
        record: (rows) =>
          rows.map((row, at) => (at === 0 ? { ...row, hash: `sha256=${"A".repeat(43)}` } : row)),
      }),
    ));

  test("a RECORD with another size", () =>
    refused(
      "hash-mismatch",
      evil({ record: (rows) => rows.map((row, at) => (at === 0 ? { ...row, size: "1" } : row)) }),
    ));

  test("a member that RECORD does not list", () =>
    refused("invalid-wheel", evil({ members: [{ name: "hidden.py", data: "x" }] })));

  test("no RECORD", () => refused("invalid-wheel", evil({ record: null })));

  test("two members of one name", () =>
    refused("invalid-wheel", evil({ rewrite: (members) => [members[0]!, ...members] })));

  test("names that differ in the size of their letters alone", () =>
    refused("conflict", evil({ files: { "evil/a.py": "1", "evil/A.py": "2" } })));

  test("a file of another package", () =>
    refused("conflict", evil({ files: { "good/__init__.py": "good = 2\n" } })));

  test("a file where another package has a folder", () =>
    refused("conflict", evil({ files: { good: "x" } })));

  test("a folder where another package has a file", () =>
    refused("conflict", evil({ files: { "good/__init__.py/x.py": "x" } })));

  test("the notebook of another", () =>
    refused("conflict", evil({ files: { "evil-1.0.data/data/src/one.ipynb": "{}" } })));

  test("the kernel of another", () =>
    refused(
      "conflict",
      { name: "ipykernel" },
      evil({ files: { "evil-1.0.data/data/share/jupyter/kernels/mine/kernel.json": "{}" } }),
    ));

  test("a program that is no name of one", () =>
    refused("path-escape", evil({ entryPoints: "[console_scripts]\n../../evil = evil:main\n" })));

  test("a program that brings its own code", () =>
    refused("invalid-wheel", evil({ entryPoints: "[console_scripts]\nrun = os;import x:main\n" })));

  test("METADATA of another package", () =>
    refused(
      "metadata-mismatch",
      evil({ metadataText: "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n\n" }),
    ));
});

test("two wheels may bring the same file", async () => {
  const folder = makeFolder();
  const files = { "shared/__init__.py": "" };
  const wheels = ["a", "b"].map((name) => localWheel(folder, buildWheel({ name, version: "1.0", files })));
  const { manifest } = await imageOf(wheels, join(folder, "image"));
  assert.match(manifest.descriptor.digest, /^sha256:/);
});

test("what is there and is no layout is left alone", async () => {
  const folder = makeFolder();
  const cache = makeFolder();
  const wheel = localWheel(cache, good);
  await assert.rejects(imageOf([wheel], cache), { code: "usage" });
  assert.deepEqual(readFileSync(wheel.path), Buffer.from(good.bytes));
  for (let run = 0; run < 2; run++) await imageOf([wheel], join(folder, "image"));
  assert.deepEqual(namesIn(folder), ["image"]);
});
