import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { machine, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { findMissing } from "@thoth/artifact";
import { downloadWheels } from "@thoth/testkit";
import { readLocalContents, readSurroundings } from "../src/index.ts";

// The last one needs libraries that only other packages bring.
const real = downloadWheels("abi-wheels", [
  "MarkupSafe==2.1.5",
  "PyYAML==6.0.2",
  "grpcio==1.64.1",
  "torchaudio==2.4.1",
]);
const hasLinker = machine() === "x86_64" && spawnSync("ldd", ["--version"]).status === 0;
const skip = real === undefined ? "the wheels cannot be downloaded" : hasLinker ? false : "no ldd of x86_64";

suite("what wheels need of this machine", () => {
  test("is missing where its own linker does not find it", { skip }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "thoth-abi-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    let lacking = 0;
    for (const path of real ?? []) {
      const contents = await readLocalContents(path);
      const missing = findMissing([contents], await readSurroundings([contents]));
      assert.equal(spawnSync("python3", ["-m", "zipfile", "-e", path, folder]).status, 0);
      // Modules load libraries of their own wheel before others that need them, which the linker alone does not.
      const own = new Set(contents.libraries.map((library) => basename(library.path)));
      const told = new Set<string>();
      for (const library of contents.libraries) {
        const { stdout } = spawnSync("ldd", [join(folder, library.path)], { encoding: "utf8" });
        // `libfoo.so.1 => not found`, and `version 'X' not found (required by …)` for versions.
        for (const [, name] of stdout.matchAll(/^\s*(\S+) => not found/gm))
          if (!own.has(name!)) told.add(name!);
      }
      const found = missing
        .filter(({ kind }) => kind === "library" || kind === "driver")
        .map(({ library }) => library);
      assert.deepEqual([...new Set(found)].sort(), [...told].sort(), path);
      lacking += told.size;
    }
    assert.ok(lacking > 0);
  });
});
