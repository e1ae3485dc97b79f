import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz, fuzzTargets } from "../tools/fuzz.ts";

for (const target of fuzzTargets) {
  test(`nearly valid inputs for ${target.name} are read or refused`, () => {
    const report = fuzz(target, { count: 1500, seed: 20, growth: false });
    assert.deepEqual(report.findings, []);
    // Seeds that nothing accepts would test nothing.
    assert.ok(report.valid > 50, `${report.valid} valid`);
  });
}
