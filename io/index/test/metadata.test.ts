import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  buildSdist,
  buildWheel,
  makeTarGz,
  makeZip,
  type RangeManner,
  startIndex,
  type ZipMember,
} from "@thoth/testkit";
import { codeOf, failureOf, openRig, requirementsOf } from "./rig.ts";

const foo = buildWheel({ name: "foo", version: "1.0", requires: ["bar>=1", "baz ; extra == 'x'"] });
/** Larger than what comes with one request. */
const large = buildWheel({
  name: "foo",
  version: "1.0",
  requires: ["bar>=2"],
  files: Object.fromEntries(
    Array.from({ length: 3000 }, (_, at) => [`foo/module${at}.py`, `value = ${at}\n`.repeat(10)]),
  ),
});

/** A wheel whose directory is so long that only its ends are read; `place` says where METADATA stands in it. */
function longWheel(place: number, rewrite = (members: ZipMember[]) => members, wheel = large) {
  const folder = "a/folder/of/modules/with/a/name/that/makes/the/directory/long";
  const others: ZipMember[] = Array.from({ length: 4000 }, (_, at) => ({
    name: `${folder}/module${at}.py`,
    data: "",
    method: "store",
  }));
  const name = `${wheel.filename.split("-", 2).join("-")}.dist-info/METADATA`;
  others.splice(place, 0, { name, data: wheel.metadata });
  return { ...wheel, bytes: makeZip(rewrite(others)) };
}

/** The entry that a directory would have for a member at the beginning of its file. */
function entryBytes(member: ZipMember): Uint8Array {
  const whole = Buffer.from(makeZip([member]));
  return whole.subarray(whole.indexOf("PK\u0001\u0002"), whole.lastIndexOf("PK\u0005\u0006"));
}

const evil = "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: evil\n";

