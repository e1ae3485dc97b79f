// Archives of the real tar, in each of its forms and cut into any pieces, are read as it lists them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { makeTar } from "@thoth/testkit";
import { TarEntries } from "../src/index.ts";
import { temporaryFolder } from "./rig.ts";

const LONG = `${"folder-with-a-long-name/".repeat(6)}end`;
const skip = spawnSync("tar", ["--version"]).status === 0 ? false : "this machine has no tar";

function read(archive: Uint8Array, piece: number): { readonly names: string[]; readonly isWhole: boolean } {
  const names: string[] = [];
  const entries = new TarEntries(({ name, kind, size, link }) => {
    const at = names.push([kind, name, ...(link === "" ? [] : [link])].join(" ")) - 1;
    if (kind !== "file" || size >= 100) return undefined;
    return (content) => {
      names[at] += ` = ${content}`;
    };
  }, 1e9);
  for (let at = 0; at < archive.length; at += piece)
    entries.add(Buffer.from(archive.subarray(at, at + piece)));
  return { names, isWhole: entries.whole };
}

suite("members of an archive", () => {
  for (const format of ["gnu", "pax", "oldgnu"])
    test(`of the form ${format}`, { skip }, async (t) => {
      const folder = await temporaryFolder(t);
      mkdirSync(join(folder, LONG), { recursive: true });
      writeFileSync(join(folder, LONG, "file"), "deep");
      writeFileSync(join(folder, "short"), "x");
      writeFileSync(join(folder, "large"), "y".repeat(5000));
      symlinkSync(`${LONG}/file`, join(folder, "symbolic"));
      linkSync(join(folder, LONG, "file"), join(folder, "hard"));
      const members = [`${LONG}/file`, "short", "large", "symbolic", "hard", LONG];
      const words = ["-C", folder, `--format=${format}`, "--no-recursion", "-cf", "-", ...members];
      const { stdout, stderr } = spawnSync("tar", words, { maxBuffer: 1 << 24 });
      const expected = [
        `file ${LONG}/file = deep`,
        "file short = x",
        "file large",
        `symlink symbolic ${LONG}/file`,
        `hardlink hard ${LONG}/file`,
        `folder ${LONG}/`,
      ];
      for (const piece of [1, 7, 512, 4096, 1 << 20])
        assert.deepEqual(read(stdout, piece), { names: expected, isWhole: true }, `${piece} ${stderr}`);
      const cut = read(stdout.subarray(0, stdout.indexOf("y".repeat(100)) + 50), 512);
      assert.equal(cut.isWhole, false);
    });

  test("of more bytes than are looked at, or damaged, are refused", () => {
    const tar = makeTar([{ name: "a", data: "x".repeat(2000) }]);
    const few = new TarEntries(() => undefined, 1000);
    assert.throws(() => few.add(Buffer.from(tar)), { code: "limit-exceeded" });
    for (let at = 0; at < 512; at++) {
      const damaged = Buffer.from(tar);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      try {
        read(damaged, 512);
        assert.ok(at >= 148 && at < 156, `${at}`);
      } catch (error) {
        assert.ok(error instanceof ThothError && error.code === "invalid-metadata", String(error));
      }
    }
  });
});
