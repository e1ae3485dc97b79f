import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { randomFrom } from "@thoth/testkit";
import { matchesLocation, parseLocationPattern } from "../src/location-pattern.ts";

describe("location patterns", () => {
  const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
    ["^/opt/app-root/.*", "/opt/app-root/lib", true],
    ["^/opt/app-root/.*", "/usr/opt/app-root/lib", false],
    ["/opt", "/opt/lib", false],
    ["a|b$", "b", true],
    ["", "", true],
    [".+", "", false],
    ["[^/]+/[a-z0-9]?", "opt/1", true],
    ["[^/]+/[a-z0-9]?", "o/t/1", false],
    ["python3\\.\\d+", "python3.11", true],
    ["python3\\.\\d+", "python3x11", false],
  ];
  for (const [pattern, text, matches] of cases) {
    it(`${pattern} ${matches ? "is" : "is not"} ${text}`, () => {
      assert.equal(matchesLocation(parseLocationPattern(pattern)!, text), matches);
    });
  }

  for (const text of [
    "(a)",
    "a{2}",
    "a**",
    "*a",
    "\\1",
    "\\",
    "[a",
    "a$b",
    "[[:alpha:]]",
    "a".repeat(1001),
  ]) {
    it(`refuses ${text.slice(0, 20)}`, () => assert.equal(parseLocationPattern(text), undefined));
  }

  it("takes no longer for a hostile pattern", () => {
    const pattern = parseLocationPattern(`${"a*".repeat(400)}b`)!;
    assert.equal(matchesLocation(pattern, "a".repeat(1000)), false);
  });

  it("agrees with regular expressions", () => {
    const random = randomFrom(3);
    const atoms = ["a", "b", ".", "[ab]", "[^a]", "[a-c]", "\\."];
    const marks = ["", "", "*", "+", "?"];
    for (let round = 0; round < 3000; round++) {
      let pattern = "";
      for (let length = 1 + random(4); length > 0; length--) {
        pattern += atoms[random(atoms.length)]! + marks[random(marks.length)]!;
        if (length > 1 && random(5) === 0) pattern += "|";
      }
      let text = "";
      for (let length = random(6); length > 0; length--) text += "abc."[random(4)]!;
      const expected = new RegExp(`^(?:${pattern})$`).test(text);
      assert.equal(matchesLocation(parseLocationPattern(pattern)!, text), expected, `${pattern} on ${text}`);
    }
  });
});
