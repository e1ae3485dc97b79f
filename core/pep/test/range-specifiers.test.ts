import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRange, rangeClauses } from "../src/range-specifiers.ts";
import { parseSpecifiers, specifiersRange } from "../src/specifier.ts";
import { complementRange, EMPTY_RANGE, FULL_RANGE, uniteRanges } from "../src/version-range.ts";

function rangeOf(text: string) {
  return specifiersRange(parseSpecifiers(text));
}

test("what several clauses say together is said shortest", () => {
  const examples: [string, string][] = [
    [">=2.6,<3", ">=2.6,<3"],
    [">=2.6,>=2.0,<3,<=5", ">=2.6,<3"],
    [">=1.0,<=1.0", "==1.0"],
    [">=1.5,==1.*", ">=1.5,<2"],
    ["~=1.4.2", ">=1.4.2,<1.5"],
    ["==1.*,!=1.*", "<0.dev0"],
    [">2,<1", "<0.dev0"],
    [">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,<4", ">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,<4"],
    [">=1,!=1.5,!=1.5", ">=1,!=1.5"],
    [">=1,!=0.5,<2,!=2", ">=1,<2"],
    [">=1.dev0,<2", "==1.*"],
    [">1.0,>=1.0", ">1.0"],
    ["<=1!2.0,>=1!2.0", "==1!2.0"],
    ["!=1.0+local", "!=1.0+local"],
    ["==1.0+local", "==1.0+local"],
    ["", ""],
  ];
  for (const [text, expected] of examples) assert.equal(formatRange(rangeOf(text)), expected, text);
});

test("alternatives are joined by a word", () => {
  assert.equal(formatRange(uniteRanges(rangeOf("<1"), rangeOf(">=2,<3"))), "<1 or >=2,<3");
  assert.equal(formatRange(complementRange(rangeOf("==1.2.*"))), "!=1.2.*");
  assert.equal(formatRange(complementRange(rangeOf(">=3.1.dev0,<3.12"))), "<3.1 or >=3.12.dev0");
  assert.equal(formatRange(complementRange(rangeOf(">=3.1,<3.2"))), "<=3.1,!=3.1 or >=3.2.dev0");
  assert.equal(rangeClauses(uniteRanges(rangeOf("<1"), rangeOf(">=2"))), undefined);
});

test("everything, nothing, and a set that no specifier says", () => {
  assert.deepEqual(rangeClauses(FULL_RANGE), []);
  assert.deepEqual(rangeClauses(EMPTY_RANGE), ["<0.dev0"]);
  // All but what `>1.0` admits: 1.0 with its post-releases, which only `>` tells apart.
  assert.equal(formatRange(complementRange(rangeOf(">1.0"))), undefined);
});
