// Wheels that attack whoever makes an image of them: each is refused with its code, and nothing is left.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { ErrorCode } from "@thoth/pep";
import { buildWheel, deflateZeros, type WheelOptions, type ZipLies } from "@thoth/testkit";
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
    ["evil-1.0.data/scripts//etc/passwd", "invalid-wheel"],
    ["evil-1.0.data/data//etc/passwd", "invalid-wheel"],
    ["evil-1.0.data/data/../../etc/passwd", "path-escape"],
    ["evil-1.0.data/x.py", "path-escape"],
    ["EVIL-1.0.DATA/scripts/x", "path-escape"],
    ["evil/\0.py", "invalid-wheel"],
    ["evil/\x7f\x1b[2J.py", "invalid-wheel"],
    [`evil/${"x".repeat(256)}.py`, "invalid-wheel"],
    [`evil/${"\u00e9".repeat(128)}`, "invalid-wheel"],
    [`evil/${"deep/".repeat(1000)}x.py`, "invalid-wheel"],
    [`${"deep/".repeat(700)}x.py`, "invalid-wheel"],
    ["good/.wh.__init__.py", "path-escape"],
    [".wh..wh..opq", "path-escape"],
    ["evil-1.0.data/data/bin/.wh.python3", "path-escape"],
    ["evil-1.0.data/data/.wh.src/x", "path-escape"],
    ["evil-1.0.data/purelib/evil-1.0.dist-info/RECORD", "invalid-wheel"],
    ["evil-1.0.data/platlib/evil-1.0.dist-info/direct_url.json", "invalid-wheel"],
    ["good-1.0.dist-info/RECORD", "invalid-wheel"],
    ["evil-1.0.data/purelib/good-1.0.dist-info/RECORD", "conflict"],
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

  const lies: Readonly<Record<string, ZipLies>> = {
    "a wrong check sum": { crc: 1 },
    "a wrong check sum in one of its headers": { localCrc: 1 },
    "another name in one of its headers": { localName: "evil/__init__.pX" },
    "a size of 64 bits that is not there": { size: 0xffffffff },
    "an end beyond the next member": { compressedSize: 4000 },
    "an end before its own": { compressedSize: 3 },
    "a key": { flags: 0x0801 },
  };
  for (const [what, lie] of Object.entries(lies))
    test(`a member with ${what}`, () =>
      refused(
        what.includes("64 bits") ? "limit-exceeded" : "invalid-wheel",
        evil({
          files: { "evil/__init__.py": "x = 1\n".repeat(50), "evil/more.py": "y" },
          rewrite: (members) => members.map((one, at) => (at === 0 ? { ...one, lies: lie } : one)),
        }),
      ));

  test("a name that is no UTF-8", () =>
    refused("invalid-wheel", evil({ members: [{ name: Uint8Array.from([0x65, 0xff, 0xfe]), data: "x" }] })));

  test("two files at one place by two names", () =>
    refused("invalid-wheel", evil({ files: { "evil/a.py": "1", "evil-1.0.data/purelib/evil/a.py": "2" } })));

  test("names that are one to those who compose letters", () =>
    refused("conflict", evil({ files: { "evil/\u00e9.py": "1", "evil/e\u0301.py": "2" } })));

  test("a letter that is another one when it is small", () =>
    refused("conflict", evil({ files: { "evil/k.py": "1", "evil/\u212a.py": "2" } })));

  test("a RECORD that lists what lies elsewhere", () =>
    refused(
      "path-escape",
      evil({ record: (rows) => [...rows, { path: "../../../../etc/passwd", hash: "", size: "" }] }),
    ));

  test("a RECORD with a weak digest", () =>
    refused(
      "invalid-wheel",
      evil({ record: (rows) => rows.map((row, at) => (at === 0 ? { ...row, hash: "md5=AAAA" } : row)) }),
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

  for (const [name, code] of [
    ["python3", "path-escape"],
    [".wh.python3", "path-escape"],
    ["..", "path-escape"],
    ["a\u0000b", "path-escape"],
    ["x".repeat(300), "path-escape"],
  ] as const)
    test(`a program of the name ${JSON.stringify(name.slice(0, 20))}`, () =>
      refused(code, evil({ entryPoints: `[console_scripts]\n${name} = evil:main\n` })));

  for (const value of [
    "os:system('reboot')",
    "evil:main;import os",
    "evil:main\\nimport os",
    "$(reboot):x",
    "evil",
  ])
    test(`a program that begins at ${JSON.stringify(value)}`, () =>
      refused("invalid-wheel", evil({ entryPoints: `[console_scripts]\nrun = ${value}\n` })));

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

test("what attacks only other systems lies in its place, without rights that a wheel may not give", async () => {
  const folder = makeFolder();
  const target = join(folder, "image");
  const names = ["evil/con.py", "evil/NUL", "evil/a:b", "evil/$(reboot).py", "evil/-rf", "evil/\u202egpj.py"];
  const wheel = buildWheel({
    ...{ name: "evil", version: "1.0" },
    files: Object.fromEntries(names.map((name) => [name, "x"])),
    entryPoints: "[console_scripts]\n$(reboot);x = evil:main\n",
    rewrite: (members) => members.map((one, at) => (at === 0 ? { ...one, mode: 0o107777 } : one)),
  });
  const { layers } = await imageOf([localWheel(folder, wheel)], target);
  const { digest } = layers.at(-2)!;
  const input = gunzipSync(readFileSync(join(target, "blobs/sha256", digest.slice(7))));
  const listed = spawnSync("tar", ["-tvf", "-", "--quoting-style=literal"], {
    input,
    encoding: "utf8",
  }).stdout;
  for (const name of names) assert.ok(listed.includes(`/site-packages/${name}\n`), name);
  assert.ok(listed.includes("opt/app-root/bin/$(reboot);x\n"));
  for (const line of listed.trim().split("\n")) assert.match(line, /^(?:drwxrwxr-x|[-d]rw[-x]r-[-x]r-[-x]) /);
});
