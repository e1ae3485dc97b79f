import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { randomFrom } from "@thoth/testkit";
import { encodePage, ProjectRecord } from "../src/index.ts";
import { scanPage } from "../src/page-scanner.ts";
import { CONTEXT, longWay, pageOf, shortWay } from "./pages.ts";

const encoder = new TextEncoder();
const DIGEST = "0123456789abcdef".repeat(4);
const USUAL = {
  filename: "foo_bar-1.0-py3-none-any.whl",
  url: "https://files.test/a/foo_bar-1.0-py3-none-any.whl",
  hashes: { sha256: DIGEST },
  "requires-python": ">=3.8",
  size: 12,
  "upload-time": "2024-02-29T23:59:59.5Z",
  yanked: false,
  "core-metadata": { sha256: DIGEST },
};

function pageWith(...entries: object[]): Uint8Array {
  return encoder.encode(
    JSON.stringify({ files: entries, meta: { "api-version": "1.1" }, name: "foo-bar", versions: ["1.0"] }),
  );
}

function isUsual(body: Uint8Array): boolean {
  return scanPage(body, CONTEXT) !== undefined;
}

suite("a page read from its bytes", () => {
  test("gives the record that its parsed files give, and the same errors", () => {
    let [usual, records, errors] = [0, 0, 0];
    for (let seed = 0; seed < 20_000; seed++) {
      const body = pageOf(randomFrom(seed));
      const outcome = longWay(body);
      assert.deepEqual(shortWay(body), outcome, `seed ${seed}`);
      if (typeof outcome === "string") errors++;
      else records++;
      if (isUsual(body)) usual++;
    }
    // Each way was gone often enough to say something.
    assert.ok(usual > 4000 && records - usual > 1000 && errors > 1000, `${usual} ${records} ${errors}`);
  });

  test("says what the page says", () => {
    const record = new ProjectRecord(
      encodePage(pageWith(USUAL), CONTEXT, "https://index.test/simple/").bytes,
    );
    assert.equal(record.filename(0), USUAL.filename);
    assert.equal(record.url(0), USUAL.url);
    assert.deepEqual({ ...record.hashes(0) }, USUAL.hashes);
    assert.equal(record.requiresPython(0), ">=3.8");
    assert.equal(record.size(0), 12);
    assert.equal(record.uploadTime(0), Date.parse("2024-02-29T23:59:59Z") / 1000);
    assert.equal(record.coreMetadata(0), DIGEST);
    assert.equal(record.isYanked(0), false);
  });

  const odd: Readonly<Record<string, object>> = {
    "an escape in a name": { filename: "foo_bar-1.0\n.zip" },
    "a relative URL": { url: "foo_bar-1.0-py3-none-any.whl" },
    "a URL with a fragment": { url: `${USUAL.url}#sha256=${DIGEST}` },
    "a digest in capitals": { hashes: { sha256: DIGEST.toUpperCase() } },
    "a short digest": { hashes: { sha256: DIGEST.slice(1) } },
    "two digests": { hashes: { sha256: DIGEST, md5: "0".repeat(32) } },
    "no digest": { hashes: {} },
    "a day that its month does not have": { "upload-time": "2023-02-29T00:00:00Z" },
    "a size with a fraction": { size: 1.5 },
    "a list": { "core-metadata": [] },
    "an unknown number": { unknown: 1 },
  };
  for (const [name, values] of Object.entries(odd)) {
    test(`leaves ${name} to the parser`, () => {
      const body = pageWith(USUAL, { ...USUAL, ...values });
      assert.equal(isUsual(body), false);
      assert.deepEqual(shortWay(body), longWay(body));
    });
  }

  test("leaves a key that comes twice to the parser", () => {
    const text = new TextDecoder().decode(pageWith(USUAL));
    for (const twice of [
      text.replace('"size":12', '"size":12,"size":13'),
      text.replace('"meta"', '"files":[],"meta"'),
      text.replace('"meta"', '"fil\\u0065s":[],"meta"'),
    ]) {
      assert.equal(isUsual(encoder.encode(twice)), false, twice);
      assert.deepEqual(shortWay(encoder.encode(twice)), longWay(encoder.encode(twice)));
    }
  });

  test("with more kinds of wheels than are numbered, and with names made to collide, is left to the parser", () => {
    const files = Array.from({ length: 9000 }, (_, index) => {
      const filename = `foo_bar-1.0-py3-none-any${index}.whl`;
      return { filename, url: `https://files.test/${filename}`, hashes: { sha256: DIGEST } };
    });
    assert.equal(isUsual(pageWith(...files)), false);
    assert.ok(isUsual(pageWith(...files.slice(0, 8000))));
    assert.deepEqual(shortWay(pageWith(...files)), longWay(pageWith(...files)));
  });

  test("is read again after a long one, and after one that cannot be read", () => {
    const long = pageWith(
      ...Array.from({ length: 60_000 }, (_, index) => ({ ...USUAL, size: index, "requires-python": null })),
    );
    assert.deepEqual(shortWay(long), longWay(long));
    assert.deepEqual(shortWay(encoder.encode("{")), longWay(encoder.encode("{")));
    assert.deepEqual(shortWay(pageWith(USUAL)), longWay(pageWith(USUAL)));
  });

  test("cut off anywhere is refused like any other text", () => {
    const whole = pageWith(USUAL, { ...USUAL, yanked: 'a "reason"' });
    for (let length = 0; length < whole.length; length++) {
      const body = whole.subarray(0, length);
      assert.deepEqual(shortWay(body), longWay(body), `${length} bytes`);
    }
  });
});
