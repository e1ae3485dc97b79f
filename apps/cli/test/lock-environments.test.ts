// One lock for several environments: what it says, that uv installs exactly that on each of them, and what is refused.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { formatMarker, parsePylock, selectPylock, targetEnvironment } from "@thoth/pep";
import { buildWheel, findPeer } from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const run = promisify(execFile);
const uv = findPeer("uv");
const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
const PYTHONS = ["3.11", "3.12", "3.13"];
/** By the name of an environment, what uv calls its platform. */
const PLATFORMS = {
  "linux-x86_64": "x86_64-unknown-linux-gnu",
  "linux-aarch64": "aarch64-unknown-linux-gnu",
  "macos-arm64": "aarch64-apple-darwin",
  "windows-x86_64": "x86_64-pc-windows-msvc",
};
const TAGS = ["manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "macosx_11_0_arm64", "win_amd64"];

const native = (version: string, pythons: readonly string[], platforms: readonly string[] = TAGS) =>
  pythons.flatMap((python) =>
    platforms.map((platform) =>
      buildWheel({
        name: "native",
        version,
        tag: `cp${python.replace(".", "")}-cp${python.replace(".", "")}-${platform}`,
        requires: version === "3.0" ? ["winonly ; sys_platform == 'win32'"] : [],
      }),
    ),
  );

/** Python that uv has here, for which such a lock is. */
function pythonOfUv(): string | undefined {
  if (uv === undefined) return undefined;
  const found = spawnSync(uv, ["python", "find", "--no-python-downloads", ">=3.11,<3.14"], {
    encoding: "utf8",
  });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

describe("thoth lock for several environments", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
    const { index } = shop;
    index.offer("native", {
      files: [
        ...native("1.0", PYTHONS),
        ...native("2.0", ["3.11", "3.12"]),
        ...native("3.0", ["3.12", "3.13"]),
        // Nothing for macOS.
        ...native("4.0", ["3.13"], TAGS.slice(0, 2)),
      ],
    });
    index.offer("winonly", { files: [buildWheel({ name: "winonly", version: "1.0" })] });
    index.offer("mixed", {
      files: [
        buildWheel({
          name: "mixed",
          version: "1.0",
          requires: ["winonly ; sys_platform == 'win32'", "beta<2 ; sys_platform != 'win32'"],
        }),
      ],
    });
    index.offer("split", {
      files: [
        buildWheel({ name: "split", version: "1.0", tag: "py3-none-win_amd64" }),
        buildWheel({ name: "split", version: "1.1", tag: "py3-none-macosx_11_0_arm64" }),
        buildWheel({
          name: "split",
          version: "2.0",
          tag: "py3-none-manylinux_2_17_x86_64",
          requires: ["beta<2"],
        }),
        buildWheel({
          name: "split",
          version: "2.0",
          tag: "py3-none-manylinux_2_17_aarch64",
          requires: ["beta<2"],
        }),
      ],
    });
  });
  after(() => shop.close());

  const lock = async (text: string, ...words: string[]) => {
    shop.write("requirements.in", text);
    return shop.run("thoth", ["lock", "requirements.in", ...words]);
  };
  const each = PYTHONS.flatMap((python) => ["--environment", `${python}:default`]);
  const entries = (text: string) =>
    parsePylock(text).packages.map(
      ({ name, version, marker }) =>
        `${name} ${version?.text}${marker === undefined ? "" : ` ; ${formatMarker(marker)}`}`,
    );

  it("has one version where there is one for all", async () => {
    const result = await lock("native\n", ...each);
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(entries(result.stdout), ["native 1.0"]);
    const one = await lock("native\n", "--environment", "default", "--python-version", "3.12");
    assert.deepEqual(entries(one.stdout), ["native 3.0", 'winonly 1.0 ; sys_platform == "win32"']);
  });

  it("else has the fewest differences, in every form", async () => {
    const words = ["--environment", "default", "--python-version", "3.12"];
    const expected = [
      'beta 1.0 ; sys_platform == "linux"',
      'split 2.0 ; sys_platform == "linux"',
      'split 1.1 ; sys_platform == "darwin"',
      'split 1.0 ; sys_platform == "win32"',
    ];
    const result = await lock("split\n", ...words);
    assert.deepEqual(entries(result.stdout), expected);
    const { stdout } = await lock("split\n", ...words, "--format", "requirements");
    assert.deepEqual(
      stdout
        .split("\n")
        .filter((line) => line.includes("=="))
        .map((line) => line.split(" \\")[0]?.replace("==", " "))
        .filter((line) => !line?.startsWith("-")),
      expected,
    );
    const document = documentOf(await lock("split\n", ...words, "--json"), "thoth lock") as {
      environments: { name: string }[];
      objective: { level: string; value: number }[];
      proof: string;
    };
    assert.deepEqual(
      document.environments.map(({ name }) => name),
      ["3.12:linux-aarch64", "3.12:linux-x86_64", "3.12:macos-arm64", "3.12:windows-x86_64"],
    );
    assert.equal(document.objective.find(({ level }) => level === "differences")?.value, 1);
    assert.equal(document.proof, "optimal");
  });

  it("is the same whatever the order of the environments", async () => {
    const names = ["3.12:windows-x86_64", "3.12:linux-x86_64", "3.11:macos-arm64"];
    const words = (all: readonly string[]) => all.flatMap((name) => ["--environment", name]);
    const one = await lock("split\nnative\nalpha\n", ...words(names));
    const other = await lock("split\nnative\nalpha\n", ...words(names.toReversed()));
    assert.equal(one.status, 0, one.stderr);
    assert.equal(one.stdout, other.stdout);
  });

  it("says for which environment there is none, and refuses what it cannot do", async () => {
    const none = await lock("native>=4\n", "--environment", "default", "--python-version", "3.13", "--json");
    assert.equal(codeOf(none), "no-matching-artifact");
    const { error } = none.json as { error: { message: string; details: { environment: string } } };
    assert.equal(error.details.environment, "3.13:macos-arm64");
    assert.ok(error.message.startsWith("for macos-arm64 (Python 3.13): "));
    for (const words of [
      ["--environment", "default", "--format", "pipfile-lock"],
      ["--environment", "default", "-o", "Pipfile.lock"],
      ["--environment", "default", "--platform", "linux"],
      ["--environment", "default", "--engine", "pip"],
      ["--environment", "default", "--proof", "proof.json"],
      ["--prefer", "pylock.toml"],
      ["--environment", "atari"],
      ["--environment", "3.12: linux"],
      ["--environment", "3.12:linux-x86_64", "--environment", "3.12:musllinux_1_2_x86_64"],
    ])
      assert.equal(codeOf(await lock("native\n", ...words, "--json")), "usage", words.join(" "));
  });

  it("keeps the versions of another lock where they can be had, and tells why not", async () => {
    const { index } = shop;
    const versions = ["1.0", "2.0", "3.0"];
    index.offer("steady", { files: versions.map((version) => buildWheel({ name: "steady", version })) });
    const old = ["--environment", "3.13:linux-x86_64", "--environment", "3.13:linux-aarch64"];
    shop.write("constraints.txt", "steady<3\n");
    const first = await lock("native>=3\nsteady\n", ...old, "-c", "constraints.txt", "-o", "pylock.toml");
    assert.equal(first.status, 0, first.stderr);
    const wider = [...old, "--environment", "3.13:macos-arm64", "--prefer", "pylock.toml"];
    const result = await lock("native>=3\nsteady\n", ...wider, "--json");
    const document = documentOf(result, "thoth lock") as unknown as {
      packages: { name: string; version: string; marker?: string }[];
      moved: object[];
      objective: { level: string; value: number; bound: number }[];
    };
    assert.deepEqual(document.moved, [
      {
        ...{ name: "native", from: "4.0", to: "3.0", environments: ["3.13:macos-arm64"] },
        why: "no wheel for this platform",
      },
    ]);
    assert.deepEqual(
      document.packages.map(({ name, version }) => `${name} ${version}`),
      ["native 4.0", "native 3.0", "steady 2.0"],
    );
    const of = (level: string) => document.objective.find((one) => one.level === level);
    assert.deepEqual([of("change")?.value, of("change")?.bound, of("differences")?.value], [1, 1, 1]);
    // A requirements file tells versions too, and what is asked for now is not bent by them.
    shop.write("old.txt", `steady==1.0 --hash=sha256:${"0".repeat(64)}\n`);
    const other = [...old, "--prefer", "old.txt"];
    assert.deepEqual(entries((await lock("steady\n", ...other)).stdout), ["steady 1.0"]);
    const told = await lock("steady>1\n", ...other);
    assert.deepEqual(entries(told.stdout), ["steady 3.0"]);
    assert.match(told.stderr, /steady 1\.0 → 3\.0 for 3\.13:linux-aarch64, 3\.13:linux-x86_64/);
  });

  it("is not installed elsewhere, which says what it is for", async () => {
    const result = await lock("alpha\n", "--environment", "windows-x86_64", "-o", "pylock.toml");
    assert.equal(result.status, 0, result.stderr);
    const elsewhere = await shop.run("thoth", ["install", "pylock.toml", "--json"]);
    assert.equal(codeOf(elsewhere), "no-matching-artifact");
    const { details } = (elsewhere.json as { error: { details: { environments: string[] } } }).error;
    assert.ok(details.environments.every((name) => name.endsWith(":windows-x86_64")));
  });

  it("is installed here without what is for others, by Thoth and by pip", {
    skip: process.platform !== "linux" && "it is written for Linux",
  }, async () => {
    const words = ["--environment", "default", "-o"];
    assert.equal((await lock("mixed\n", ...words, "pylock.toml")).status, 0);
    assert.equal((await lock("mixed\n", ...words, "locked.txt")).status, 0);
    for (const file of ["pylock.toml", "locked.txt"]) {
      const installed = await shop.run("thoth", ["install", file, "--json"]);
      const { packages } = documentOf(installed, "thoth install") as {
        packages: { name: string; version: string }[];
      };
      assert.deepEqual(
        packages.map(({ name, version }) => `${name} ${version}`),
        ["beta 1.0", "mixed 1.0"],
      );
    }
    if (!hasPip) return;
    const options = ["install", "--dry-run", "--isolated", "--disable-pip-version-check", "--no-cache-dir"];
    const places = ["--target", join(shop.home, "pip-target"), "-r", join(shop.folder, "locked.txt")];
    // The index answers from this process.
    const done = await run("python3", ["-m", "pip", ...options, "--require-hashes", ...places]);
    assert.match(done.stdout, /^Would install beta-1\.0 mixed-1\.0$/m);
  });

  it("is shown as a tree with both versions, and is not taken for one stack", async () => {
    const made = await lock("split\n", "--environment", "3.12:default", "-o", "pylock.toml");
    assert.equal(made.status, 0, made.stderr);
    const { stdout } = await shop.run("thoth", ["graph", "pylock.toml"]);
    assert.deepEqual(stdout.trim().split("\n"), ["split 2.0", "└─ beta 1.0", "split 1.1", "split 1.0"]);
    for (const words of [["diff", "pylock.toml", "pylock.toml"], ["fix"], ["heal", "pylock.toml"]])
      assert.equal(codeOf(await shop.run("thoth", [...words, "--json"])), "usage", words.join(" "));
  });

  it("is installed by uv as it says, on every platform and Python", {
    skip: pythonOfUv() === undefined && "uv, or a Python for it, is not on this machine",
  }, async () => {
    const python = pythonOfUv() as string;
    for (const text of ["native\nsplit\n", "native>=2\nalpha\n"]) {
      const result = await lock(text, ...each, "-o", "pylock.toml");
      assert.equal(result.status, 0, result.stderr);
      const path = join(shop.folder, "pylock.toml");
      const written = parsePylock(readFileSync(path, "utf8"));
      for (const pythonVersion of PYTHONS)
        for (const [platform, triple] of Object.entries(PLATFORMS)) {
          const options = [
            "--python",
            python,
            "--python-version",
            pythonVersion,
            "--python-platform",
            triple,
          ];
          const places = [
            "--target",
            join(shop.home, "uv-target"),
            "--cache-dir",
            join(shop.home, "uv-cache"),
          ];
          const words = ["pip", "install", "--dry-run", "--no-config", "--preview-features", "pylock"];
          const all = [...words, "--only-binary", ":all:", ...options, ...places, "-r", path];
          const done = spawnSync(uv as string, all, { encoding: "utf8" });
          assert.equal(done.status, 0, done.stderr);
          const chosen = selectPylock(written, targetEnvironment({ pythonVersion, platform })).map(
            ({ package: { name, version } }) => `${name}==${version?.text}`,
          );
          const planned = [...done.stderr.matchAll(/^ \+ (\S+)/gm)].map(([, pin]) => pin);
          assert.deepEqual(planned.sort(), chosen.sort(), `${pythonVersion}:${platform}`);
        }
    }
  });
});
