// What is written is read by others: archives by `tar`, members of gzip by zlib, and what an installer would have made.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { crc32, deflateRawSync, gunzipSync } from "node:zlib";
import { buildWheel } from "@thoth/testkit";
import fc from "fast-check";
import { groupWheels } from "../src/group-wheels.ts";
import { LayerWriter } from "../src/layer-writer.ts";
import { imageOf, localWheel, makeFolder, TIME } from "./world.ts";

const folder = makeFolder();
const BASE_LAYERS = 2;

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

describe("a layer", () => {
  const name = fc.stringMatching(/^[a-zé ü_.-]{1,120}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const file = fc.record({
    parts: fc.array(name, { minLength: 1, maxLength: 4 }),
    bytes: fc.uint8Array({ maxLength: 2000 }),
    isPacked: fc.boolean(),
    isDeflated: fc.boolean(),
    isProgram: fc.boolean(),
  });

  test("is read back by tar, and its members by zlib", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 12 }), async (files) => {
        const path = join(folder, `layer-${run++}`);
        const writer = new LayerWriter(path);
        const expected = files.map((one, at) => ({ ...one, path: [`f${at}`, ...one.parts].join("/") }));
        for (const { path: entry, bytes, isPacked, isDeflated, isProgram } of expected) {
          const mode = isProgram ? 0o755 : 0o644;
          const content = Buffer.from(bytes);
          if (!isPacked) writer.add({ path: entry, kind: "file", mode, time: TIME }, content);
          else
            await writer.addPacked(
              { path: entry, kind: "file", mode, size: content.length, time: TIME },
              {
                crc: crc32(content),
                isDeflated,
                read: async (take, takePacked) => {
                  take(content);
                  takePacked(isDeflated ? deflateRawSync(content) : content);
                },
              },
            );
        }
        const layer = writer.finish();
        const stored = readFileSync(path);
        const archive = gunzipSync(stored);
        assert.deepEqual([layer.size, layer.digest], [stored.length, digestOf(stored)]);
        assert.equal(layer.diffId, digestOf(archive));
        assert.equal(stored[9], 255);
        const target = join(folder, `unpacked-${run}`);
        mkdirSync(target);
        const done = spawnSync("tar", ["-xf", "-", "-C", target], { input: archive, encoding: "utf8" });
        assert.equal(done.status, 0, done.stderr);
        for (const { path: entry, bytes, isProgram } of expected) {
          assert.deepEqual(readFileSync(join(target, entry)), Buffer.from(bytes));
          const status = statSync(join(target, entry));
          assert.deepEqual([status.mtimeMs / 1000, (status.mode & 0o100) !== 0], [TIME, isProgram]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("groups of wheels", () => {
  const wheels = (count: number, size: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `package-${at}`, size: size + at }));

  test("are as many as there may be, whatever there is", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), size: fc.nat(1_000_000) }), {
          selector: ({ name }) => name,
          maxLength: 300,
        }),
        fc.integer({ min: 1, max: 97 }),
        (some, most) => {
          const groups = groupWheels(some, most);
          assert.ok(groups.length <= most);
          assert.deepEqual(
            groups
              .flat()
              .map(({ name }) => name)
              .sort(),
            some.map(({ name }) => name).sort(),
          );
        },
      ),
    );
  });

  test("large ones are alone, the largest of too many", () => {
    assert.equal(groupWheels(wheels(40, 1 << 20), 97).length, 40);
    const groups = groupWheels(wheels(200, 1 << 20), 97);
    assert.ok(groups.length <= 97);
    assert.equal(groups.at(-1)!.length, 1);
  });

  test("an upgrade moves no other package", () => {
    const names = (some: readonly { readonly name: string; readonly size: number }[]) =>
      groupWheels(some, 97).map((group) => group.map(({ name }) => name));
    const before = wheels(60, 200_000);
    assert.deepEqual(names(before), names(before.map((one) => ({ ...one, size: one.size + 1000 }))));
  });

  test("a base with too many layers is refused", () => {
    assert.throws(() => groupWheels([], 0), { code: "limit-exceeded" });
  });
});

describe("a wheel in an image", () => {
  const wheel = buildWheel({
    name: "tool",
    version: "1.0",
    files: {
      "tool/__init__.py": "def main(): return 3\n",
      "tool-1.0.data/purelib/more.py": "more = 1\n",
      "tool-1.0.data/scripts/old": "#!python -s\nprint('old')\n",
      "tool-1.0.data/scripts/plain": "#!/bin/sh\n",
      "tool-1.0.data/data/share/tool.txt": "shared",
      "tool-1.0.data/headers/tool.h": "int x;",
    },
    entryPoints: "[console_scripts]\ntool = tool:main [extra]\n",
  });
  const filesOf = async (target: string) => {
    const built = await imageOf([localWheel(folder, wheel)], target);
    const root = mkdtempSync(join(folder, "root-"));
    for (const { digest } of built.layers.slice(BASE_LAYERS)) {
      const input = gunzipSync(readFileSync(join(target, "blobs/sha256", digest.slice(7))));
      assert.equal(spawnSync("tar", ["-xf", "-", "-C", root], { input }).status, 0);
    }
    return join(root, "opt/app-root");
  };

  test("lies where an installer puts it", async () => {
    const root = await filesOf(join(folder, "image"));
    const read = (path: string) => readFileSync(join(root, path), "utf8");
    const site = "lib/python3.11/site-packages";
    assert.equal(read("bin/old"), "#!/opt/app-root/bin/python -s\nprint('old')\n");
    assert.equal(read("bin/plain"), "#!/bin/sh\n");
    assert.match(read("bin/tool"), /^#!\/opt\/app-root\/bin\/python\n[\s\S]*from tool import main\n/);
    assert.equal(read("share/tool.txt"), "shared");
    assert.equal(read("include/site/python3.11/tool/tool.h"), "int x;");
    assert.equal(read(`${site}/more.py`), "more = 1\n");
    assert.equal(read(`${site}/tool-1.0.dist-info/INSTALLER`), "thoth\n");
    assert.equal(statSync(join(root, "bin/plain")).mode & 0o777, 0o755);
    assert.equal(statSync(join(root, "src")).mode & 0o777, 0o775);
    assert.match(read("pyvenv.cfg"), /^home = \/usr\/local\/bin\n[\s\S]*version = 3\.11\.7\n/);
    const rows = read(`${site}/tool-1.0.dist-info/RECORD`).trim().split("\n");
    assert.deepEqual(rows, [...rows].sort());
    for (const row of rows) {
      const [path = "", hash = "", size = ""] = row.split(",");
      const bytes = readFileSync(join(root, site, path));
      if (path.endsWith("/RECORD")) assert.deepEqual([hash, size], ["", ""]);
      else
        assert.deepEqual(
          [hash, size],
          [`sha256=${createHash("sha256").update(bytes).digest("base64url")}`, String(bytes.length)],
        );
    }
  });

  test("makes the same image at another place and time, and another one of another date", async () => {
    const digests = [];
    for (const [name, time] of [
      ["one", TIME],
      ["two/three", TIME],
      ["four", TIME + 1],
    ] as const) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      const { manifest } = await imageOf([localWheel(folder, wheel)], join(folder, name), time);
      digests.push(manifest.descriptor.digest);
    }
    assert.equal(digests[0], digests[1]);
    assert.notEqual(digests[0], digests[2]);
  });
});
