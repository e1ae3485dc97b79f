import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { looksLike, POPULAR_NAMES } from "@thoth/artifact";
import { normalizeName } from "@thoth/pep";
import fc from "fast-check";

const found = (name: string) => looksLike(name, POPULAR_NAMES).map((one) => `${one.name} ${one.reason}`);

/** Names that were published to be taken for others, as reports of 2017 to 2024 name them. */
const SQUATS = {
  "python3-dateutil": "python-dateutil",
  jeIlyfish: "jellyfish",
  colourama: "colorama",
  diango: "django",
  djanga: "django",
  dajngo: "django",
  urllib: "urllib3",
  request: "requests",
  requesys: "requests",
  reqeusts: "requests",
  requestss: "requests",
  requets: "requests",
  rquests: "requests",
  "setup-tools": "setuptools",
  tenserflow: "tensorflow",
  tensoflow: "tensorflow",
  numipy: "numpy",
  pandsa: "pandas",
  "nmap-python": "python-nmap",
  "python-sqlite": "sqlite",
  beautfulsoup4: "beautifulsoup4",
  urlib3: "urllib3",
  matplolib: "matplotlib",
  selenuim: "selenium",
  piilow: "pillow",
  coloramma: "colorama",
  "scikit-learm": "scikit-learn",
  cryptograhpy: "cryptography",
  falsk: "flask",
  fastapii: "fastapi",
  aoihttp: "aiohttp",
} as const;

describe("a name", () => {
  test("that was made to be taken for another one is told, and for which", () => {
    for (const [squat, meant] of Object.entries(SQUATS))
      assert.ok(
        looksLike(squat, POPULAR_NAMES).some(({ name }) => name === meant),
        `${squat}: ${found(squat)}`,
      );
  });

  test("says why", () => {
    assert.deepEqual(found("jeIlyfish"), ["jellyfish looks-same"]);
    assert.deepEqual(found("pandsa"), ["pandas slip"]);
    assert.deepEqual(found("setup-tools"), ["setuptools slip"]);
    assert.deepEqual(found("djanga"), ["django edit"]);
    assert.deepEqual(found("nmap-python"), ["python-nmap order"]);
    assert.deepEqual(found("python-requests"), ["requests affix"]);
    assert.deepEqual(found("request"), ["requests plural"]);
    assert.deepEqual(found("urllib4"), ["urllib3 number"]);
    assert.deepEqual(found("asyncio"), ["asyncio standard-library"]);
  });

  test("that is like none is left alone, and so is one that is much used itself", () => {
    for (const name of [
      "mybiubiubiu",
      "libpeshnx",
      "thoth",
      "a",
      "",
      "x".repeat(200),
      "psycopg2",
      "pyside6",
      "pycryptodomex",
    ])
      assert.deepEqual(found(name), [], name);
  });

  test("is judged by its normal form, but for what looks the same", () => {
    assert.deepEqual(found("Django"), []);
    assert.deepEqual(found("Scikit_Learn"), []);
    assert.deepEqual(found("Setup__Tools"), found("setup-tools"));
  });
});

describe("the list of much used names", () => {
  test("has normal forms, each once", () => {
    assert.ok(POPULAR_NAMES.length > 500);
    assert.equal(new Set(POPULAR_NAMES).size, POPULAR_NAMES.length);
    for (const name of POPULAR_NAMES) assert.equal(name, normalizeName(name));
  });

  test("has few honest pairs that look alike, which their ranks excuse", () => {
    const sample = POPULAR_NAMES.filter((_, index) => index % 3 === 0);
    const alike = sample.filter(
      (name) =>
        looksLike(
          name,
          POPULAR_NAMES.filter((other) => other !== name),
        ).length > 0,
    );
    assert.ok(alike.length <= 0.04 * sample.length, alike.join(" "));
    assert.ok(sample.every((name) => looksLike(name, POPULAR_NAMES).length === 0));
  });
});

describe("slips", () => {
  const long = POPULAR_NAMES.filter((name) => name.length >= 7 && /^[a-z]+$/.test(name));
  const name = fc.constantFrom(...long);

  test("of every kind are found in every longer name", () => {
    fc.assert(
      fc.property(
        name,
        fc.nat(),
        fc.constantFrom("swap", "double", "drop", "put", "change"),
        (right, seed, kind) => {
          const at = seed % (right.length - 1);
          const letter = String.fromCharCode(97 + (seed % 26));
          const [before, one, after] = [right.slice(0, at), right[at]!, right.slice(at + 1)];
          const wrong = {
            swap: before + after[0]! + one + after.slice(1),
            double: before + one + one + after,
            drop: before + after,
            put: before + letter + one + after,
            change: before + letter + after,
          }[kind];
          if (POPULAR_NAMES.includes(wrong)) return;
          assert.ok(
            looksLike(wrong, POPULAR_NAMES).some((each) => each.name === right),
            `${wrong} for ${right}`,
          );
        },
      ),
    );
  });

  test("never throw, whatever the name", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 5 }), (text, popular) => {
        looksLike(text, popular);
      }),
    );
  });
});
