import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { documents, exitStatusOf, findViolations, type Schema } from "../src/index.ts";

test("a value that fits has no violations, and each misfit is named with its place", () => {
  const good = { error: { code: "usage", message: "x" } };
  assert.deepEqual(findViolations(documents.error, good), []);
  assert.deepEqual(
    findViolations(documents.error, { error: { code: "Usage", message: 1, extra: true } })
      .map((v) => v.at)
      .sort(),
    ["/error/code", "/error/extra", "/error/message"],
  );
  assert.deepEqual(findViolations(documents.error, {}), [{ at: "/error", expected: "to be there" }]);
});

test("names from a prototype are not members", () => {
  const schema: Schema = {
    type: "object",
    properties: {},
    required: ["constructor"],
    additionalProperties: false,
  };
  assert.equal(findViolations(schema, {}).length, 1);
  assert.equal(findViolations(schema, JSON.parse('{"constructor": 1}')).length, 1);
});

test("the check ends on any JSON value, and only fitting values pass a closed schema", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const schema of Object.values(documents)) assert.notEqual(findViolations(schema, value).length, 0);
    }),
    { numRuns: 50 },
  );
});

test("every document requires at least one member", () => {
  for (const [name, schema] of Object.entries(documents)) assert.ok((schema.required?.length ?? 0) > 0, name);
});

test("exit statuses", () => {
  assert.equal(exitStatusOf("unsatisfiable"), 1);
  assert.equal(exitStatusOf("usage"), 2);
  assert.equal(exitStatusOf("index-unreachable"), 3);
  assert.equal(exitStatusOf("internal"), 4);
  assert.equal(exitStatusOf("interrupted"), 130);
});
