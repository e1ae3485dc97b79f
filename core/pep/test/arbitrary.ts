// Generators of versions, specifiers, markers and requirements for laws.

import fc from "fast-check";
import { parseVersion, type Version } from "../src/version.ts";

const smallNumber = fc.oneof(
  { weight: 8, arbitrary: fc.nat(3).map(String) },
  { weight: 2, arbitrary: fc.nat(20000).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("16383", "16384", "65535", "65536", "131070", "131071", "33554432"),
  },
  { weight: 1, arbitrary: fc.constantFrom("9007199254740991", "9007199254740993", "99999999999999999999") },
);

function optional(prefix: string, weight = 1): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant("") },
    { weight, arbitrary: smallNumber.map((number) => prefix + number) },
  );
}

const epoch = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: smallNumber.map((number) => (number === "0" ? "" : `${number}!`)) },
);
const release = fc.array(smallNumber, { minLength: 1, maxLength: 5 }).map((numbers) => numbers.join("."));
const pre = fc.oneof(optional("a"), optional("b"), optional("rc"));
const local = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(smallNumber, fc.constantFrom("a", "b", "a1", "ubuntu")), { minLength: 1, maxLength: 3 })
      .map((segments) => `+${segments.join(".")}`),
  },
);

/** In normal form. */
export const publicVersionText: fc.Arbitrary<string> = fc
  .tuple(epoch, release, pre, optional(".post"), optional(".dev"))
  .map((parts) => parts.join(""));
export const versionText: fc.Arbitrary<string> = fc
  .tuple(publicVersionText, local)
  .map((parts) => parts.join(""));

/** Of few releases, so that versions meet. */
export const nearVersionText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "", "", "1!"),
    fc.constantFrom("0", "1", "1.0", "1.1", "1.0.0", "1.0.1", "2", "0.0"),
    fc.constantFrom("", "", "a0", "a1", "a2", "b0", "rc1"),
    fc.constantFrom("", "", ".post0", ".post1", ".post2"),
    fc.constantFrom("", "", ".dev0", ".dev1", ".dev2"),
    fc.constantFrom("", "", "", "+x", "+1", "+x.1"),
  )
  .map((parts) => parts.join(""));

export const nearVersion: fc.Arbitrary<Version> = nearVersionText.map(parseVersion);
export const anyVersion: fc.Arbitrary<Version> = fc.oneof(nearVersionText, versionText).map(parseVersion);

function withoutLocal(text: string): string {
  return text.split("+", 1)[0]!;
}

/** One valid clause. */
export const clauseText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom("<", "<=", ">", ">="), nearVersionText.map(withoutLocal))
      .map((parts) => parts.join("")),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom("==", "!="), nearVersionText).map((parts) => parts.join("")),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom("==", "!="), epoch, release)
      .map(([operator, first, numbers]) => `${operator}${first}${numbers}.*`),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("1.0", "1.1", "1.0.0", "1.0.1a1", "1!1.0", "0.0", "1.0.post1", "1.1.dev0")
      .map((text) => `~=${text}`),
  },
);

export const specifiersText: fc.Arbitrary<string> = fc
  .array(clauseText, { maxLength: 4 })
  .map((clauses) => clauses.join(","));

const variable = fc.constantFrom(
  ..."python_version python_full_version os_name sys_platform platform_machine platform_release extra".split(
    " ",
  ),
);
const operator = fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "in", "not in");
const value = fc.constantFrom('"3.8"', "'3.12'", '"linux"', '"A_b"', '""', "'x\"y'", '"3.8 3.9"', '"6.8-31"');
const comparison = fc
  .tuple(variable, operator, value, fc.boolean())
  .map(([left, sign, right, turned]) => (turned ? `${right} ${sign} ${left}` : `${left} ${sign} ${right}`));

export const markerText: fc.Arbitrary<string> = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    fc.tuple(tie("marker"), fc.constantFrom("and", "or"), tie("marker")).map((parts) => parts.join(" ")),
    tie("marker").map((text) => `(${text})`),
  ),
})).marker;

export const nameText: fc.Arbitrary<string> = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/)
  .map((text) => text.replace(/[._-]+$/, ""));

export const requirementText: fc.Arbitrary<string> = fc
  .tuple(
    nameText,
    fc.array(nameText, { maxLength: 3 }).map((names) => (names.length === 0 ? "" : `[${names.join(",")}]`)),
    fc.oneof(
      specifiersText,
      fc.constantFrom(" @ https://example.org/a-1.zip", " @ git+https://example.org/a@1"),
    ),
    fc.option(markerText, { nil: "" }),
  )
  .map(([name, extras, rest, marker]) => `${name}${extras}${rest}${marker === "" ? "" : ` ; ${marker}`}`);
