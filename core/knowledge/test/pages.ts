// Index pages from a seed: usual ones, ones with odd values, and ones with some bytes changed.

import { type PageContext, parseProjectPage, ThothError } from "@thoth/pep";
import type { Random } from "@thoth/testkit";
import { encodePage, encodeProject } from "../src/index.ts";

const INDEX = "https://index.test/simple/";
export const CONTEXT: PageContext = { url: `${INDEX}foo-bar/`, name: "foo-bar" };

const VERSIONS = ["1.0", "1.0.0", "1.0.1", "2.0rc1", "2!0.1", "1.0+local.1", "0.9.post3", "10", "not", ""];
const ENDINGS = [
  "-py3-none-any.whl",
  "-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  "-1build-py2.py3-none-any.whl",
  "-x-y-z-py3-none-any.whl",
  "-none.whl",
  ".whl",
  ".tar.gz",
  ".zip",
  ".exe",
];
const NAMES = [
  "foo_bar",
  "foo_bar",
  "Foo.Bar",
  "foo-bar",
  "other",
  ".foo",
  "-foo",
  "foo\u00e9",
  "föo",
  "f o",
];

const ODD = [
  "null",
  "true",
  "false",
  "0",
  "01",
  "-1",
  "1.5",
  "1e3",
  "1234567890123456789",
  '""',
  '"x"',
  '"\\u0041"',
  '"\\n"',
  '"\\q"',
  '"é"',
  '"☃ \\"quoted\\""',
  "[]",
  "{}",
  '{"sha256": "00"}',
  '{"sha256": null}',
  '{"md5": "d41d8cd98f00b204e9800998ecf8427e"}',
  '"2024-02-30T00:00:00Z"',
  '"2024-02-29T23:59:59.999999Z"',
  '"2023-04-31T10:00:00Z"',
  '"2024-12-31T24:00:00Z"',
  '"2024-01-01 00:00:00+02:00"',
  '"1969-12-31T23:59:59Z"',
  '"2106-02-07T06:28:16Z"',
  '"2024-01-01T00:00:00.Z"',
  '"../files/foo_bar-1.0.tar.gz"',
  '"http://files.test/foo_bar-1.0.tar.gz"',
  '"https://files.test/./foo_bar-1.0.tar.gz#sha256=00"',
  '"https://"',
  '"https://files.test"',
  '"https://files.test/a//b/"',
  '"javascript:alert(1)"',
  '"__proto__"',
  "nul",
];

function one<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)]!;
}

function digest(random: Random): string {
  return Array.from({ length: 64 }, () => "0123456789abcdef"[random(16)]).join("");
}

/** As on the Python Package Index; now and then not quite. */
function digestPath(random: Random): string {
  const digits = digest(random);
  const folders = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  if (random(10) === 0) folders[random(3)] = one(random, ["ab", "g0", "AB", "a", digits.slice(1, 61)]);
  return `${folders.join("/")}${random(20) === 0 ? "" : "/"}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function timeOf(random: Random): string {
  const day = `${1970 + random(150)}-${two(1 + random(12))}-${two(1 + random(31))}`;
  const fraction = one(random, ["", ".1", ".123456", ".1234567890123"]);
  return JSON.stringify(`${day}T${two(random(24))}:${two(random(60))}:${two(random(60))}${fraction}Z`);
}

type Value = (random: Random, filename: string) => string;

/** By key, what stands there mostly. */
const VALUES: Readonly<Record<string, Value>> = {
  url: (random, filename) =>
    JSON.stringify(
      `https://files.test/${random(2) === 0 ? digestPath(random) : one(random, ["a/b/", "a/c/", "", "x~%20/"])}${random(5) === 0 ? "other" : filename}`,
    ),
  hashes: (random) => `{"sha256": "${digest(random)}"}`,
  "requires-python": (random) => one(random, ["null", '""', '">=3.8"', '">=3.8,<4"', '"!=3.0.*"']),
  size: (random) => String(random(1_000_000)),
  "upload-time": timeOf,
  yanked: (random) => one(random, ["false", "true", '""', '"broken"', '"a \\"b\\" ☃"', '"\\u0000"', "null"]),
  "core-metadata": (random) => one(random, ["null", "true", "false", `{"sha256": "${digest(random)}"}`]),
  "dist-info-metadata": (random) => one(random, ["null", "true", "false", `{"sha256":"${digest(random)}"}`]),
  "data-dist-info-metadata": (random) => one(random, ["false", `{"sha256":"${digest(random)}"}`]),
  provenance: (random) => one(random, ["null", '"https://index.test/p/1"', '"/p/2"', '"javascript:1"']),
  "gpg-sig": (random) => one(random, ["false", "null"]),
};
const NEEDED = new Set(["url", "hashes"]);

