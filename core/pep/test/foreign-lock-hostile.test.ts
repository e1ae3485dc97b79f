// Locks that were damaged at random or made to be dear: each is read, or refused with a code.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ThothError } from "../src/error.ts";
import { pylockOf } from "../src/foreign-lock.ts";
import { pdmHashText, poetryHashTexts } from "../src/foreign-lock-hash.ts";
import { readForeignLock } from "../src/foreign-lock-read.ts";
import { formatPylock } from "../src/pylock-write.ts";
import { compareUvLock } from "../src/uv-lock-project.ts";
import * as samples from "./lock-samples.ts";

const cases: readonly (readonly [name: string, lock: string, pyproject: string])[] = [
  ["pylock.toml", samples.PYLOCK_SAMPLE, ""],
  ["requirements.txt", samples.REQUIREMENTS_SAMPLE, ""],
  ["Pipfile.lock", samples.PIPFILE_LOCK_SAMPLE, ""],
  ["poetry.lock", samples.POETRY_11_SAMPLE, samples.POETRY_11_PROJECT],
  ["poetry.lock", samples.POETRY_21_SAMPLE, samples.POETRY_11_PROJECT],
  ["uv.lock", samples.UV_SAMPLE, samples.UV_PROJECT],
  ["pdm.lock", samples.PDM_SAMPLE, samples.PDM_PROJECT],
  ["pdm.lock", samples.PDM_STATIC_SAMPLE, samples.PDM_PROJECT],
];

const codes = new Set(["invalid-lock", "invalid-requirement", "invalid-project", "limit-exceeded"]);

/** The code, or nothing where all was read. */
function outcome(name: string, text: string, pyproject?: string): string | undefined {
  try {
    const lock = readForeignLock(name, text, pyproject === undefined ? {} : { pyproject });
    const whole = pylockOf(lock, "thoth");
    if (whole !== undefined) formatPylock(whole);
    if (name === "uv.lock" && pyproject !== undefined) compareUvLock(text, pyproject);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ThothError, error instanceof Error ? error.stack : String(error));
    assert.ok(codes.has(error.code), `${error.code}: ${error.message}`);
    assert.ok(error.message.length < 3000);
    return error.code;
  }
}

/** Pieces of other types and of other places, put where something else was. */
const piece = fc.oneof(
  fc.constantFrom(
    "[]",
    "{}",
    '""',
    "1",
    "true",
    "[[package]]",
    "null",
    "__proto__",
    "constructor",
    "\\",
    '"',
    "'",
  ),
  fc.constantFrom(
    'extra == "x"',
    "python_version",
    "[package.source]",
    "*",
    "\u0000",
    "\n",
    "=",
    "; ",
    "1979-05-27",
  ),
  fc.string({ maxLength: 6 }),
);
const edit = fc.record({ at: fc.nat(), length: fc.nat(30), piece });

function damaged(text: string, edits: readonly { at: number; length: number; piece: string }[]): string {
  return edits.reduce((now, { at, length, piece: put }) => {
    const start = at % (now.length + 1);
    return now.slice(0, start) + put + now.slice(start + length);
  }, text);
}

for (const [name, lock, pyproject] of cases) {
  test(`${name} damaged anywhere is read or refused`, () => {
    assert.equal(outcome(name, lock, pyproject), undefined);
    const property = fc.property(
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (edits, ofLock) => {
        if (ofLock) outcome(name, damaged(lock, edits), pyproject);
        else outcome(name, lock, damaged(pyproject, edits));
      },
    );
    fc.assert(property, { numRuns: 1500, seed: 8 });
  });
  test(`${name} with a value of another type is read or refused`, () => {
    const values = [...lock.matchAll(/=\s*("[^"\n]*"|\[[^\]\n]*\]|\{[^}\n]*\}|\d+)/g)];
    for (const match of values) {
      const start = match.index + match[0].length - (match[1] as string).length;
      for (const other of ["1", '"x"', "true", "[1]", "{}", "[[]]", "1979-05-27T07:32:00Z", "[{ a = 1 }]"])
        outcome(name, lock.slice(0, start) + other + lock.slice(match.index + match[0].length), pyproject);
    }
  });
}

test("what projects are hashed by", () => {
  const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
    for (const hash of [poetryHashTexts, pdmHashText]) {
      try {
        hash(damaged(samples.PDM_PROJECT, edits));
      } catch (error) {
        assert.ok(error instanceof ThothError && codes.has(error.code), String(error));
      }
    }
  });
  fc.assert(property, { numRuns: 1000, seed: 8 });
});

const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => item(at)).join("");

test("locks that ask for too much", () => {
  // Each package needs all others, on conditions of their own.
  const dense = many(60, (at) => {
    const needs = many(60, (to) => `{ name = "p${to}", marker = "os_name == '${at}-${to}'" },`);
    return `[[package]]\nname = "p${at}"\nversion = "1"\nsource = { registry = "https://x.example" }\ndependencies = [${needs}]\n`;
  });
  const root = `[[package]]\nname = "shop"\nsource = { virtual = "." }\ndependencies = [{ name = "p0" }]\n`;
  const head = 'version = 1\nrequires-python = ">=3"\n';
  assert.equal(outcome("uv.lock", head + dense + root), "limit-exceeded");
  const chain = many(20_000, (at) => {
    return `[[package]]\nname = "p${at}"\nversion = "1"\nsource = { registry = "https://x.example" }\ndependencies = [{ name = "p${at + 1}" }]\n`;
  });
  const end = '[[package]]\nname = "p20000"\nversion = "1"\nsource = { registry = "https://x.example" }\n';
  assert.equal(outcome("uv.lock", head + chain + end + root), undefined);
  assert.equal(outcome("poetry.lock", `a = ${"[".repeat(1_000_000)}`), "limit-exceeded");
  assert.equal(outcome("Pipfile.lock", `{"_meta": ${"[".repeat(1_000_000)}`), "invalid-lock");
});
