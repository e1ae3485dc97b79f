// A disk that fills up while an environment is made: a clean answer, and nothing left on it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { buildWheel } from "@thoth/testkit";
import { uv, World, withoutUv } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "thoth-disk-"));
const disk = join(folder, "small");
const refused = mount();

/** Why there is no small disk to fill, if there is none. */
function mount(): string | false {
  if (process.platform !== "linux") return "only Linux has tmpfs";
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], { stdio: "ignore" });
    return false;
  } catch {
    return "a small disk cannot be mounted here";
  }
}

after(() => {
  if (refused === false) execFileSync("umount", [disk], { stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true });
});

describe("a full disk", { skip: refused }, () => {
  const large = buildWheel({
    name: "large",
    version: "1.0",
    files: { "large/data.bin": randomBytes(12 << 20) },
  });
  for (const program of ["uv", "pip"] as const) {
    test(`with ${program}`, { skip: program === "uv" && withoutUv }, async () => {
      const world = await World.open();
      const lock = await world.lock([large]);
      const wish = {
        root: join(disk, "environments"),
        uv: program === "uv" ? (uv as string) : (false as const),
      };
      // pip is slow: once is enough.
      for (const target of program === "uv" ? [undefined, join(disk, "target")] : [undefined]) {
        const error = await world.create(lock, { ...wish, target }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        assert.ok(error instanceof ThothError, String(error));
        assert.equal(error.code, "file-failed", error.message);
        const left = readdirSync(disk, { recursive: true }).filter((name) => name !== "environments");
        assert.deepEqual(left, []);
      }
      await world.close();
    });
  }
});
