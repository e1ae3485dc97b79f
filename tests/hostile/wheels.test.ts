// Wheels and source distributions that attack whoever installs them. Each is refused with its code by
// `thoth install`, and nothing is left in the target, beside it, or in the store of environments.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ErrorCode } from "@thoth/pep";
import {
  type Artifact,
  buildSdist,
  buildWheel,
  deflateZeros,
  type IndexServer,
  runCommand,
  startIndex,
  type WheelOptions,
} from "@thoth/testkit";
import { type LockedArtifact, pylockOf } from "../locks.ts";
import { assertCode, leavesAlone, listFiles, makeFolder, makeHome } from "../support.ts";

const home = makeHome();
let server: IndexServer;
before(async () => {
  server = await startIndex();
});
after(() => server.close());

const innocent = buildWheel({ name: "innocent", version: "1.0" });

/** Installs a lock of an innocent package and this one into a folder beside files that must not change. */
async function install(locked: LockedArtifact, args: readonly string[] = []): ReturnType<typeof runCommand> {
  server.offer("innocent", [innocent]);
  const lock = pylockOf(server, [{ name: "innocent", version: "1.0", artifact: innocent }, locked]);
  const folder = makeFolder(home, { "pylock.toml": lock, "mine.txt": "mine", "evil.py": "mine" });
  const words = ["install", "pylock.toml", "--target", "inner/target", "--json", ...args];
  const environments = join(home, "data", "thoth", "environments");
  const earlier = existsSync(environments) ? readdirSync(environments) : [];
  const result = await leavesAlone(folder, () => runCommand("thoth", words, { home, cwd: folder }));
  assert.deepEqual(existsSync(environments) ? readdirSync(environments) : [], earlier);
  assert.deepEqual(
    [...listFiles(join(home, "tmp")).keys()].filter((name) => !name.startsWith("node-compile-cache")),
    [],
    "temporary files are left",
  );
  return result;
}

function evil(options: Partial<WheelOptions>): Artifact {
  return buildWheel({ name: "evil", version: "1.0", ...options });
}

async function refuse(artifact: Artifact, ...codes: readonly ErrorCode[]): Promise<void> {
  server.offer("evil", [artifact]);
  assertCode(await install({ name: "evil", version: "1.0", artifact }), ...codes);
}

