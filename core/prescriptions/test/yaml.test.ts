// The quick reader against the library: what it accepts it must read as the library does. And hostile texts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { randomFrom } from "@thoth/testkit";
import { readPlainYaml } from "../src/parse-plain.ts";
import { readYaml } from "../src/parse-yaml.ts";
import { parseText, places } from "./rules.ts";

const SAMPLE = `units:
  wraps:
  - name: PinjectWrap
    type: wrap
    should_include:
      adviser_pipeline: true
      labels: {}
      runtime_environments:
        operating_systems:
        - name: fedora
          version: "35"
        cuda_version: null
    match:
      state:
        resolved_dependencies:
        - name: pinject
          version: ==0.9
          index_url: https://pypi.org/simple
    run:
      score: -0.25
      justification:
      - type: INFO
        message: >-
          Installed artifact size for 'pinject'
          can have up to 46.77KiB
        link: 'https://pypi.org/project/pinject/0.9/#files'
      - |
        literal
        text
      -
        - a
    metadata:
      prescriptions_version: 0.8.0
      count: 12
      last_update: 2022-12-03 00:00:05.673126
      nothing:
      empty: []
`;

/** Whether the quick reader reads `text`; fails where it does so otherwise than the library. */
function isPlain(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const { value, faults } = readYaml(text);
  assert.deepEqual(faults, [], JSON.stringify(text));
  assert.deepEqual(plain, value, JSON.stringify(text));
  return true;
}

describe("the quick reader", () => {
  it("reads what rules are written in", () => {
    assert.ok(isPlain(SAMPLE));
  });

  const plain = [
    "a: b\n",
    "a:\n- b\n- c: d\n  e: f\n",
    "a:\n  - b\n",
    "a: >\n  b\n  c\n",
    "a: |-\n  b: c\n  # d\n",
    "a: 'b: c'\n",
    'a: "#"\n',
    "a: b#c\n",
    "a: b:c\n",
    "a:  \n  b:   c  \n",
    "a:\n\n  b: c\n\nd: e\n",
    "__proto__:\n  a: b\n",
    "a: 2022-12-03\n",
    "a: 0\n",
    "a: <1\n",
  ];
  for (const text of plain) it(`reads ${JSON.stringify(text)}`, () => assert.ok(isPlain(text)));

  const left = [
    "",
    "a: b",
    "a: b\r\n",
    "\ta: b\n",
    "a: &b c\n",
    "a: *b\n",
    "a: !b c\n",
    "a: {b: c}\n",
    "a: b # c\n",
    "# a\n",
    "a: b\n  c\n",
    "a: b\na: c\n",
    "a: yes\n",
    "yes: a\n",
    "a: 0x10\n",
    "a: 010\n",
    "a: 1_000\n",
    "a: 1:30\n",
    "a: 1e3\n",
    "a: .5\n",
    "a: ~\n",
    "a: =\n",
    "a: >-\n\n  b\n",
    "a: >-\n  b\n\n  c\n",
    "a: >-\n  b\n    c\n",
    "a: >2\n    b\n",
    "a: |+\n  b\n\n",
    'a: "b\\n"\n',
    "a: 'it''s'\n",
    "a: 'b' c\n",
    "a: b: c\n",
    "---\na: b\n",
    "a: b\n...\n",
    "? a\n: b\n",
    "a: é\n",
    "<<: a\n",
    "a:\n   b: c\n  d: e\n",
    "- - a\n",
  ];
  for (const text of left) {
    it(`leaves ${JSON.stringify(text)}`, () => assert.equal(readPlainYaml(text), undefined));
  }

  it("never differs from the library on mutations", () => {
    const random = randomFrom(20_261_129);
    const alphabet = " \n\n:-#'\">|[]{}&*!%@`=<~?.,0123yn_";
    let accepted = 0;
    for (let round = 0; round < Number(process.env["THOTH_MUTATIONS"] ?? 3000); round++) {
      const lines = SAMPLE.split("\n");
      const start = random(lines.length - 3);
      // Often a small part, so that one change does not drown among what is refused.
      let text = random(2) === 0 ? SAMPLE : dedent(lines.slice(start, start + 1 + random(8)));
      for (let change = 1 + random(3); change > 0; change--) {
        const at = random(text.length);
        const removed = random(3) === 0 ? random(12) : random(2);
        text = text.slice(0, at) + (alphabet[random(alphabet.length)] ?? "") + text.slice(at + removed);
      }
      if (isPlain(text)) accepted++;
    }
    assert.ok(accepted > 100, `only ${accepted} were accepted`);
  });
});

function dedent(lines: readonly string[]): string {
  const indent = lines[0]!.length - lines[0]!.trimStart().length;
  return lines
    .map((line) => `${line.slice(Math.min(indent, line.length - line.trimStart().length))}\n`)
    .join("");
}

describe("hostile texts", () => {
  const hostile: readonly (readonly [title: string, text: string, code: string])[] = [
    ["a long file", `a: ${"b".repeat(5 * 1024 * 1024)}\n`, "limit-exceeded"],
    ["deep flow", `units: ${"[".repeat(100_000)}`, "limit-exceeded"],
    ["deep mappings", `units: ${"{a: ".repeat(5000)}`, "limit-exceeded"],
    ["deep blocks", `units:\n ${"- ".repeat(5000)}a\n`, "limit-exceeded"],
    ["aliases of aliases", bomb(30), "limit-exceeded"],
    ["a key twice among many", `${keys(200_000)}k7: a\n`, "invalid-yaml"],
    ["many aliases", `a: &a b\nc: [${"*a,".repeat(20_000)}]\n`, "limit-exceeded"],
  ];
  for (const [title, text, code] of hostile) {
    it(`refuses ${title}`, () => {
      const { value, errors } = parseText(text);
      assert.deepEqual(value, []);
      assert.equal(errors[0]?.code, code);
    });
  }

  it("takes a key of the prototype for a key", () => {
    assert.deepEqual(places(parseText("__proto__:\n  units: {}\n").errors), [
      "unknown-key 1:1",
      "missing-key 1:1",
    ]);
    assert.deepEqual(places(parseText("{__proto__: {units: {}}}\n").errors), [
      "unknown-key 1:2",
      "missing-key 1:1",
    ]);
  });

  it("never throws on noise", () => {
    const random = randomFrom(7);
    const alphabet = "units: {}[]\n  - name: &*!|>'\"%@`\t\r\u0000\ud800é<<~";
    for (let round = 0; round < 2000; round++) {
      let text = "";
      for (let length = random(60); length > 0; length--) text += alphabet[random(alphabet.length)];
      parseText(text);
    }
  });
});

function keys(count: number): string {
  return Array.from({ length: count }, (_, at) => `k${at}: a\n`).join("");
}

/** Each line says the one before ten times. */
function bomb(lines: number): string {
  const text = ["a0: &a0 x"];
  for (let line = 1; line < lines; line++) text.push(`a${line}: &a${line} [${`*a${line - 1},`.repeat(10)}]`);
  return `${text.join("\n")}\n`;
}