suite("metadata of a wheel", () => {
  test("comes from the file beside it, in one request", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar>=1, baz ; extra == 'x'");
    assert.deepEqual(
      index.requests.map(({ path }) => path),
      ["/simple/foo/", `/files/${foo.filename}.metadata`],
    );
  });

  test("is asked for once where the index says that other wheels have the same", async (t) => {
    const tags = ["manylinux_2_17_x86_64", "macosx_11_0_arm64", "win_amd64"];
    const alike = tags.map((tag) => buildWheel({ name: "foo", version: "1.0", tag: `py3-none-${tag}` }));
    const other = buildWheel({ name: "foo", version: "1.0", tag: "py3-none-win32", requires: ["bar"] });
    const index = await startIndex({ projects: { foo: [...alike, other] } });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    const asked = () => index.requests.filter(({ path }) => path.endsWith(".metadata")).length;
    for (const { filename } of alike) assert.equal(await requirementsOf(session, "foo", filename), "");
    assert.equal(asked(), 1);
    assert.equal(await requirementsOf(session, "foo", other.filename), "bar");
    assert.equal(asked(), 2);
    // The next session finds it in the store, whichever of them is asked about.
    await session.close();
    const again = await openRig(t, { indexes: [index.indexUrl], folder });
    for (const { filename } of alike.toReversed())
      assert.equal(await requirementsOf(again.session, "foo", filename), "");
    assert.equal(asked(), 2);
  });

  test("comes from ranges in one or two requests", async (t) => {
    for (const [wheel, requests] of [
      [foo, 1],
      [large, 2],
    ] as const) {
      const index = await startIndex({ projects: { foo: [wheel] }, metadata: false });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.match(await requirementsOf(session, "foo"), /^bar>=/);
      assert.equal(index.requests.filter(({ status }) => status === 206).length, requests);
    }
  });

  test("comes from the ends of a long directory, and from all of it where they do not tell", async (t) => {
    for (const [place, requests] of [
      [4000, 2],
      [3900, 2],
      [2, 3],
      [2000, 4],
    ] as const) {
      const index = await startIndex({ projects: { foo: [longWheel(place)] }, metadata: false });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await requirementsOf(session, "foo"), "bar>=2", String(place));
      assert.equal(index.requests.filter(({ status }) => status === 206).length, requests, String(place));
    }
  });

  test("comes in one request where another release has it among its first members, if it is there", async (t) => {
    const next = buildWheel({ name: "foo", version: "1.1", requires: ["bar>=3"] });
    const lying = (lies: ZipMember["lies"]) => (members: ZipMember[]) =>
      members.map((one) => (one.name === "foo-1.1.dist-info/METADATA" ? { ...one, lies: lies! } : one));
    const cases: [string, { bytes: Uint8Array }, number, string][] = [
      ["at the same place", longWheel(2, undefined, next), 1, "bar>=3"],
      ["behind a few more", longWheel(7, undefined, next), 1, "bar>=3"],
      ["far from there", longWheel(2000, undefined, next), 5, "bar>=3"],
      ["at the end", longWheel(4000, undefined, next), 3, "bar>=3"],
      ["with its sizes behind it", longWheel(2, lying({ flags: 8 }), next), 3, "bar>=3"],
      ["with another check sum", longWheel(2, lying({ crc: 1 }), next), 1, "invalid-metadata"],
      ["in a small file", next, 1, "bar>=3"],
    ];
    for (const [label, { bytes }, requests, expected] of cases) {
      const index = await startIndex({
        projects: { foo: [longWheel(2), { ...next, bytes }] },
        metadata: false,
      });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await requirementsOf(session, "foo", large.filename), "bar>=2", label);
      const before = index.requests.length;
      assert.equal(await requirementsOf(session, "foo", next.filename), expected, label);
      assert.equal(
        index.requests.slice(before).filter(({ status }) => status === 206).length,
        requests,
        label,
      );
    }
  });

  test("is not believed where a long directory is forged", async (t) => {
    const forged: ZipMember = { name: "foo-1.0.dist-info/METADATA", data: evil };
    const cases: [string, Uint8Array, string][] = [
      [
        "another project's folder at the end",
        longWheel(2, (members) => [...members, { name: "bar-1.0.dist-info/METADATA", data: evil }]).bytes,
        "invalid-metadata",
      ],
      ["twice at the end", longWheel(4000, (members) => [...members, forged]).bytes, "invalid-metadata"],
      [
        "two names",
        longWheel(4000, (members) =>
          members.map((one) =>
            one.name === forged.name ? { ...one, lies: { localName: "foo-1.1.dist-info/METADATA" } } : one,
          ),
        ).bytes,
        "invalid-metadata",
      ],
      [
        "an entry within an entry's name",
        longWheel(2, (members) => [...members, { name: Buffer.from(entryBytes(forged)), data: "" }]).bytes,
        "invalid-metadata",
      ],
    ];
    for (const [label, bytes, expected] of cases) {
      const index = await startIndex({ projects: { foo: [{ ...large, bytes }] }, metadata: false });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await requirementsOf(session, "foo"), expected, label);
    }
  });

  test("is the same however the server treats ranges", async (t) => {
    const manners: RangeManner[] = ["honoured", "ignored", "refused", "no-suffix", "lying", "whole"];
    for (const wheel of [foo, large]) {
      for (const ranges of manners) {
        for (const size of [undefined, null, 10_000_000]) {
          const index = await startIndex({
            projects: { foo: [{ artifact: wheel, ...(size === undefined ? {} : { size }) }] },
            metadata: false,
            ranges,
          });
          t.after(() => index.close());
          const { session } = await openRig(t, { indexes: [index.indexUrl] });
          const found = await requirementsOf(session, "foo");
          assert.match(found, /^bar>=/, `${ranges}, size ${size}`);
          await index.close();
        }
      }
    }
  });

  test("is asked for without the size when the page does not tell", async (t) => {
    const index = await startIndex({ projects: { foo: [{ artifact: large, size: null }] }, metadata: false });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "bar>=2");
    assert.equal(index.requests.filter(({ status }) => status === 206).length, 2);
  });

  test("that is offered and missing is looked for in the wheel", async (t) => {
    const index = await startIndex({
      projects: { foo: [foo] },
      faults: { [`/files/${foo.filename}.metadata`]: { kind: "status", status: 404 } },
    });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    assert.match(await requirementsOf(session, "foo"), /^bar>=1/);
  });

  test("with another hash than the page says is refused, with both hashes", async (t) => {
    const offer = {
      artifact: foo,
      metadataText: "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n",
      metadataSha256: "0".repeat(64),
    };
    const index = await startIndex({ projects: { foo: [offer] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const failure = await failureOf(() => requirementsOf(session, "foo"));
    assert.equal(failure.code, "hash-mismatch");
    assert.equal(failure.details?.["file"], `${foo.filename}.metadata`);
    assert.equal(failure.details?.["expected"], "0".repeat(64));
    assert.match(String(failure.details?.["found"]), /^[0-9a-f]{64}$/);
  });

  test("must be of the project and version that the file's name says", async (t) => {
    for (const metadataText of [
      "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
      "Metadata-Version: 2.1\nName: foo\nVersion: 1.0.1\n",
    ]) {
      for (const metadata of [true, false]) {
        const wheel = buildWheel({ name: "foo", version: "1.0", metadataText });
        const index = await startIndex({ projects: { foo: [wheel] }, metadata });
        t.after(() => index.close());
        const { session } = await openRig(t, { indexes: [index.indexUrl] });
        assert.equal(await requirementsOf(session, "foo"), "metadata-mismatch");
      }
    }
  });

  test("that is missing, twice there, damaged or endless makes the release unusable", async (t) => {
    const cases: [string, Uint8Array][] = [
      ["missing", buildWheel({ name: "foo", version: "1.0", metadataText: null }).bytes],
      ["no archive", Buffer.from("not a wheel".repeat(1000))],
      ["empty", Buffer.alloc(0)],
      [
        "twice",
        makeZip([
          { name: "foo-1.0.dist-info/METADATA", data: foo.metadata },
          { name: "bar-1.0.dist-info/METADATA", data: foo.metadata },
        ]),
      ],
      ["no fields", buildWheel({ name: "foo", version: "1.0", metadataText: "\n" }).bytes],
    ];
    for (const [label, bytes] of cases) {
      const index = await startIndex({
        projects: { foo: [{ ...foo, bytes }] },
        metadata: false,
      });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await requirementsOf(session, "foo"), "invalid-metadata", label);
    }
  });

  test("of a gigabyte, or with a million requirements, is refused within limits", async (t) => {
    const many = `Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n${"Requires-Dist: bar\n".repeat(1_000_000)}`;
    const wheel = buildWheel({ name: "foo", version: "1.0", metadataText: many });
    for (const metadata of [true, false]) {
      const index = await startIndex({ projects: { foo: [wheel] }, metadata });
      t.after(() => index.close());
      const { session } = await openRig(t, { indexes: [index.indexUrl] });
      assert.equal(await requirementsOf(session, "foo"), "limit-exceeded");
    }
  });

  test("of a file that is gone makes the release unusable, this time", async (t) => {
    const index = await startIndex({
      projects: { foo: [foo] },
      metadata: false,
      faults: { [`/files/${foo.filename}`]: { kind: "status", status: 404, times: 1 } },
    });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "invalid-metadata");
    await session.close();
    const again = await openRig(t, { indexes: [index.indexUrl], folder });
    assert.match(await requirementsOf(again.session, "foo"), /^bar>=1/);
  });

  test("is kept for ever where the page has a hash, and asked for again where it has none", async (t) => {
    for (const [sha256, requests] of [
      [undefined, 1],
      [null, 2],
    ] as const) {
      const offer = { artifact: foo, ...(sha256 === undefined ? {} : { sha256 }) };
      const index = await startIndex({
        projects: { foo: [offer] },
        metadata: false,
        cacheControl: "no-cache",
      });
      t.after(() => index.close());
      const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
      await requirementsOf(session, "foo");
      await session.close();
      await session.close();
      const again = await openRig(t, { indexes: [index.indexUrl], folder });
      assert.match(await requirementsOf(again.session, "foo"), /^bar>=1/);
      assert.equal(index.requests.filter(({ path }) => path.startsWith("/files/")).length, requests);
    }
  });

  test("a server that fails is an error, not a reason to take another release", async (t) => {
    const index = await startIndex({
      projects: { foo: [foo] },
      faults: { [`/files/${foo.filename}.metadata`]: { kind: "status", status: 503 } },
    });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl], limits: { retries: 1 } });
    assert.equal(await codeOf(() => requirementsOf(session, "foo")), "index-unreachable");
  });
});

