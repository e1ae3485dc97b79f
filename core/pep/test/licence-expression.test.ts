import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLicenceExpression } from "../src/licence-expression.ts";
import { failureOf } from "./failure.ts";

test("expressions are written in the spelling of SPDX", () => {
  const examples: [string, string][] = [
    ["mit or (apache-2.0 and bsd-3-clause)", "MIT OR (Apache-2.0 AND BSD-3-Clause)"],
    ["(mit OR apache-2.0)AND(bsd-3-clause)", "(MIT OR Apache-2.0) AND (BSD-3-Clause)"],
    ["gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
    ["licenseref-Own OR LICENSEREF-own", "LicenseRef-Own OR LicenseRef-Own"],
  ];
  for (const [text, expected] of examples) assert.equal(parseLicenceExpression(text), expected);
});

test("what is no expression tells where", () => {
  const positions: [string, number][] = [
    ["", 0],
    ["MIT Apache-2.0", 4],
    ["MIT OR", 6],
    ["(MIT", 4],
    ["MIT)", 3],
    ["Unknown", 0],
    ["MIT WITH MIT", 9],
    ["(MIT) WITH Classpath-exception-2.0", 6],
    ["LicenseRef-\u212austom", 0],
  ];
  for (const [text, position] of positions) {
    const failure = failureOf(() => parseLicenceExpression(text));
    assert.equal(failure.code, "invalid-metadata");
    assert.equal(failure.details?.["position"], position, text);
  }
});

test("depth is no danger", () => {
  const text = `${"(".repeat(20_000)}MIT${")".repeat(20_000)}`;
  assert.equal(parseLicenceExpression(text), text);
});
