import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareVersions, type IndexFile, normalizeName, parseVersion } from "@thoth/pep";
import fc from "fast-check";
import { encodeProject, ProjectRecord, readProject } from "../src/index.ts";

const STATUS = { status: "active" as const };
const INDEX = "https://index.test/simple/";

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const version = fc.constantFrom(
  "1.0",
  "1.0.0",
  "2.0rc1",
  "2!0.1",
  "1.0+local.1",
  "0.9.post3",
  "3.11.4",
  "10",
);
const text = fc.string({ maxLength: 12, unit: "grapheme" });

const file: fc.Arbitrary<IndexFile> = fc
  .record({
    version,
    wheel: fc.option(
      fc.constantFrom(
        "py3-none-any",
        "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "1build-py2.py3-none-any",
      ),
    ),
    folder: fc.option(text),
    sha256: fc.option(digest),
    md5: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/)),
    requiresPython: fc.option(fc.constantFrom(">=3.8", "<4,>=3.7", "nonsense ☃")),
    yanked: fc.oneof(
      fc.boolean(),
      text.filter((reason) => reason !== ""),
    ),
    coreMetadata: fc.oneof(fc.boolean(), digest),
    size: fc.option(fc.nat()),
    uploaded: fc.option(
      fc.date({ min: new Date("1971-01-01"), max: new Date("2105-01-01"), noInvalidDate: true }),
    ),
    provenance: fc.option(fc.webUrl()),
  })
  .map((made) => {
    const filename =
      made.wheel === null ? `Foo_Bar-${made.version}.tar.gz` : `foo_bar-${made.version}-${made.wheel}.whl`;
    const hashes = {
      ...(made.sha256 === null ? {} : { sha256: made.sha256 }),
      ...(made.md5 === null ? {} : { md5: made.md5 }),
    };
    const seconds = made.uploaded === null ? undefined : Math.floor(made.uploaded.getTime() / 1000);
    return {
      filename,
      url: `https://files.test/${made.folder ?? "x"}/${made.folder === null ? "other" : filename}`,
      hashes,
      yanked: made.yanked,
      coreMetadata: made.coreMetadata,
      ...(made.requiresPython === null ? {} : { requiresPython: made.requiresPython }),
      ...(made.size === null ? {} : { size: made.size }),
      ...(seconds === undefined ? {} : { uploadTime: new Date(seconds * 1000).toISOString() }),
      ...(made.provenance === null ? {} : { provenance: made.provenance }),
    };
  });

function fileOf(record: ProjectRecord, at: number): IndexFile {
  const python = record.requiresPython(at);
  const uploaded = record.uploadTime(at);
  const size = record.size(at);
  const provenance = record.provenance(at);
  return {
    filename: record.filename(at),
    url: record.url(at),
    hashes: { ...record.hashes(at) },
    yanked: record.isYanked(at) ? (record.yankReason(at) ?? true) : false,
    coreMetadata: record.coreMetadata(at),
    ...(python === undefined ? {} : { requiresPython: python }),
    ...(size === undefined ? {} : { size }),
    ...(uploaded === 0 ? {} : { uploadTime: new Date(uploaded * 1000).toISOString() }),
    ...(provenance === undefined ? {} : { provenance }),
  };
}

function recordOf(files: readonly IndexFile[], name = "Foo.Bar"): ProjectRecord {
  const page = { name, files, status: STATUS, tracks: [], alternateLocations: [], warnings: [] };
  return new ProjectRecord(encodeProject(page, INDEX));
}

suite("a project's record", () => {
  test("holds every file of the page as it was, under its version, newest first", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 150 }), (files) => {
        const record = recordOf(files);
        assert.equal(record.name, "foo-bar");
        assert.equal(record.fileCount, files.length);
        const found = files.map((_, at) => fileOf(record, at));
        const sorted = (list: readonly IndexFile[]) =>
          list.map((item) => JSON.stringify(item, Object.keys(item).concat("sha256", "md5").sort())).sort();
        assert.deepEqual(sorted(found), sorted(files));
        for (let release = 0; release < record.releaseCount; release++) {
          if (release > 0)
            assert.ok(compareVersions(record.version(release - 1), record.version(release)) > 0);
          for (let at = record.firstFile(release); at < record.firstFile(release + 1); at++) {
            assert.equal(record.releaseOf(at), release);
            const stated = record
              .filename(at)
              .replace(/\.tar\.gz$/, "")
              .split("-")[1] as string;
            assert.equal(compareVersions(parseVersion(stated), record.version(release)), 0);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test("leaves out what is no file of the project", () => {
    const names = [
      "other-1.0-py3-none-any.whl",
      "foo_bar-1.0.egg",
      "foo_bar-nonsense-py3-none-any.whl",
      "foo_bar-1.0-py3-none.whl",
      "foo_bar-1.0-x-py3-none-any.whl",
      "foo_bar-1.0-1-2-py3-none-any.whl",
      "foo_bar-1.0-py3--any.whl",
      "foo_bar-1.0-py3-none-.whl",
      "-1.0-py3-none-any.whl",
      "foo_bar.tar.gz",
      "foo-bar-.zip",
    ];
    const files = names.map((filename) => ({
      filename,
      url: `https://x.test/${filename}`,
      hashes: {},
      yanked: false,
      coreMetadata: false,
    }));
    assert.equal(recordOf(files).fileCount, 0);
  });

  test("finds the version after a name with hyphens", () => {
    const names = ["foo-bar-1.0.tar.gz", "Foo.Bar-2.0-beta1.tar.gz", "foo-bar-3-1.zip"];
    const files = names.map((filename) => ({
      filename,
      url: `https://x.test/${filename}`,
      hashes: {},
      yanked: false,
      coreMetadata: false,
    }));
    const record = recordOf(files);
    assert.deepEqual(
      Array.from({ length: record.releaseCount }, (_, release) => record.versionText(release)),
      ["3.post1", "2.0b1", "1.0"],
    );
  });

  test("tells files apart by hash, metadata hash and, without them, by URL", () => {
    const one = {
      filename: "foo_bar-1-py3-none-any.whl",
      url: "https://x.test/a",
      hashes: { sha256: "a".repeat(64) },
      yanked: false,
      coreMetadata: false,
    };
    const prints = [
      one,
      { ...one, url: "https://x.test/b" },
      { ...one, hashes: { sha256: "b".repeat(64) } },
      { ...one, coreMetadata: "c".repeat(64) },
      { ...one, hashes: {} },
      { ...one, hashes: {}, url: "https://x.test/b" },
    ].map((item) => Buffer.from(recordOf([item]).fingerprint(0)).toString("hex"));
    assert.equal(prints[0], prints[1]);
    assert.equal(new Set(prints).size, 5);
  });

  test("of damaged bytes is refused or read, never a crash of another kind", () => {
    const bytes = encodeProject(
      { name: "foo", files: [], status: STATUS, tracks: [], alternateLocations: [], warnings: [] },
      INDEX,
    );
    assert.equal(readProject(bytes)?.name, normalizeName("foo"));
    for (let length = 0; length < bytes.length; length++)
      assert.equal(readProject(bytes.slice(0, length)), undefined);
    assert.equal(readProject(new Uint8Array(4096)), undefined);
  });
});
