import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ThothError } from "../src/error.ts";
import { findMetadataProblems, parseMetadata } from "../src/metadata.ts";
import { formatMetadataHeaders, parseMetadataFields } from "../src/metadata-fields.ts";
import { failureOf } from "./failure.ts";

const head = "Metadata-Version: 2.1\nName: Demo.Pkg\nVersion: 1.0.0-rc1\n";

test("headers, continuation lines and the body", () => {
  const text = `${head}Requires-Python:  >=3.8 \r\nRequires-Dist: a\r\n  (>=1);\r\n python_version > "3"\nRequires-Dist: b ; extra == 'X'
Provides-Extra: X_y
Dynamic: Version
Import-Name:
Project-URL: Home, https://example.org/a,b

Name: in the body
`;
  const metadata = parseMetadata(text);
  assert.equal(metadata.name, "demo-pkg");
  assert.equal(metadata.displayName, "Demo.Pkg");
  assert.equal(metadata.version, "1.0.0rc1");
  assert.equal(metadata.requiresPython, ">=3.8");
  assert.deepEqual(metadata.requiresDist, ['a (>=1); python_version > "3"', "b ; extra == 'X'"]);
  assert.deepEqual(metadata.providesExtra, ["x-y"]);
  assert.deepEqual(metadata.dynamic, ["version"]);
  assert.deepEqual(metadata.importNames, []);
  assert.equal(metadata.importNamespaces, undefined);
  assert.equal(metadata.projectUrls.get("Home"), "https://example.org/a,b");
  assert.equal(parseMetadataFields(text).fields.get("description"), "Name: in the body\n");
});

test("what resolving needs must be there once and be right", () => {
  const field = (text: string) => {
    const error = failureOf(() => parseMetadata(text));
    assert.equal(error.code, "invalid-metadata");
    return error.details?.["field"];
  };
  assert.equal(field(""), "name");
  assert.equal(field("Name: a\n"), "version");
  assert.equal(field("Name: a\nName: b\nVersion: 1\n"), "name");
  assert.equal(field("Name: ../a\nVersion: 1\n"), "name");
  assert.equal(field("Name: a\nVersion: one\n"), "version");
  assert.equal(field("Metadata-Version: 3.0\nName: a\nVersion: 1\n"), "metadata-version");
  assert.equal(field("Metadata-Version: x\nName: a\nVersion: 1\n"), "metadata-version");
  assert.equal(parseMetadata("Metadata-Version: 2.99\nName: a\nVersion: 1\n").metadataVersion, "2.99");
  assert.equal(parseMetadata("Name: a\nVersion: 1\nRequires-Dist: ???\n").requiresDist[0], "???");
});

test("bytes that are not UTF-8 cost their field only", () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const raw = parseMetadataFields(bytes(`${head}Author: \xc0msterdam\nSummary: Caf\xc3\xa9\n\nbody \xff`));
  assert.deepEqual(raw.unparsed.get("author"), ["\xc0msterdam"]);
  assert.equal(raw.fields.get("summary"), "Café");
  assert.equal(raw.unparsed.has("description"), true);
  assert.equal(parseMetadata(bytes(`${head}Author: \xc0\n`)).name, "demo-pkg");
  assert.equal(failureOf(() => parseMetadata(bytes("Name: \xc0\nVersion: 1\n"))).details?.["field"], "name");
});

test("strict reading finds every fault at once", () => {
  const text = `Metadata-Version: 2.1
Name: demo
Version: 1
Summary: one
 two
License-Expression: MIT
Requires-Dist: a b
Provides-Extra: -x
Unknown: 1
Description-Content-Type: text/html
`;
  const fields = findMetadataProblems(parseMetadataFields(text)).map(({ field }) => field);
  assert.deepEqual(fields.sort(), [
    "description-content-type",
    "license-expression",
    "provides-extra",
    "requires-dist",
    "summary",
    "unknown",
  ]);
  const error = failureOf(() => parseMetadata(text, { strict: true }));
  assert.equal((error.details?.["problems"] as unknown[] | undefined)?.length, 6);
  assert.equal(parseMetadata(`${head}`, { strict: true }).metadataVersion, "2.1");
});

test("sizes are bounded and time is linear", () => {
  const code = (text: string) => failureOf(() => parseMetadata(text)).code;
  assert.equal(code(`${head}${"Requires-Dist: a\n".repeat(100_002)}`), "limit-exceeded");
  assert.equal(code("A: b\n".repeat(400_001)), "limit-exceeded");
  assert.equal(code(" ".repeat(17_000_000)), "limit-exceeded");
  const started = performance.now();
  parseMetadata(`${head}Summary: ${"\n x".repeat(1_000_000)}\n`);
  parseMetadata(`${head}Author: ${"a\r".repeat(2_000_000)}\n`);
  assert.ok(performance.now() - started < 3000);
});

test("written headers are read as they were", () => {
  const value = fc.string({ unit: "grapheme" }).map((text) => text.trim().replace(/\s/g, " "));
  fc.assert(
    fc.property(
      fc.array(
        value.filter((text) => text !== ""),
        { maxLength: 5 },
      ),
      (values) => {
        const text = formatMetadataHeaders(values.map((item) => ["Classifier", item] as const));
        assert.deepEqual(parseMetadataFields(text).fields.get("classifier") ?? [], values);
      },
    ),
  );
});

test("any text ends in metadata or a ThothError", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      try {
        parseMetadata(head + text, { strict: true });
      } catch (error) {
        assert.ok(error instanceof ThothError);
      }
    }),
  );
});
