// `thoth abi-check`: what the native files of a lock need, against images that a registry on loopback has, and this machine.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  type CommandResult,
  type ElfPlan,
  imageDigest,
  type SourceWorld,
  startSourceWorld,
  type WorldImage,
  type WorldProject,
  writeElf,
} from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const elf = (more: Partial<ElfPlan>) =>
  writeElf({ bits: 64, littleEndian: true, machine: 62, needs: [], symbols: [], provides: [], ...more });
const upTo = (family: string, last: number) => Array.from({ length: last + 1 }, (_, at) => `${family}${at}`);
const needing = (library: string, ...versions: string[]) =>
  elf({ needs: [library], symbols: versions.length === 0 ? [] : [[library, versions]] });

const TAG = "cp311-cp311-manylinux_2_28_x86_64";
const module = (name: string) => `${name}/_x.cpython-311-x86_64-linux-gnu.so`;
const PROJECTS: readonly WorldProject[] = [
  {
    name: "array",
    serial: 1,
    versions: ["2.1.0"],
    tag: TAG,
    files: {
      "array/__init__.py": "",
      [module("array")]: needing("libc.so.6", "GLIBC_2.17", "GLIBC_2.28"),
      "array/_y.cpython-311-x86_64-linux-gnu.so": needing(
        "libstdc++.so.6",
        "GLIBCXX_3.4.21",
        "GLIBCXX_3.4.29",
      ),
    },
  },
  {
    name: "picture",
    serial: 1,
    versions: ["1.0"],
    tag: TAG,
    files: { "picture/__init__.py": "", [module("picture")]: needing("libpicture.so.3") },
  },
  {
    name: "cards",
    serial: 1,
    versions: ["1.0"],
    tag: TAG,
    files: { "cards/__init__.py": "", [module("cards")]: needing("libcuda.so.1") },
  },
  { name: "pure", serial: 1, versions: ["1.0"] },
];

const FOLDER = "usr/lib/x86_64-linux-gnu";
function image(
  tag: string,
  version: string,
  { glibc, compiler }: Record<"glibc" | "compiler", number>,
): WorldImage {
  return {
    repository: "thoth/debian",
    tag,
    architecture: "amd64",
    layers: [
      {
        members: [
          { name: "etc/os-release", data: `ID=debian\nVERSION_ID="${version}"\n` },
          {
            name: `${FOLDER}/libc.so.6`,
            data: elf({ soname: "libc.so.6", provides: upTo("GLIBC_2.", glibc) }),
          },
          {
            name: `${FOLDER}/libstdc++.so.6.0`,
            data: elf({ soname: "libstdc++.so.6", provides: upTo("GLIBCXX_3.4.", compiler) }),
          },
          {
            name: "usr/bin/python3.11",
            data: Buffer.concat([elf({}), Buffer.from("\x003.11.7\0")]),
          },
        ],
      },
    ],
  };
}
const OLD = image("old", "9", { glibc: 24, compiler: 22 });
const NEW = image("new", "12", { glibc: 36, compiler: 30 });

