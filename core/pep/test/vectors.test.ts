import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { dataFile } from "./data.ts";
import { runPackagingVectors } from "./vectors.ts";

const vectors = dataFile("packaging-vectors.json.gz");

test("every case of pypa/packaging that concerns us passes", { skip: vectors.skip }, () => {
  const report = runPackagingVectors(vectors.path);
  assert.deepEqual(report.failed.slice(0, 20), []);
  const leftOut = report.leftOut.reduce((sum, { count }) => sum + count, 0);
  assert.ok(report.passed > 100 * leftOut, `${report.passed} passed, ${leftOut} left out`);
  assert.deepEqual(
    report.leftOut.filter(({ reason }) => reason.includes("not known")),
    [],
  );
});

test("what fails and what is not known is told", () => {
  const folder = mkdtempSync(join(tmpdir(), "vectors-"));
  try {
    const path = join(folder, "vectors.json.gz");
    const corpus = {
      "tests/test_version.py::TestVersion::test_valid_versions": [{ version: "1" }, { version: "one" }],
      "tests/test_version.py::TestVersion::test_of_tomorrow": [{}],
    };
    writeFileSync(path, gzipSync(JSON.stringify(corpus)));
    const report = runPackagingVectors(path);
    assert.equal(report.passed, 1);
    assert.deepEqual(
      report.failed.map(({ id }) => id),
      ["tests/test_version.py::TestVersion::test_valid_versions[1]"],
    );
    assert.equal(report.leftOut[0]?.count, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
