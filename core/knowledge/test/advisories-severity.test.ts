import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { rateScore, scoreVector } from "../src/compile.ts";

suite("severity", () => {
  // https://www.first.org/cvss/v2/guide#3-3-Examples
  test("the examples of the CVSS 2.0 guide", () => {
    assert.equal(scoreVector("AV:N/AC:L/Au:N/C:N/I:N/A:C"), 7.8);
    assert.equal(scoreVector("AV:N/AC:L/Au:N/C:C/I:C/A:C"), 10);
    assert.equal(scoreVector("AV:L/AC:H/Au:N/C:C/I:C/A:C"), 6.2);
  });

  // https://www.first.org/cvss/v3.1/examples, of which CVE-2015-8252 and others stand in 3.0 as well
  test("the examples of CVSS 3.0 and 3.1", () => {
    assert.equal(scoreVector("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"), 6.1);
    assert.equal(scoreVector("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"), 6.1);
    assert.equal(scoreVector("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N"), 6.4);
    assert.equal(scoreVector("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"), 3.1);
    assert.equal(scoreVector("CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), 8.4);
    assert.equal(scoreVector("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H"), 9.9);
    assert.equal(scoreVector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"), 7.5);
    assert.equal(scoreVector("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), 9.8);
  });

  // https://www.first.org/cvss/v4.0/examples
  test("the examples of CVSS 4.0", () => {
    assert.equal(scoreVector("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), 7.3);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), 7.7);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N"), 8.3);
    assert.equal(scoreVector("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"), 4.6);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N"), 5.1);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N"), 6.9);
    assert.equal(scoreVector("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"), 9.4);
    assert.equal(scoreVector("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N"), 5.9);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"), 8.7);
    assert.equal(scoreVector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"), 10);
  });

  test("only base metrics count, in any order", () => {
    const base = scoreVector("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N");
    assert.equal(
      scoreVector("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/MAV:P"),
      base,
    );
    assert.equal(scoreVector("CVSS:3.1/A:N/I:N/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:U/MC:N"), 7.5);
    assert.equal(scoreVector("(AV:N/AC:L/Au:N/C:N/I:N/A:C)"), 7.8);
  });

  test("what is no complete vector has no score", () => {
    for (const vector of [
      "",
      "7.5",
      "high",
      "CVSS:3.1/AV:N",
      "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:X",
      "CVSS:3.1/AV:N/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/",
      "CVSS:3.1/AV:__proto__/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
      `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:${"U".repeat(1000)}`,
    ]) {
      assert.equal(scoreVector(vector), undefined, vector);
    }
    fc.assert(fc.property(fc.string(), (text) => scoreVector(text) === undefined));
  });

  test("bands of the rating", () => {
    const rated = [10, 9, 8.9, 7, 6.9, 4, 3.9, 0.1, 0].map(rateScore).join(" ");
    assert.equal(rated, "critical critical high high medium medium low low low");
  });
});