describe("thoth abi-check", {
  skip: process.arch !== "x64" ? "the images are for another machine" : false,
}, () => {
  let shop: Workshop;
  let world: SourceWorld;
  let graph: string;

  before(async () => {
    shop = await openWorkshop();
    world = await startSourceWorld(PROJECTS, { images: [OLD, NEW] });
    graph = join(shop.home, "graph.sqlite");
    for (const { name } of PROJECTS) await lock(name, name);
    await lock("all", ...PROJECTS.map(({ name }) => name));
    const result = await run("knowledge", "refresh", "images");
    assert.equal(result.status, 0, result.stderr);
  });
  after(async () => {
    await world.close();
    await shop.close();
  });

  const env = () => ({ ...world.variables, THOTH_DATABASE: graph, THOTH_SOURCE_PAUSE: "0" });
  const run = (...words: string[]) => shop.run("thoth", [...words, "--json"], { env: env() });
  const check = (...words: string[]) => run("abi-check", ...words);
  const named = (tag: string) => `${new URL(world.origin).host}/thoth/debian:${tag}`;

  async function lock(name: string, ...packages: string[]): Promise<void> {
    shop.write(`${name}.in`, packages.map((one) => `${one}\n`).join(""));
    const target = ["--python-version", "3.11.7", "--platform", "manylinux_2_28_x86_64"];
    const place = ["--index-url", `${world.origin}/simple/`, "--output", `pylock.${name}.toml`];
    const words = ["lock", `${name}.in`, ...target, ...place];
    const result = await shop.run("thoth", words, { bare: true });
    assert.equal(result.status, 0, result.stderr);
  }

  const lacks = (result: CommandResult) =>
    (
      documentOf(result, "thoth abi-check")["missing"] as {
        package: string;
        kind: string;
        library: string;
        versions: string[];
        offered: string[];
        decides: boolean;
      }[]
    ).map((lack) => [lack.package, lack.kind, lack.library, lack.versions, lack.offered, lack.decides]);

  it("names what an old image does not offer, and says so with the exit status", async () => {
    const result = await check("pylock.all.toml", "--image", named("old"));
    assert.equal(result.status, 1, result.stderr);
    assert.deepEqual(lacks(result), [
      ["array", "version", "libc.so.6", ["GLIBC_2.28"], ["GLIBC_2.24"], true],
      ["array", "version", "libstdc++.so.6", ["GLIBCXX_3.4.29"], ["GLIBCXX_3.4.22"], true],
      ["picture", "library", "libpicture.so.3", [], [], true],
      ["cards", "driver", "libcuda.so.1", [], [], false],
    ]);
    const { environment, wheels, fits } = documentOf(result, "thoth abi-check");
    assert.deepEqual([wheels, fits], [4, false]);
    assert.deepEqual(environment, {
      kind: "image",
      name: "debian 9",
      machine: "x86_64",
      glibc: "2.24",
      python: "3.11.7",
      digest: imageDigest(OLD),
    });
  });

  it("says it in plain words", async () => {
    const words = ["abi-check", "pylock.array.toml", "--image", named("old")];
    const { stdout, status } = await shop.run("thoth", words, { env: env() });
    assert.equal(status, 1);
    assert.match(stdout, /^array 2\.1\.0 needs GLIBC_2\.28, debian 9 offers 2\.24/m);
    assert.match(
      stdout,
      /^array 2\.1\.0 needs GLIBCXX_3\.4\.29 of libstdc\+\+\.so\.6, debian 9 offers 3\.4\.22/m,
    );
    assert.match(stdout, /^1 of 1 wheel cannot be loaded on debian 9$/m);
  });

  it("is content with what a newer image offers, by whatever name", async () => {
    for (const image_ of [named("new"), imageDigest(NEW)]) {
      const result = await check("pylock.array.toml", "--image", image_);
      assert.deepEqual([result.status, lacks(result)], [0, []], result.stderr);
    }
    assert.deepEqual((await check("pylock.cards.toml", "--image", named("new"))).status, 0);
    assert.deepEqual((await check("pylock.pure.toml", "--image", named("old"))).status, 0);
  });

  it("reads no wheel that the graph knows", async () => {
    const refreshed = await run("knowledge", "refresh", "contents", "--from", "pylock.all.toml");
    const told = (refreshed.json as { sources: { changed: number; absent: number }[] }).sources[0];
    assert.ok(told !== undefined && told.changed + told.absent === 4, JSON.stringify(told));
    const before = world.requests.length;
    const known = told.absent === 0 ? "pylock.all.toml" : "pylock.pure.toml";
    await check(known, "--image", named("old"));
    assert.deepEqual(world.requests.slice(before), []);
  });

  it("looks at this machine, and at an environment on it", async (t) => {
    const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    if (process.platform !== "linux" || python.status !== 0) return t.skip("this machine has no Python");
    const here = documentOf(await check("pylock.pure.toml"), "thoth abi-check");
    assert.equal((here["environment"] as { kind: string }).kind, "machine");
    const folder = join(shop.home, "venv");
    const made = spawnSync("mkdir", ["-p", join(folder, "bin")]);
    assert.equal(made.status, 0);
    symlinkSync(python.stdout.trim(), join(folder, "bin", "python"));
    const there = documentOf(await check("pylock.pure.toml", "--environment", folder), "thoth abi-check");
    assert.equal((there["environment"] as { name: string }).name, folder);
    assert.equal(there["fits"], true);
  });

  it("refuses what it does not know", async () => {
    for (const words of [
      ["pylock.all.toml", "--image", named("never")],
      ["pylock.all.toml", "--image", "NO IMAGE"],
      ["pylock.all.toml", "--image", named("new"), "--environment", shop.folder],
      ["pylock.all.toml", "--environment", shop.folder],
    ])
      assert.equal(codeOf(await check(...words)), "usage", words.join(" "));
    const other = await check("pylock.all.toml", "--image", named("new"), "--python-version", "3.9");
    assert.equal(codeOf(other), "no-matching-artifact");
  });
});
