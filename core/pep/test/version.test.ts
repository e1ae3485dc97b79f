import assert from "node:assert/strict";
import { test } from "node:test";
import { isPrerelease, makeVersion, parseVersion, tryParseVersion, versionKey } from "../src/version.ts";
import { compareVersions } from "../src/version-order.ts";
import { failureOf } from "./failure.ts";

test("the order of the specification, and epochs above all", () => {
  const ascending =
    "0.dev0 1.dev0 1.0.dev456 1.0a0 1.0a1.dev1 1.0a1 1.0a2.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 " +
    "1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0+5.0 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 " +
    "1.16384 1.99999999999999999999 2013.10 33554431 33554432 1!0.1 1!1 2!0.0.1 9007199254740993!0";
  const texts = ascending.split(" ");
  const versions = texts.map(parseVersion);
  versions.forEach((one, at) => {
    versions.forEach((two, other) => {
      assert.equal(Math.sign(compareVersions(one, two)), Math.sign(at - other), `${one.text} ${two.text}`);
    });
  });
  const sorted = versions.toReversed().sort((one, two) => compareVersions(one, two));
  assert.deepEqual(
    sorted.map(({ text }) => text),
    texts,
  );
});

test("numbers of any size are exact", () => {
  const [one, two] = ["1.9007199254740992", "1.9007199254740993"].map(parseVersion) as [never, never];
  assert.ok(compareVersions(one, two) < 0);
  const huge = `1.${"9".repeat(4300)}`;
  assert.equal(parseVersion(huge).text, huge);
  assert.equal(parseVersion("1.0000000000000000000000000001").text, "1.1");
});

test("a text too long for a version is over a limit", () => {
  assert.equal(failureOf(() => parseVersion("9".repeat(4301))).code, "limit-exceeded");
  assert.equal(failureOf(() => parseVersion(`1${".0".repeat(5000)}`)).code, "limit-exceeded");
  assert.equal(tryParseVersion("9".repeat(4301)), undefined);
});

test("an error tells where", () => {
  const positions: [string, number][] = [
    ["", 0],
    ["french toast", 0],
    ["1.0x", 3],
    ["1.0+", 3],
    ["1.0++", 3],
    ["  1.0.*", 5],
    ["1!", 2],
    ["1.0\u0661", 3],
    ["1.0 0", 3],
  ];
  for (const [text, position] of positions) {
    const failure = failureOf(() => parseVersion(text));
    assert.equal(failure.code, "invalid-version");
    assert.equal(failure.details?.["position"], position, text);
  }
});

test("separators of ASCII are white space as Python sees it", () => {
  assert.equal(parseVersion("\u001f1.0\u00a0").text, "1.0");
  assert.equal(tryParseVersion("\ufeff1.0"), undefined);
});

test("implicit numbers and other words", () => {
  const spellings: [string, string][] = [
    ["1.0-1", "1.0.post1"],
    ["1.0-r4", "1.0.post4"],
    ["1.0a", "1.0a0"],
    ["1.0.preview3", "1.0rc3"],
    ["1.0c1", "1.0rc1"],
    ["V1.0-BETA_2.post.DEV", "1.0b2.post0.dev0"],
    ["1.0+Ubuntu-1_2", "1.0+ubuntu.1.2"],
    ["1.0+001.0a", "1.0+1.0a"],
    ["00!01.00", "1.0"],
  ];
  for (const [text, normal] of spellings) assert.equal(parseVersion(text).text, normal);
});

test("what counts as a pre-release", () => {
  for (const text of ["1a1", "1.dev0", "1.post1.dev2", "1rc1+x"])
    assert.ok(isPrerelease(parseVersion(text)), text);
  for (const text of ["1", "1.post1", "1+dev"]) assert.ok(!isPrerelease(parseVersion(text)), text);
});

test("a version made of parts is the one that its text gives", () => {
  const parts = { epoch: 1, release: [2, 0], pre: ["rc", 3], post: 4, dev: 5, local: ["x", 6] } as const;
  assert.deepEqual(makeVersion(parts), parseVersion("1!2.0rc3.post4.dev5+x.6"));
  assert.equal(versionKey(makeVersion(parts)), "1!2rc3.post4.dev5+x.6");
});
