// What is real: wheels of PyPI behind an index on loopback, and an image made of files of this machine.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { machine } from "node:os";
import { basename } from "node:path";
import { suite, test } from "node:test";
import { findMissing, glibcOf, readOsRelease } from "@thoth/artifact";
import { formatBody, type ImageFact } from "@thoth/knowledge";
import { parsePackageName } from "@thoth/pep";
import { downloadWheels, startIndex } from "@thoth/testkit";
import { readLocalCode, readLocalContents, readSurroundings } from "../../src/index.ts";
import { openRig } from "./rig.ts";

const real = downloadWheels("content-wheels", ["PyYAML==6.0.2", "click==8.1.7", "MarkupSafe==2.1.5"]);
const noWheels = real === undefined ? "the wheels cannot be downloaded" : false;

const run = (program: string, words: readonly string[]) =>
  spawnSync(program, words, { encoding: "buffer", maxBuffer: 1 << 30 });
const textOf = (program: string, words: readonly string[]) =>
  run(program, words).stdout?.toString().trim() ?? "";
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
const isDebian =
  machine() === "x86_64" && existsSync(`${LIBRARIES}/libc.so.6`) && existsSync("/var/lib/dpkg/status");

suite("contents of real wheels", { skip: noWheels }, () => {
  test("are those that are read of them on disk", async (t) => {
    const wheels = (real ?? []).map((path) => ({
      path,
      filename: basename(path),
      bytes: readFileSync(path),
    }));
    const projects = Object.fromEntries(
      wheels.map(({ filename, bytes }) => [
        parsePackageName(filename.split("-")[0] ?? ""),
        [{ filename, bytes, metadata: "" }],
      ]),
    );
    const index = await startIndex({ projects });
    t.after(() => index.close());
    const rig = await openRig(t, []);
    rig.wanted = Object.keys(projects);
    const report = await rig.refresh("contents", { base: index.indexUrl });
    assert.deepEqual([report.changed, report.facts, report.failures], [3, 6, []]);
    const facts = await rig.facts("contents", "code");
    for (const { path, bytes } of wheels) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const own = facts.filter(({ subject }) => subject === sha256).map(({ body }) => formatBody(body));
      const bodies = [await readLocalCode(path), await readLocalContents(path)];
      assert.deepEqual(own.sort(), bodies.map(formatBody).sort());
    }
  });
});

suite("an image of this machine's files", {
  skip: isDebian ? noWheels : "this machine is not Debian's",
}, () => {
  test("tells what the machine itself tells", async (t) => {
    const python = textOf("python3", ["-c", "import os, sys; print(os.path.realpath(sys.executable))"]);
    const version = textOf("python3", ["-c", "import platform; print(platform.python_version())"]);
    const inPython = textOf("python3", ["-c", "import sysconfig; print(sysconfig.get_config_var('LIBDIR'))"]);
    const names = [
      "libc",
      "libm",
      "libpthread",
      "libdl",
      "librt",
      "libgcc_s",
      "libstdc\\+\\+",
      "ld-linux-x86-64",
    ];
    const paths = textOf("find", [
      "/usr/lib/os-release",
      "/etc/os-release",
      "/var/lib/dpkg/status",
      LIBRARIES,
      inPython,
      python,
      "-maxdepth",
      "1",
      "-type",
      "f,l",
      "-regextype",
      "posix-extended",
      "-regex",
      `.*/(os-release|status|(${names.join("|")}|libpython[0-9.]+)\\.so.*|${basename(python)})`,
    ]).split("\n");
    const tar = run("tar", ["-C", "/", "-cf", "-", ...paths.map((path) => path.slice(1))]).stdout;
    const rig = await openRig(
      t,
      [],
      [],
      [{ repository: "this/machine", tag: "1", layers: [{ members: tar }] }],
    );
    assert.deepEqual((await rig.refresh("images")).failures, []);
    const image = (await rig.facts("image"))[0]?.body as ImageFact;
    const { id, version: release } = readOsRelease(readFileSync("/etc/os-release"));
    assert.deepEqual(image.os, { id, version: release });
    const format = "${db:Status-Status} ${Package} ${Version} ${Architecture}\\n";
    const told = textOf("dpkg-query", ["-W", "-f", format])
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length));
    assert.deepEqual(
      image.packages.map((one) => `${one.name} ${one.version} ${one.architecture}`).sort(),
      told.sort(),
    );
    if (/\/bin\/python3\.\d+$/.test(python)) assert.deepEqual(image.pythons, [{ path: python, version }]);
    const glibc = textOf("getconf", ["GNU_LIBC_VERSION"]).split(" ")[1];
    assert.equal(glibcOf(image.libraries), glibc);
    const contents = await Promise.all((real ?? []).map((path) => readLocalContents(path)));
    const surroundings = { kind: "libraries", machine: "x86_64", libraries: image.libraries } as const;
    assert.deepEqual(
      findMissing(contents, surroundings),
      findMissing(contents, await readSurroundings(contents)),
    );
    assert.deepEqual(findMissing(contents, { ...surroundings, libraries: [] }).length > 0, true);
  });
});
