// Laws of what packs a layer: every reader of deflate gives back what went in.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { deflateFixed, STORED_END, storedBlocks } from "../src/fixed-deflate.ts";

describe("fixed deflate", () => {
  test("gives back any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        assert.deepEqual(inflateRawSync(deflateFixed(bytes)), Buffer.from(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test("gives back bytes that repeat, near and far, short and long", () => {
    const parts = fc.array(
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 700 })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 3 }), (runs, times) => {
        const once = Buffer.concat(
          runs.map(([bytes, count]) => Buffer.alloc(bytes.length * count, Buffer.from(bytes))),
        );
        const bytes = Buffer.concat(Array.from({ length: times }, () => once));
        assert.deepEqual(inflateRawSync(deflateFixed(bytes)), bytes);
      }),
      { numRuns: 200 },
    );
  });

  test("is what it was: the bytes of layers rest on it", () => {
    const text = Buffer.from("a header, a header, and another header\0\0\0\0\0\0\0\0\0\0");
    assert.equal(
      deflateFixed(text).toString("hex"),
      "4b54c8484d4c492dd2514062e5a52824e6e59764a416416519e00000",
    );
  });

  test("stored blocks hold any length", () => {
    for (const length of [0, 1, 65_535, 65_536, 200_000]) {
      const bytes = Buffer.alloc(length, 7);
      assert.deepEqual(inflateRawSync(Buffer.concat([...storedBlocks(bytes), STORED_END])), bytes);
    }
  });
});