describe("a wheel", { concurrency: 1 }, () => {
  const escapes: Readonly<Record<string, string>> = {
    "a parent folder": "../evil.py",
    "a parent folder further in": "evil/../../evil.py",
    "an absolute path": "/tmp/evil.py",
    "a backslash": "..\\evil.py",
    "a drive": "C:/evil.py",
    "a NUL": "evil\0.py",
    "an empty part": "evil//../../x.py",
    "a parent folder below its data": "evil-1.0.data/purelib/../../../evil.py",
  };
  for (const [what, name] of Object.entries(escapes)) {
    it(`whose member has ${what} is refused`, async () => {
      await refuse(
        evil({ files: { "evil/__init__.py": "", [name]: "evil" } }),
        "path-escape",
        "invalid-wheel",
      );
    });
  }
  it("whose member is a symbolic link is refused", async () => {
    const link = { name: "evil/link", data: "/etc", mode: 0o120777 };
    await refuse(evil({ members: [link] }), "path-escape", "invalid-wheel");
    const through = [link, { name: "evil/link/passwd", data: "evil" }];
    await refuse(evil({ members: through }), "path-escape", "invalid-wheel");
  });
  it("with two members of one name is refused", async () => {
    await refuse(evil({ members: [{ name: "evil/__init__.py", data: "evil" }] }), "invalid-wheel");
  });
  it("with two members that differ in case alone is refused, or both are kept", async () => {
    const artifact = evil({ files: { "evil/a.py": "1", "evil/A.py": "2" } });
    server.offer("evil", [artifact]);
    const folder = makeFolder(home, {
      "pylock.toml": pylockOf(server, [{ name: "evil", version: "1.0", artifact }]),
    });
    const result = await runCommand("thoth", ["install", "pylock.toml", "--target", "t", "--json"], {
      home,
      cwd: folder,
    });
    if (result.status !== 0) assertCode(result, "invalid-wheel");
    else
      assert.deepEqual(
        readdirSync(join(folder, "t", "evil")).filter((name) => name.endsWith(".py")).length,
        2,
      );
  });
  it("whose RECORD has a wrong hash is refused", async () => {
    const record: WheelOptions["record"] = (rows) =>
      rows.map((row) =>
        row.path.endsWith("__init__.py") ? { ...row, hash: `sha256=${"A".repeat(43)}` } : row,
      );
    await refuse(evil({ record }), "invalid-wheel", "hash-mismatch");
  });
  it("with a member that RECORD does not know is refused", async () => {
    await refuse(evil({ members: [{ name: "evil/more.py", data: "evil" }] }), "invalid-wheel");
  });
  it("without RECORD, or with RECORD outside, is refused", async () => {
    await refuse(evil({ record: null }), "invalid-wheel");
    const record: WheelOptions["record"] = (rows) => [
      ...rows,
      { path: "../../../evil.py", hash: "", size: "" },
    ];
    await refuse(evil({ record }), "path-escape", "invalid-wheel");
  });
  it("whose scripts or data lie outside their place is refused", async () => {
    await refuse(evil({ files: { "evil-1.0.data/nowhere/x": "evil" } }), "invalid-wheel", "path-escape");
    await refuse(
      evil({ files: { "evil-1.0.data/scripts/../../x": "evil" } }),
      "path-escape",
      "invalid-wheel",
    );
    await refuse(
      evil({ entryPoints: "[console_scripts]\n../../../evil = evil:main\n" }),
      "invalid-wheel",
      "path-escape",
    );
    await refuse(
      evil({ entryPoints: "[console_scripts]\n/etc/evil = evil:main\n" }),
      "invalid-wheel",
      "path-escape",
    );
  });
  it("that is a bomb is refused", async () => {
    const huge = deflateZeros(2 ** 32);
    await refuse(
      evil({ members: [{ name: "evil/zeros.bin", data: { ...huge, size: 0xffff_ffff } }] }),
      "limit-exceeded",
      "invalid-wheel",
    );
    const small = { ...deflateZeros(2 ** 28), size: 10 };
    await refuse(
      evil({ members: [{ name: "evil/zeros.bin", data: small }] }),
      "limit-exceeded",
      "invalid-wheel",
    );
  });
  it("of 300,000 members is refused", async () => {
    const rewrite: WheelOptions["rewrite"] = (members) => [
      ...Array.from({ length: 65_000 }, (_, at) => ({
        name: `evil/${at}.py`,
        data: "",
        method: "store" as const,
      })),
      ...members,
    ];
    await refuse(evil({ rewrite }), "limit-exceeded", "invalid-wheel");
  });
  it("whose headers lie is refused", async () => {
    const text = { name: "evil/lie.py", data: "print('evil')" };
    for (const lies of [
      { crc: 1 },
      { size: 2 },
      { compressedSize: 3 },
      { flags: 1 },
      { localName: "evil/other.py" },
      { localCrc: 7 },
    ]) {
      const rewrite: WheelOptions["rewrite"] = (members) =>
        members.map((member) => (member.name === text.name ? { ...member, lies } : member));
      await refuse(
        evil({ files: { "evil/__init__.py": "", [text.name]: text.data }, rewrite }),
        "invalid-wheel",
        "path-escape",
      );
    }
  });
  it("that is no archive, or is cut off, is refused", async () => {
    const whole = evil({});
    await refuse({ ...whole, bytes: Buffer.from("this is no zip") }, "invalid-wheel");
    await refuse({ ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length - 30) }, "invalid-wheel");
    await refuse({ ...whole, bytes: Buffer.alloc(0) }, "invalid-wheel");
  });
  it("whose metadata is another's is refused", async () => {
    const texts: readonly WheelOptions["metadataText"][] = [
      "Metadata-Version: 2.2\nName: victim\nVersion: 1.0\n",
      "Metadata-Version: 2.2\nName: evil\nVersion: 2.0\n",
      null,
      Buffer.from("Metadata-Version: 2.2\nName: evil\nVersion: 1.0\nSummary: \xff\xfe\xfd\n", "latin1"),
    ];
    for (const text of texts) {
      await refuse(
        evil(text === undefined ? {} : { metadataText: text }),
        "metadata-mismatch",
        "invalid-metadata",
        "invalid-wheel",
      );
    }
  });
  it("with METADATA of 1 GB is refused", async () => {
    const rewrite: WheelOptions["rewrite"] = (members) =>
      members.map((member) =>
        String(member.name).endsWith("/METADATA") ? { ...member, data: deflateZeros(2 ** 30) } : member,
      );
    await refuse(evil({ rewrite }), "limit-exceeded", "invalid-wheel", "invalid-metadata");
  });
  it("whose folder of metadata is another's is refused", async () => {
    await refuse(evil({ distInfo: "victim-1.0" }), "invalid-wheel", "metadata-mismatch");
  });
});

