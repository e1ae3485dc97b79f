// Versions of every shape around a few bases, and texts that are none.

const BASES =
  "0 0.0 1.0 1.1 1.2 2.0 2.1 3.0 1.0.1 1.4.2 2.0.0 3.8 3.9 3.10 3.10.2 3.11 3.12 3.13 3.14 10.0 100.0 1!0.0 1!1.0 1!2.0";
const SUFFIXES =
  " .dev0 .dev1 .dev6 a0 a1 a1.dev1 a1.post0 a1.post1 a2.dev0 a2 b0 b1 rc0 rc1 rc2 .0 .post0.dev0 .post0 .post1.dev0 " +
  ".post1 .post1+local .post2 .post3 +local +local1 +local2 +1 +1.local .1.dev1 .1a1 .1 .1+local .1.post1";

/** Finite, of every kind of suffix, and seven that only `===` can mean. */
export const SAMPLE_TEXTS: readonly string[] = [
  ...new Set(BASES.split(" ").flatMap((base) => SUFFIXES.split(" ").map((suffix) => base + suffix))),
  ..."foobar a b not-a-version 1.01 1.0-1 v1.0".split(" "),
];
