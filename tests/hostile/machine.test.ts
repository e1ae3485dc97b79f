// A machine that does not do as it should: damaged caches, folders that cannot be made, outputs that take nothing.

import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "@thoth/testkit";
import { assertCivil, makeHome } from "../support.ts";

const bin = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));
const cli = fileURLToPath(new URL("../../apps/cli", import.meta.url));

/** A command line of the shell, with the commands of the checkout. */
function shell(home: string, line: string, variables: Readonly<Record<string, string>> = {}) {
  return runProgram("/bin/sh", ["-c", line], {
    home,
    env: { PATH: `${bin}:/usr/bin:/bin`, ...variables },
  });
}

describe("kept code", () => {
  for (const [damage, spoil] of [
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length / 3)],
    ["empty", () => Buffer.alloc(0)],
    [
      "overwritten",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]),
    ],
    [
      "changed in some places",
      (bytes: Buffer) => bytes.map((byte, at) => (at % 977 === 500 ? byte ^ 0x55 : byte)),
    ],
  ] as const) {
    it(`that is ${damage} is passed over and replaced`, async () => {
      const home = makeHome();
      const ask = () => shell(home, "thoth lock --help");
      const first = await ask();
      assert.equal(first.status, 0);
      await ask();
      const folder = join(home, "cache", "thoth", "compiled");
      const names = readdirSync(folder);
      assert.equal(names.length, 1, names.join());
      const file = join(folder, names[0] as string);
      const spoilt = Buffer.from(spoil(readFileSync(file)));
      writeFileSync(file, spoilt);
      for (let run = 0; run < 3; run++) {
        const again = await ask();
        assertCivil(again);
        assert.equal(again.stdout, first.stdout);
      }
      assert.ok(existsSync(file) && !readFileSync(file).equals(spoilt), "it was not replaced");
    });
  }

  it("that was compiled ahead is used, and passed over when it is damaged", async () => {
    const home = makeHome();
    const copy = join(home, "copy");
    for (const part of ["bin", "dist"]) cpSync(join(cli, part), join(copy, part), { recursive: true });
    const folder = join(copy, "dist", "compiled");
    const names = readdirSync(folder);
    assert.ok(
      names.some((name) => name.startsWith("main.cjs-")),
      names.join(),
    );
    const ask = (cache: string) =>
      shell(home, `"${copy}/bin/thoth" lock --help`, {
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        THOTH_CACHE_DIR: join(home, cache),
      });
    const first = await ask("first");
    assert.equal(first.status, 0);
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      writeFileSync(
        join(folder, name),
        bytes.map((byte, at) => (at % 977 === 500 ? byte ^ 0x55 : byte)),
      );
    }
    const again = await ask("second");
    assertCivil(again);
    assert.equal(again.stdout, first.stdout);
    assert.deepEqual(readdirSync(folder), names);
  });

  it("is done without where there is no place for it", { skip: !existsSync("/proc/self") }, async () => {
    const result = await shell(makeHome(), "thoth --version", { THOTH_CACHE_DIR: "/proc/nothing" });
    assertCivil(result);
    assert.equal(result.status, 0);
  });
});

describe("output", () => {
  it("reaches a file and a reader that is slow", async () => {
    const home = makeHome();
    const { stdout } = await shell(home, "thoth lock --help");
    await shell(
      home,
      "thoth lock --help > file; (thoth lock --help; thoth lock --help) | (sleep 1; cat > pipe)",
    );
    assert.equal(readFileSync(join(home, "file"), "utf8"), stdout);
    assert.equal(readFileSync(join(home, "pipe"), "utf8"), stdout + stdout);
  });

  it("to a reader that went away is no failure", async () => {
    const result = await shell(makeHome(), "(sleep 1; thoth lock --help; echo $? >&2) | true");
    assertCivil(result);
    assert.equal(result.stderr, "0\n");
  });

  it("to a full device is told", { skip: !existsSync("/dev/full") }, async () => {
    const result = await shell(makeHome(), "thoth lock --help > /dev/full; echo $?");
    assertCivil(result);
    assert.equal(result.stdout, "3\n");
    assert.match(result.stderr, /the disk is full/);
  });
});