suite("metadata of a source distribution", () => {
  const fields = { name: "foo", version: "1.0", requires: ["bar>=3"] };

  async function answer(
    t: Parameters<typeof openRig>[0],
    artifact: ReturnType<typeof buildSdist>,
    more = {},
  ) {
    const index = await startIndex({ projects: { foo: [artifact] }, metadata: false });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl], ...more });
    return await requirementsOf(session, "foo");
  }

  test("is what a static PKG-INFO states", async (t) => {
    assert.equal(await answer(t, buildSdist(fields)), "bar>=3");
  });

  test("is what pyproject.toml states where PKG-INFO is old", async (t) => {
    const files = {
      "pyproject.toml":
        '[project]\nname = "foo"\ndynamic = ["version"]\ndependencies = ["bar>=4"]\n' +
        "[project.optional-dependencies]\nx = [\"baz ; python_version < '3'\"]\n",
    };
    const sdist = buildSdist({ ...fields, metadataVersion: "2.1", files });
    assert.equal(await answer(t, sdist), 'bar>=4, baz ; (python_version < "3") and extra == "x"');
  });

  test("that a build may change is not taken, and nothing is built unless allowed", async (t) => {
    const dynamic = buildSdist({ ...fields, dynamic: ["Requires-Dist"] });
    const old = buildSdist({
      ...fields,
      metadataVersion: "2.1",
      files: { "pyproject.toml": "[build-system]\nrequires = []\n" },
    });
    let built = 0;
    const buildMetadata = async () => {
      built++;
      return "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: built\n";
    };
    for (const sdist of [dynamic, old]) {
      assert.equal(await answer(t, sdist, { buildMetadata }), "build-not-allowed");
      assert.equal(built, 0);
      assert.equal(await answer(t, sdist, { buildMetadata, allowBuild: true }), "built");
      assert.equal(built, 1);
      built = 0;
    }
  });

  test("an allowed build is made although the store says that one was not allowed", async (t) => {
    const index = await startIndex({
      projects: { foo: [buildSdist({ ...fields, dynamic: ["Requires-Dist"] })] },
    });
    t.after(() => index.close());
    const { session, folder } = await openRig(t, { indexes: [index.indexUrl] });
    assert.equal(await requirementsOf(session, "foo"), "build-not-allowed");
    await session.close();
    const buildMetadata = async () =>
      "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Dist: built\n";
    const again = await openRig(t, { indexes: [index.indexUrl], folder, allowBuild: true, buildMetadata });
    assert.equal(await requirementsOf(again.session, "foo"), "built");
  });

  test("of a bomb, or of no archive at all, is refused within limits", async (t) => {
    const spaces = Buffer.alloc(64 * 1024 * 1024, 0x20);
    const bomb = makeTarGz([{ name: "foo-1.0/zeros", data: spaces }]);
    const limits = { unpackedBytes: 1024 * 1024 };
    const sdist = buildSdist(fields);
    assert.equal(await answer(t, { ...sdist, bytes: bomb }, { limits }), "limit-exceeded");
    assert.equal(await answer(t, { ...sdist, bytes: Buffer.from("no archive") }), "invalid-metadata");
    assert.equal(await answer(t, { ...sdist, bytes: sdist.bytes.subarray(0, 40) }), "invalid-metadata");
    const long = buildSdist({ ...fields, metadataText: "x".repeat(20 * 1024 * 1024) });
    assert.equal(await answer(t, long), "limit-exceeded");
  });

  test("stands in the top folder only", async (t) => {
    const members = [
      { name: "foo-1.0/foo.egg-info/PKG-INFO", data: "Metadata-Version: 2.2\nName: evil\nVersion: 1.0\n" },
    ];
    assert.equal(await answer(t, buildSdist({ ...fields, members })), "bar>=3");
    assert.equal(
      await answer(
        t,
        buildSdist({ ...fields, metadataText: null, members, files: { "pyproject.toml": "" } }),
      ),
      "build-not-allowed",
    );
  });

  test("is read from a zip too", async (t) => {
    const bytes = makeZip([{ name: "foo-1.0/PKG-INFO", data: buildSdist(fields).metadata }]);
    const zip = { filename: "foo-1.0.zip", bytes, metadata: "" };
    assert.equal(await answer(t, zip), "bar>=3");
  });
});