function entryOf(random: Random, isOdd: boolean): string {
  const filename =
    one(random, NAMES.slice(0, isOdd ? undefined : 5)) + `-${one(random, VERSIONS)}${one(random, ENDINGS)}`;
  const members = [`"filename":${space(random)}${JSON.stringify(filename)}`];
  for (const [key, make] of Object.entries(VALUES)) {
    if (!NEEDED.has(key) && random(2) === 0) continue;
    const value = isOdd && random(8) === 0 ? one(random, ODD) : make(random, filename);
    members.splice(random(members.length + 1), 0, `"${key}"${space(random)}:${space(random)}${value}`);
  }
  if (isOdd && random(4) === 0) members.splice(random(members.length), 1);
  if (isOdd && random(8) === 0) members.push(one(random, members));
  if (isOdd && random(8) === 0) members.push(`"unknown": ${one(random, ODD)}`);
  return `{${space(random)}${members.join(`,${space(random)}`)}${space(random)}}`;
}

function space(random: Random): string {
  return random(8) === 0 ? one(random, [" ", "\n", "\t\r\n  "]) : "";
}

export function pageOf(random: Random): Uint8Array {
  const isOdd = random(3) === 0;
  const entries = Array.from({ length: random(6) }, () => entryOf(random, isOdd && random(2) === 0));
  const list = `[${space(random)}${entries.join(`${space(random)},${space(random)}`)}${space(random)}]`;
  const members = [`"files":${space(random)}${list}`, '"meta": {"api-version": "1.1"}', '"name": "foo-bar"'];
  if (random(2) === 0) members.push('"versions": ["1.0", "☃\\"]["]');
  if (random(4) === 0) members.push('"project-status": {"status": "archived", "reason": "[{\\"files\\":"}');
  if (isOdd && random(4) === 0) members.push(one(random, members));
  if (isOdd && random(4) === 0)
    members.push(`"${one(random, ["x", "fil\\u0065s", "name"])}": ${one(random, ODD)}`);
  const from = random(members.length);
  const turned = [...members.slice(from), ...members.slice(0, from)];
  const text = `${space(random)}{${space(random)}${turned.join(`,${space(random)}`)}${space(random)}}${space(random)}`;
  const bytes = new TextEncoder().encode(text);
  return random(3) === 0 ? mutated(bytes, random) : bytes;
}

const BYTES = [...'"\\{}[],:0aé \n\u0000'].map((sign) => new TextEncoder().encode(sign));

/** Some bytes changed, doubled or left out. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  for (let round = random(3) + 1; round > 0; round--) {
    const at = random(result.length + 1);
    const length = random(4);
    const piece = one(random, [
      one(random, BYTES),
      result.subarray(at, at + length),
      Uint8Array.of(random(256)),
    ]);
    const left = one(random, [0, 1, length]);
    result = Uint8Array.of(...result.subarray(0, at), ...piece, ...result.subarray(at + left));
  }
  return result;
}

/** The record and the warnings of a page, or the message of its error. */
export type Outcome = { readonly bytes: Uint8Array; readonly warnings: readonly string[] } | string;

function outcomeOf(encode: () => Outcome): Outcome {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return error.message;
  }
}

/** By the way that real pages take. */
export function shortWay(body: Uint8Array): Outcome {
  return outcomeOf(() => encodePage(body, CONTEXT, INDEX));
}

/** By way of a parsed page. */
export function longWay(body: Uint8Array): Outcome {
  return outcomeOf(() => {
    const page = parseProjectPage(new TextDecoder().decode(body), CONTEXT);
    return { bytes: encodeProject(page, INDEX), warnings: page.warnings };
  });
}
