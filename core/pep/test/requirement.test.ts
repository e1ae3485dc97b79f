import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatMarker } from "../src/marker.ts";
import { formatRequirement, parseRequirement } from "../src/requirement.ts";
import { formatSpecifiers } from "../src/specifier.ts";
import { requirementText } from "./arbitrary.ts";
import { failureOf } from "./failure.ts";

test("name, extras, specifiers, URL and marker", () => {
  const requirement = parseRequirement("Foo.Bar [B, a_c] >=1.0 , <2 ; python_version < '3.9'");
  assert.equal(requirement.name, "foo-bar");
  assert.equal(requirement.displayName, "Foo.Bar");
  assert.deepEqual(requirement.extras, ["a-c", "b"]);
  assert.equal(formatSpecifiers(requirement.specifiers), "<2,>=1.0");
  assert.equal(formatMarker(requirement.marker!), 'python_version < "3.9"');
  const direct = parseRequirement("foo[a]@ https://example.org/a;b?c=d#e ; os_name == 'nt'");
  assert.equal(direct.url, "https://example.org/a;b?c=d#e");
  assert.equal(formatRequirement(direct), 'foo[a] @ https://example.org/a;b?c=d#e ; os_name == "nt"');
});

test("a name is not swallowed, and swallows nothing", () => {
  assert.equal(parseRequirement("foo===anything-goes").specifiers.clauses[0]?.version, "anything-goes");
  assert.equal(parseRequirement("foo(>=1)").name, "foo");
  assert.equal(parseRequirement("a1>1").name, "a1");
});

test("an error tells where", () => {
  const positions: [string, number][] = [
    ["", 0],
    ["-foo", 0],
    ["foo bar", 4],
    ["foo [", 5],
    ["foo[a", 5],
    ["foo[a,]", 6],
    ["foo[a b]", 6],
    ["foo >=", 6],
    ["foo >=1,,<2", 7],
    ["foo >=1 <2", 6],
    ["foo (>=1", 8],
    ["foo >=1)", 7],
    ["foo @", 5],
    ["foo @ https://x;os_name=='a' x", 29],
    ["foo ; os_name", 13],
    ["foo\n", 3],
    ["foo; rm -rf /", 5],
    ["foo>=1; os_name == 'a' or", 25],
    ["foo ~= 1", 7],
    ["foo===", 6],
    ["foo @ https://example.org/\u2028", 27],
    ["foo @ https://example.org/\ufeffa", 28],
  ];
  for (const [text, position] of positions) {
    const failure = failureOf(() => parseRequirement(text));
    assert.equal(failure.code, "invalid-requirement");
    assert.equal(failure.details?.["position"], position, text);
  }
});

test("what old metadata say is read where leniency is asked for", () => {
  const repaired: [string, string][] = [
    ["pytz (>=2011k)", "pytz>=2011"],
    ["pytz (>dev)", "pytz>0.dev0"],
    ["foo (>=2.7.*)", "foo>=2.7"],
    ["foo >=1.0 <2", "foo<2,>=1.0"],
    ["foo (=>1)", "foo>=1"],
    ["foo (=1)", "foo==1"],
    ["foo ; ", "foo"],
    ["foo[a,]>=1\n  ,<2", "foo[a]<2,>=1"],
    ["foo (~=1)", "foo==1.*"],
    ["foo (!=1.0*)", "foo!=1.0.*"],
    ['foo (>="1.0")', "foo>=1.0"],
  ];
  for (const [text, expected] of repaired) {
    assert.equal(failureOf(() => parseRequirement(text)).code, "invalid-requirement", text);
    assert.equal(formatRequirement(parseRequirement(text, { lenient: true })), expected, text);
  }
  for (const text of ["foo bar", "foo (", "foo @", "foo; os", "foo >1 or 2"]) {
    assert.equal(
      failureOf(() => parseRequirement(text, { lenient: true })).code,
      "invalid-requirement",
      text,
    );
  }
});

test("sizes are bounded", () => {
  assert.equal(failureOf(() => parseRequirement("a".repeat(2000))).code, "limit-exceeded");
  assert.equal(failureOf(() => parseRequirement(`foo${" ".repeat(1_100_000)}`)).code, "limit-exceeded");
  assert.equal(failureOf(() => parseRequirement(`foo${">1,".repeat(5000)}>2`)).code, "limit-exceeded");
});

test("written and read again a requirement is the same", () => {
  fc.assert(
    fc.property(requirementText, (text) => {
      const requirement = parseRequirement(text);
      const written = formatRequirement(requirement);
      const again = parseRequirement(written);
      assert.equal(formatRequirement(again), written);
      assert.equal(again.name, requirement.name);
      assert.deepEqual(again.extras, requirement.extras);
      assert.equal(again.url, requirement.url);
      // What is valid is not changed by leniency.
      assert.equal(formatRequirement(parseRequirement(text, { lenient: true })), written);
    }),
    { numRuns: 3000 },
  );
});
