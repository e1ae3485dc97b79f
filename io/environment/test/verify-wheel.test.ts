// Every way in which a wheel can be hostile, each with its code; and the wheels that must pass.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type ErrorCode, ThothError } from "@thoth/pep";
import { type Artifact, buildWheel, deflateZeros, type WheelOptions, type ZipMember } from "@thoth/testkit";
import { type ExpectedWheel, verifyWheel, WHEEL_LIMITS, type WheelLimits } from "../src/verify-wheel.ts";

let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "thoth-wheel-"));
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function verify(
  wheel: Pick<Artifact, "filename" | "bytes">,
  expected: Partial<ExpectedWheel> = {},
  limits?: WheelLimits,
) {
  const path = join(folder, wheel.filename);
  await writeFile(path, wheel.bytes);
  const wish = { name: "demo", version: "1.0", filename: wheel.filename, ...expected };
  return await verifyWheel(path, wish, limits ?? WHEEL_LIMITS);
}

function demo(options: Partial<WheelOptions> = {}): Artifact {
  return buildWheel({ name: "demo", version: "1.0", ...options });
}

async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<ThothError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ThothError, `expected ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.ok(error.details?.["filename"], "the error names the file");
  return error;
}

/** A wheel whose first file has another name in the archive; RECORD lists it under that name. */
function named(name: string, mode?: number): Artifact {
  return demo({
    files: { [name]: "x = 1\n" },
    rewrite: (members) => members.map((member) => withMode(member, name, mode)),
  });
}

function withMode(member: ZipMember, name: string, mode: number | undefined): ZipMember {
  return mode === undefined || member.name !== name ? member : { ...member, mode };
}

describe("wheels that pass", () => {
  test("an ordinary one, and its metadata come back", async () => {
    const metadata = await verify(demo({ requires: ["click>=8"], requiresPython: ">=3.8" }));
    assert.deepEqual(metadata.requiresDist, ["click>=8"]);
    assert.equal(metadata.requiresPython, ">=3.8");
  });

  test("one with data, scripts, entry points, a local version and folders of their own", async () => {
    const options: WheelOptions = {
      name: "Demo.Pack",
      version: "1.0+local.2",
      files: {
        "demo_pack/__init__.py": "",
        "demo_pack-1.0+local.2.data/scripts/demo": "#!python\n",
        "demo_pack-1.0+local.2.data/data/share/demo/a.txt": "a",
        'demo_pack/with "quotes", and comma.txt': "b",
      },
      entryPoints: "[console_scripts]\ndemo-run = demo_pack:main\n[other.group]\n../odd = demo_pack:x\n",
      distInfo: "demo_pack-1.0+local.2",
      members: [{ name: "demo_pack/", data: "", method: "store", mode: 0o040755 }],
    };
    await verify(buildWheel(options), { name: "demo-pack", version: "1.0+local.2" });
  });

  test("one of many members, stored and deflated", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`demo/m${index}.py`, `x = ${index}\n`]),
    );
    await verify(demo({ files }));
  });

  test("metadata that agree with the index", async () => {
    const metadata = { requiresDist: ["b", "a"], requiresPython: undefined };
    await verify(demo({ requires: ["a", "b"] }), { metadata });
  });
});

describe("members outside their place", () => {
  const names = [
    "../evil.py",
    "demo/../../evil.py",
    "/etc/evil",
    "C:/evil.py",
    "demo\\evil.py",
    "..\\evil.py",
    "demo-1.0.data/scripts/python",
    "demo-1.0.data/scripts/python3.11",
    "demo-1.0.data/scripts/activate",
    "demo-1.0.data/data/pyvenv.cfg",
    "demo-1.0.data/data/bin/python3",
    "demo-1.0.data/elsewhere/x",
    "demo-1.0.data/stray",
    "other-1.0.data/scripts/x",
  ];
  for (const name of names) {
    test(name, async () => {
      await refuses("path-escape", verify(named(name)));
    });
  }

  test("a symbolic link", async () => {
    await refuses("path-escape", verify(named("demo/link", 0o120777)));
  });

  test("a device", async () => {
    await refuses("path-escape", verify(named("demo/device", 0o020666)));
  });

  for (const name of ["../../evil", "a/b", "python", "..", "a\\b"]) {
    test(`a program ${name} among the entry points`, async () => {
      const entryPoints = `[console_scripts]\n${name} = demo:main\n`;
      await refuses("path-escape", verify(demo({ entryPoints })));
    });
  }

  for (const name of ["demo/./x.py", "demo//x.py", "demo/a\u0007b.py", `demo/${"x".repeat(300)}.py`]) {
    test(`a name that is not in normal form: ${JSON.stringify(name.slice(0, 20))}`, async () => {
      await refuses("invalid-wheel", verify(named(name)));
    });
  }
});

describe("archives with two meanings", () => {
  const twice = { name: "demo/__init__.py", data: "evil = 1\n" };

  test("two members of one name", async () => {
    await refuses("invalid-wheel", verify(demo({ members: [twice] })));
  });

  test("a file that is a folder too", async () => {
    const files = { demo: "x", "demo/__init__.py": "y" };
    await refuses("invalid-wheel", verify(demo({ files })));
  });

  test("another name in the local header", async () => {
    const rewrite = (members: readonly ZipMember[]) =>
      members.map((member, index) =>
        index === 0 ? { ...member, lies: { localName: "demo/__evil__.py" } } : member,
      );
    await refuses("invalid-wheel", verify(demo({ rewrite })));
  });

  for (const [what, lies] of Object.entries({
    "a wrong check sum": { crc: 1 },
    "a wrong check sum in the local header": { localCrc: 1 },
    "a size that is too small": { size: 1 },
    "a size that is too large": { size: 1000 },
    "a compressed size that is too small": { compressedSize: 1 },
    "an encrypted member": { flags: 0x801 },
  })) {
    test(what, async () => {
      const rewrite = (members: readonly ZipMember[]) =>
        members.map((member, index) => (index === 0 ? { ...member, lies } : member));
      await refuses("invalid-wheel", verify(demo({ rewrite })));
    });
  }

  test("bytes before, after and between the members", async () => {
    const { bytes, filename } = demo();
    const junk = Buffer.from("junk");
    await refuses("invalid-wheel", verify({ filename, bytes: Buffer.concat([junk, bytes]) }));
    await refuses("invalid-wheel", verify({ filename, bytes: Buffer.concat([bytes, junk]) }));
    await refuses("invalid-wheel", verify({ filename, bytes: Buffer.concat([bytes, bytes]) }));
  });

  test("cut off anywhere", async () => {
    const { bytes, filename } = demo();
    for (let length = 0; length < bytes.length; length += 37) {
      await refuses("invalid-wheel", verify({ filename, bytes: bytes.slice(0, length) }));
    }
  });

  test("any byte changed is noticed or harmless", async () => {
    const { bytes, filename } = demo();
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 0x15;
      const error = await verify({ filename, bytes: changed }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) continue;
      assert.ok(error instanceof ThothError, String(error));
      refused++;
    }
    assert.ok(refused > bytes.length / 6, `${refused} refused of ${bytes.length / 3}`);
  });
});

describe("RECORD", () => {
  const change =
    (path: string, hash: string | undefined) =>
    (rows: readonly { path: string; hash: string; size: string }[]) =>
      hash === undefined
        ? rows.filter((row) => row.path !== path)
        : rows.map((row) => (row.path === path ? { ...row, hash } : row));

  test("a wrong digest", async () => {
    const record = change("demo/__init__.py", `sha256=${"A".repeat(43)}`);
    await refuses("hash-mismatch", verify(demo({ record })));
  });

  test("a digest that is not sha256 or better", async () => {
    for (const hash of ["md5=abc", "sha1=abc", "", "sha256"]) {
      await refuses("invalid-wheel", verify(demo({ record: change("demo/__init__.py", hash) })));
    }
  });

  test("a file that is not listed", async () => {
    await refuses("invalid-wheel", verify(demo({ record: change("demo/__init__.py", undefined) })));
    await refuses("invalid-wheel", verify(demo({ members: [{ name: "demo/hidden.py", data: "x" }] })));
  });

  test("two digests of one file", async () => {
    const record: NonNullable<WheelOptions["record"]> = (rows) => [
      ...rows,
      { ...rows[0]!, hash: `sha256=${"A".repeat(43)}` },
    ];
    await refuses("invalid-wheel", verify(demo({ record })));
  });

  test("missing, not UTF-8, damaged", async () => {
    await refuses("invalid-wheel", verify(demo({ record: null })));
    const damaged = { name: "demo-1.0.dist-info/RECORD", data: '"demo' };
    await refuses("invalid-wheel", verify(demo({ record: null, members: [damaged] })));
    const latin = { name: "demo-1.0.dist-info/RECORD", data: Buffer.from("d\xe9mo,,\n", "latin1") };
    await refuses("invalid-metadata", verify(demo({ record: null, members: [latin] })));
  });
});

describe("metadata", () => {
  test("another name or version than asked for", async () => {
    const text = (name: string, version: string) =>
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
    await refuses("metadata-mismatch", verify(demo({ metadataText: text("other", "1.0") })));
    await refuses("metadata-mismatch", verify(demo({ metadataText: text("demo", "1.1") })));
    await refuses("metadata-mismatch", verify(demo({ distInfo: "other-1.0" })));
    await refuses("metadata-mismatch", verify(demo({ distInfo: "demo-1.1" })));
    await refuses("metadata-mismatch", verify(demo(), { version: "2.0" }));
  });

  test("other requirements than the index said", async () => {
    const metadata = { requiresDist: [], requiresPython: undefined };
    await refuses("metadata-mismatch", verify(demo({ requires: ["evil"] }), { metadata }));
    await refuses("metadata-mismatch", verify(demo({ requiresPython: ">=3.12" }), { metadata }));
    const said = { requiresDist: ["a", "b"], requiresPython: undefined };
    await refuses("metadata-mismatch", verify(demo({ requires: ["a"] }), { metadata: said }));
  });

  test("missing, not UTF-8, twice", async () => {
    await refuses("invalid-wheel", verify(demo({ metadataText: null })));
    const latin = Buffer.from(
      "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nAuthor: Andr\xe9\n",
      "latin1",
    );
    await refuses("invalid-metadata", verify(demo({ metadataText: latin })));
    const second = { "other-1.0.dist-info/METADATA": "Name: other\n" };
    await refuses("invalid-wheel", verify(demo({ files: second })));
  });

  test("a million requirements", async () => {
    const lines = Array.from({ length: 1_000_000 }, (_, index) => `Requires-Dist: p${index}\n`);
    const metadataText = `Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n${lines.join("")}`;
    await refuses("limit-exceeded", verify(demo({ metadataText })));
  });

  test("an unknown version of the wheel format", async () => {
    await refuses("invalid-wheel", verify(demo({ wheelText: "Wheel-Version: 2.0\n" })));
    await refuses("invalid-wheel", verify(demo({ wheelText: "Tag: py3-none-any\n" })));
  });
});

describe("bombs", () => {
  test("a member of 1 GiB of zeros", async () => {
    const files = { "demo/zeros": deflateZeros(1 << 30) };
    const error = await refuses("limit-exceeded", verify(demo({ files })));
    assert.equal(error.details?.["limit"], "ratio");
  });

  test("METADATA of 1 GiB", async () => {
    const bomb = { name: "demo-1.0.dist-info/METADATA", data: deflateZeros(1 << 30) };
    await refuses("limit-exceeded", verify(demo({ metadataText: null, members: [bomb] })));
  });

  test("METADATA of 64 MiB, below the limit of the whole", async () => {
    const bomb = { name: "demo-1.0.dist-info/METADATA", data: deflateZeros(1 << 26) };
    const record: NonNullable<WheelOptions["record"]> = (rows) => [
      ...rows,
      { path: bomb.name, hash: `sha256=${"A".repeat(43)}`, size: "" },
    ];
    await refuses("limit-exceeded", verify(demo({ metadataText: null, members: [bomb], record })));
  });

  test("a member that says it is small and is not", async () => {
    const zeros = deflateZeros(1 << 30);
    const files = { "demo/zeros": { ...zeros, size: 1000 } };
    await refuses("invalid-wheel", verify(demo({ files })));
  });

  test("more members than a wheel may have", async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`demo/m${index}.py`, ""]));
    const error = await refuses(
      "limit-exceeded",
      verify(demo({ files }), {}, { ...WHEEL_LIMITS, members: 100 }),
    );
    assert.equal(error.details?.["limit"], "members");
  });
});

test("what is no archive at all", async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from("<html>not found</html>"), Buffer.alloc(1 << 16)]) {
    await refuses("invalid-wheel", verify({ filename: "demo-1.0-py3-none-any.whl", bytes }));
  }
});