describe("an artifact", { concurrency: 1 }, () => {
  it("whose hash is not the lock's is refused, with what was expected and found", async () => {
    const artifact = evil({});
    server.offer("evil", [artifact]);
    const error = assertCode(
      await install({ name: "evil", version: "1.0", artifact, sha256: "ab".repeat(32) }),
      "hash-mismatch",
    );
    const said = JSON.stringify(error);
    assert.match(said, /evil-1\.0-py3-none-any\.whl/);
    assert.match(said, /(ab){32}/);
  });
  it("that changes between two requests is refused", async () => {
    const artifact = evil({});
    server.offer("evil", [artifact]);
    const path = `/files/${artifact.filename}`;
    server.spoil(path, { kind: "body", body: evil({ summary: "changed" }).bytes });
    assertCode(await install({ name: "evil", version: "1.0", artifact }), "hash-mismatch");
    server.spoil(path);
  });
  it("that is longer than the lock says is refused", async () => {
    const artifact = evil({ files: { "evil/x.bin": Buffer.alloc(50_000, 7) } });
    server.offer("evil", [artifact]);
    assertCode(
      await install({ name: "evil", version: "1.0", artifact, size: 10 }),
      "hash-mismatch",
      "limit-exceeded",
    );
  });
  it("without an end is given up", async () => {
    const artifact = evil({ summary: "endless" });
    server.offer("evil", [artifact]);
    const path = `/files/${artifact.filename}`;
    server.spoil(path, { kind: "flood", size: 50e9 });
    assertCode(
      await install({ name: "evil", version: "1.0", artifact, size: 5000 }),
      "hash-mismatch",
      "limit-exceeded",
    );
    server.spoil(path);
  });
  it("that is cut off again and again is given up", async () => {
    const artifact = evil({ summary: "cut" });
    server.offer("evil", [artifact]);
    const path = `/files/${artifact.filename}`;
    server.spoil(path, { kind: "cut", after: 100 });
    assertCode(
      await install({ name: "evil", version: "1.0", artifact }),
      "index-unreachable",
      "hash-mismatch",
    );
    server.spoil(path);
  });
  for (const url of [
    "file:///etc/passwd",
    "ftp://127.0.0.1/evil-1.0-py3-none-any.whl",
    "git+ssh://127.0.0.1/x",
  ]) {
    it(`at ${url} is refused`, async () => {
      const artifact = evil({ summary: "elsewhere" });
      const result = await install({ name: "evil", version: "1.0", artifact, url });
      assertCode(
        result,
        "invalid-lock",
        "hash-mismatch",
        "no-matching-artifact",
        "index-response-invalid",
        "file-failed",
      );
      assert.doesNotMatch(result.stdout + result.stderr, /root:/);
    });
  }
  it("that is a source distribution is not built", async () => {
    const code = "import pathlib\npathlib.Path('/tmp/OWNED-BY-BUILD').write_text('x')\n";
    const artifact = buildSdist({
      name: "evil",
      version: "1.0",
      files: { "setup.py": code, "backend.py": code },
    });
    server.offer("evil", [artifact]);
    assertCode(
      await install({ name: "evil", version: "1.0", artifact }),
      "build-not-allowed",
      "no-matching-artifact",
    );
    assert.ok(!existsSync("/tmp/OWNED-BY-BUILD"));
  });
});

describe("a lock", { concurrency: 1 }, () => {
  const broken: Readonly<Record<string, string>> = {
    "that is no TOML": "= = [",
    "without a version": 'created-by = "x"\npackages = []\n',
    "of the future": 'lock-version = "9.0"\ncreated-by = "x"\npackages = []\n',
    "with nested tables beyond reason": `lock-version = "1.0"\ncreated-by = "x"\nx = ${"[".repeat(100_000)}`,
    "with a prototype as key": '__proto__ = 5\nlock-version = "1.0"\n[constructor]\nx = 1\n',
    "with a name that escapes":
      'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "../../x"\nversion = "1"\n',
    "with a file name that escapes": `lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "x"\nversion = "1"\nwheels = [{ name = "../../x-1-py3-none-any.whl", url = "http://127.0.0.1:9/x-1-py3-none-any.whl", hashes = { sha256 = "${"0".repeat(64)}" } }]\n`,
    "without hashes":
      'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "x"\nversion = "1"\nwheels = [{ name = "x-1-py3-none-any.whl", url = "http://127.0.0.1:9/x-1-py3-none-any.whl", hashes = {} }]\n',
  };
  for (const [what, text] of Object.entries(broken)) {
    it(`${what} is refused`, async () => {
      const folder = makeFolder(home, { "pylock.toml": text });
      const words = ["install", "pylock.toml", "--target", "target", "--json"];
      const result = await leavesAlone(folder, () => runCommand("thoth", words, { home, cwd: folder }));
      assertCode(result, "invalid-lock", "limit-exceeded", "invalid-requirement", "path-escape");
    });
  }
});
