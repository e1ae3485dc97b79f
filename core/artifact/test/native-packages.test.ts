import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  type NativePackage,
  readApkInstalled,
  readDpkgStatus,
  readOsRelease,
  readRpmDatabase,
} from "@thoth/artifact";
import fc from "fast-check";

const STATUS = "/var/lib/dpkg/status";
const runs = (program: string) => spawnSync(program, ["--version"]).status === 0;
const shown = ({ name, version, architecture }: NativePackage) => `${name} ${version} ${architecture}`;
const bytes = (text: string) => Buffer.from(text);

describe("dpkg", () => {
  const skip = existsSync(STATUS) && runs("dpkg-query") ? false : "this machine has no dpkg";

  test("is read as dpkg-query tells", { skip }, () => {
    const format = "${db:Status-Status} ${Package} ${Version} ${Architecture}\\n";
    const { stdout } = spawnSync("dpkg-query", ["-W", "-f", format], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const told = stdout
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length));
    assert.ok(told.length > 10);
    assert.deepEqual(readDpkgStatus(readFileSync(STATUS)).map(shown).sort(), told.sort());
  });

  test("leaves out what was removed, and takes all of an image without states", () => {
    const text = [
      "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n",
      "Package: here\nStatus: install ok installed\nArchitecture: all\nDescription: a\n Version: 9\n .\nVersion: 1:2-3\n",
      "Package: plain\nArchitecture: arm64\nVersion: 4\n",
    ].join("\n");
    assert.deepEqual(readDpkgStatus(bytes(text)).map(shown), ["here 1:2-3 all", "plain 4 arm64"]);
  });
});

describe("apk", () => {
  test("is read by its first fields", () => {
    const text =
      "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nS:400\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1x=\n\n" +
      "C:Q1def=\nP:busybox\nV:1.36.1-r29\nA:x86_64\nr:busybox-initscripts\n\n";
    assert.deepEqual(readApkInstalled(bytes(text)).map(shown), [
      "musl 1.2.5-r0 x86_64",
      "busybox 1.36.1-r29 x86_64",
    ]);
  });

  test("and dpkg never throw for any text", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("P:x", "V:1", "Package: x", "Version: 1", "", "__proto__: x"),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        readApkInstalled(bytes(lines.join("\n")));
        readDpkgStatus(bytes(lines.join("\n")));
      }),
    );
  });
});

describe("os-release", () => {
  const ask = (path: string, name: string) =>
    spawnSync("sh", ["-c", `. "$1"; printf %s "$${name}"`, "sh", path], { encoding: "utf8" }).stdout;

  test("of this machine says what a shell reads of it", {
    skip: existsSync("/etc/os-release") ? false : "no file",
  }, () => {
    const { id, version } = readOsRelease(readFileSync("/etc/os-release"));
    assert.deepEqual([id, version], [ask("/etc/os-release", "ID"), ask("/etc/os-release", "VERSION_ID")]);
  });

  test("is quoted as a shell quotes", () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-os-"));
    try {
      const piece = fc.oneof(
        fc.stringMatching(/^[A-Za-z0-9._-]{1,6}$/),
        fc.stringMatching(/^[A-Za-z0-9 ._#'-]{0,8}$/).map((text) => `"${text}"`),
        fc.stringMatching(/^[A-Za-z0-9 ."_#\\-]{0,8}$/).map((text) => `'${text}'`),
        fc.constantFrom('"\\""', '"\\$x"', '"\\\\"', "\\ ", '"\\n"'),
      );
      for (const words of fc.sample(fc.array(piece, { minLength: 1, maxLength: 4 }), {
        numRuns: 40,
        seed: 3,
      })) {
        const path = join(folder, "os-release");
        writeFileSync(path, `NAME=x\nID=${words.join("")}\nVERSION_ID=1\n`);
        assert.equal(readOsRelease(readFileSync(path)).id, ask(path, "ID") || "linux", words.join(""));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("defaults to linux", () =>
    assert.deepEqual(readOsRelease(bytes("")), { id: "linux", version: "", like: [] }));
});

describe("rpm", () => {
  const skip = runs("rpm") && runs("rpmbuild") ? false : "rpm and rpmbuild are not installed";

  test("is read as rpm tells", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-rpm-"));
    try {
      const define = ["--define", `_topdir ${folder}/top`];
      for (const [name, epoch] of [
        ["one", 0],
        ["two", 4],
        ["three-long", 0],
        ["four", 0],
      ] as const) {
        const spec = `Name: ${name}\nVersion: 1.${epoch}~rc1\nRelease: 2.fc40\n${epoch === 0 ? "" : `Epoch: ${epoch}\n`}Summary: x\nLicense: MIT\n%description\n${"x".repeat(9000)}\n%files\n`;
        writeFileSync(join(folder, `${name}.spec`), spec);
        const built = spawnSync("rpmbuild", [
          "-bb",
          "--target",
          "noarch",
          ...define,
          join(folder, `${name}.spec`),
        ]);
        assert.equal(built.status, 0, String(built.stderr));
      }
      const packages = readdirSync(join(folder, "top/RPMS/noarch")).map((name) =>
        join(folder, "top/RPMS/noarch", name),
      );
      const place = ["--root", join(folder, "root"), "--define", "_db_backend sqlite"];
      const put = spawnSync("rpm", [...place, "-i", "--justdb", "--nodeps", "--ignorearch", ...packages]);
      assert.equal(put.status, 0, String(put.stderr));
      const format = "%{NAME} %{EVR} %{ARCH}\\n";
      const told = spawnSync("rpm", [...place, "-qa", "--qf", format], { encoding: "utf8" }).stdout;
      const names = readdirSync(join(folder, "root"), { recursive: true, encoding: "utf8" });
      const database = names.find((name) => name.endsWith("rpmdb.sqlite"))!;
      const read = readRpmDatabase(readFileSync(join(folder, "root", database)));
      assert.deepEqual(read.map(shown).sort(), told.trim().split("\n").sort());
      assert.equal(read.length, 4);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
