import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  ImageTree,
  type ImageWord,
  imageContents,
  imageFileLimit,
  type LayerStep,
  readImageFile,
} from "@thoth/artifact";
import { ThothError } from "@thoth/pep";
import { makeTar, type TarMember, writeElf } from "@thoth/testkit";
import fc from "fast-check";

type Step = LayerStep<string>;

const file = (path: string, content = path): Step => ({ kind: "file", path, content });
const gone = (path: string): Step => ({ kind: "file", path });
const link = (path: string, target: string): Step => ({ kind: "symlink", path, link: target });
function leaves(...layers: readonly (readonly Step[])[]): readonly string[] {
  const tree = new ImageTree<string>();
  for (const layer of layers) tree.addLayer(layer);
  return tree.files().map(({ path, content }) => `${path}=${content}`);
}

describe("layers of an image", () => {
  test("add, replace and take away", () => {
    assert.deepEqual(leaves([file("a/b", "1"), file("./a/c", "2")], [file("/a/b", "3")]), [
      "/a/b=3",
      "/a/c=2",
    ]);
    assert.deepEqual(leaves([file("a/b"), file("a/c")], [gone("a/.wh.b")]), ["/a/c=a/c"]);
    assert.deepEqual(leaves([file("a/b/c"), file("d")], [gone(".wh.a")]), ["/d=d"]);
    assert.deepEqual(leaves([file("a/b"), file("a/c")], [file("a/n"), gone("a/.wh..wh..opq")]), ["/a/n=a/n"]);
    assert.deepEqual(leaves([file("a/b")], [gone(".wh.nothing"), gone("x/.wh.y")]), ["/a/b=a/b"]);
  });

  test("hide what is of another kind below", () => {
    assert.deepEqual(leaves([file("a/b")], [gone("a")]), []);
    assert.deepEqual(leaves([file("a")], [file("a/b")]), ["/a/b=a/b"]);
    assert.deepEqual(leaves([file("a")], [{ kind: "folder", path: "a/" }]), []);
    assert.deepEqual(leaves([file("a/b")], [{ kind: "folder", path: "a/" }]), ["/a/b=a/b"]);
    assert.deepEqual(leaves([file("a/b")], [link("a", "c")]), []);
    assert.deepEqual(leaves([file("a"), { kind: "hardlink", path: "b", link: "a" }], [gone(".wh.a")]), [
      "/b=a",
    ]);
  });

  test("go through links, which lead nowhere outside", () => {
    const tree = new ImageTree<string>();
    tree.addLayer([
      file("usr/lib/x", "1"),
      link("lib", "usr/lib"),
      link("etc/x", "../../../lib/x"),
      link("loop", "loop"),
      link("one", "two"),
      link("two", "/one"),
    ]);
    tree.addLayer([file("lib/y", "2")]);
    assert.deepEqual(
      ["lib/x", "etc/x", "usr/lib/y", "loop", "one", "two/x", "usr"].map((path) => tree.find(path)),
      ["1", "1", "2", undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(
      tree.links().map(({ link: own, path }) => [own, path]),
      [["/etc/x", "/usr/lib/x"]],
    );
    for (const path of ["../x", "a/../../x", `${"a/".repeat(300)}x`, "x".repeat(5000)])
      assert.throws(() => new ImageTree<string>().addLayer([file(path)]), { code: "invalid-metadata" });
  });

  // What tar makes of the same layers, one over the other, where names are few enough to meet.
  test("leave what they leave when they are unpacked", () => {
    const name = fc
      .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("/"));
    const layer = fc.array(fc.tuple(name, fc.integer({ min: 0, max: 99 })), { maxLength: 6 });
    const folder = mkdtempSync(join(tmpdir(), "thoth-layers-"));
    let runs = 0;
    try {
      fc.assert(
        fc.property(fc.array(layer, { minLength: 1, maxLength: 3 }), (layers) => {
          const root = join(folder, String(runs++));
          mkdirSync(root);
          const tree = new ImageTree<string>();
          for (const entries of layers) {
            // One thing has one name, and what is a folder in a layer is no file in it.
            const files = new Map(entries.map(([path, value]) => [path, String(value)]));
            for (const path of files.keys())
              for (const other of files.keys()) if (other.startsWith(`${path}/`)) files.delete(path);
            tree.addLayer(Array.from(files, ([path, content]) => file(path, content)));
            const members: TarMember[] = Array.from(files, ([path, data]) => ({ name: path, data }));
            for (const path of files.keys()) clear(root, path);
            const { status, stderr } = spawnSync("tar", ["-C", root, "-xf", "-"], {
              input: makeTar(members),
            });
            assert.equal(status, 0, String(stderr));
          }
          assert.deepEqual(
            tree.files().map(({ path, content }) => [path, content]),
            filesIn(root, "").sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
          );
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Makes way for a file, as those who unpack images do. */
function clear(root: string, path: string): void {
  rmSync(join(root, path), { recursive: true, force: true });
  const parts = path.split("/");
  for (let length = 1; length < parts.length; length++) {
    const above = join(root, ...parts.slice(0, length));
    try {
      readdirSync(above);
    } catch {
      rmSync(above, { force: true });
    }
  }
}

function filesIn(root: string, path: string): string[][] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
    const own = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, own) : [[own, readFileSync(join(root, own), "utf8")]];
  });
}

const elf = writeElf({
  bits: 64,
  littleEndian: true,
  machine: 62,
  needs: [],
  symbols: [],
  provides: ["X_1"],
  soname: "libx.so.1",
});

describe("files of an image", () => {
  test("that tell something are few", () => {
    for (const path of [
      "etc/os-release",
      "./usr/lib/os-release",
      "/var/lib/dpkg/status",
      "var/lib/dpkg/status.d/libc6",
      "lib/apk/db/installed",
      "var/lib/rpm/rpmdb.sqlite",
      "usr/lib64/libx.so.1.2.3",
      "usr/lib/aarch64-linux-gnu/libx.so",
      "usr/lib/x86_64-linux-gnu/blas/libblas.so.3",
      "opt/conda/bin/python3.12",
      "opt/venv/lib/python3.12/site-packages/a_b-1.0.dist-info/METADATA",
      "usr/lib/python3/dist-packages/six-1.16.0.egg-info",
    ])
      assert.ok((imageFileLimit(path) ?? 0) > 0, path);
    for (const path of [
      "etc/passwd",
      "usr/bin/python3",
      "usr/lib/python3.12/lib-dynload/_ssl.so",
      "home/me/.ssh/id_rsa",
      "usr/lib/x86_64-linux-gnu/gconv/X.so",
      "site-packages/a/METADATA",
    ])
      assert.equal(imageFileLimit(path), undefined, path);
  });

  test("are told by what they say, links of libraries among them", () => {
    const tree = new ImageTree<ImageWord>();
    const word = (path: string, bytes: string | Uint8Array): LayerStep<ImageWord> => {
      const content = readImageFile(path, typeof bytes === "string" ? Buffer.from(bytes) : bytes);
      return { kind: "file", path, ...(content === undefined ? {} : { content }) };
    };
    tree.addLayer([
      word("etc/os-release", 'ID="rocky"\nVERSION_ID=9.3\n'),
      word("usr/lib64/libx.so.1.2", elf),
      { kind: "symlink", path: "usr/lib64/libx.so.1", link: "libx.so.1.2" },
      { kind: "symlink", path: "usr/lib64/liby.so.2", link: "libx.so.1.2" },
      { kind: "symlink", path: "usr/lib64/libx.so", link: "libx.so.1.2" },
      word("usr/lib64/libtext.so", "INPUT(libx.so.1)"),
      word("usr/bin/python3.9", Buffer.concat([elf, Buffer.from("/usr/3.9.1\x003.9.18\x003.9.2\0")])),
      word("usr/bin/python3.8", Buffer.concat([elf, Buffer.from("Python-3.8.20+\0")])),
      word("usr/bin/python3.7", Buffer.concat([elf, Buffer.from("13.7.20\0")])),
      word(
        "opt/lib/python3.9/site-packages/a-1.dist-info/METADATA",
        "Name: A\r\nVersion: 1\r\n\r\nVersion: 2",
      ),
      word("opt/pkgs/a-1/lib/python3.9/site-packages/a-1.dist-info/METADATA", "Name: A\nVersion: 1\n"),
      word("opt/lib/python3.9/site-packages/b-1.dist-info/METADATA", "Name:\nVersion: 1\n"),
    ]);
    const { os, pythons, distributions, libraries } = imageContents(tree);
    assert.deepEqual(os, { id: "rocky", version: "9.3" });
    assert.deepEqual(pythons, [
      { path: "/usr/bin/python3.7", version: "3.7" },
      { path: "/usr/bin/python3.8", version: "3.8.20" },
      { path: "/usr/bin/python3.9", version: "3.9.18" },
    ]);
    assert.deepEqual(distributions, [
      { name: "A", version: "1", path: "/opt/lib/python3.9/site-packages/a-1.dist-info/METADATA" },
    ]);
    assert.deepEqual(
      libraries.map(({ path }) => path),
      ["/usr/lib64/libx.so.1.2", "/usr/lib64/liby.so.2"],
    );
  });

  test("may hold anything", () => {
    const paths = [
      "etc/os-release",
      "var/lib/dpkg/status",
      "lib/apk/db/installed",
      "var/lib/rpm/rpmdb.sqlite",
      "usr/lib/libpython3.9.so",
      "bin/python3.9",
      "lib/site-packages/a.dist-info/METADATA",
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc
        .string({ unit: "grapheme", maxLength: 500 })
        .map((text) => Buffer.from(`Name: ${text}\nVersion: ${text}\n`)),
      fc.nat({ max: elf.length }).map((at) => elf.slice(0, at)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), bytes, (path, content) => {
        try {
          readImageFile(path, content);
        } catch (error) {
          assert.ok(error instanceof ThothError && error.code === "invalid-binary", String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
