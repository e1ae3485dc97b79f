import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { targetEnvironment } from "../src/environment.ts";
import { formatMarker, parseMarker } from "../src/marker.ts";
import { evaluateMarker } from "../src/marker-evaluate.ts";
import { markerText } from "./arbitrary.ts";
import { failureOf } from "./failure.ts";

const linux = {
  ...targetEnvironment({ pythonVersion: "3.12.1", platform: "linux" }).markers,
  platform_release: "6.8.0-31-generic",
  platform_version: "#31-Ubuntu SMP",
};

function holds(text: string, extras: string[] = [], groups: string[] = []): boolean {
  return evaluateMarker(parseMarker(text), linux, new Set(extras), new Set(groups));
}

test("versions compare as versions, text as text", () => {
  for (const text of [
    "python_version >= '3.8'",
    "python_version < '3.13'",
    "'3.9' <= python_version",
    "python_version == '3.12.*'",
    "python_version ~= '3.9'",
    "python_full_version > '3.12.0'",
    "python_full_version != '3.12.2'",
    "python_version in '3.11 3.12'",
    "python_version not in '3.10, 3.11'",
    "os_name == 'posix'",
    "sys_platform == 'linux' and platform_system == 'Linux'",
    "'linux' in sys_platform",
    "implementation_name == 'cpython'",
    "platform_python_implementation == 'CPython'",
    "platform_machine == 'x86_64'",
    "sys_platform != 'win32' or python_version < '3'",
    // Text has no order: only equality holds.
    "sys_platform >= 'linux'",
    "sys_platform <= 'linux'",
    // A release of a kernel is a version only where both sides are.
    "platform_release >= '6.8.0-31-generic'",
    "'Ubuntu' in platform_version",
  ]) {
    assert.equal(holds(text), true, text);
  }
  for (const text of [
    "python_version == '3.1'",
    "python_version < '3.2'",
    "python_version == '3.8.*'",
    "python_version not in '3.11, 3.12'",
    "sys_platform > 'a'",
    "sys_platform == 'Linux'",
    "platform_release > '5'",
    "python_version > 'unknown'",
  ]) {
    assert.equal(holds(text), false, text);
  }
});

test("and goes before or, parentheses before both", () => {
  assert.equal(holds("os_name == 'posix' or os_name == 'x' and os_name == 'y'"), true);
  assert.equal(holds("(os_name == 'posix' or os_name == 'x') and os_name == 'y'"), false);
  assert.equal(formatMarker(parseMarker("((os_name == 'a'))")), 'os_name == "a"');
  assert.equal(
    formatMarker(parseMarker("(os_name == 'a' or os_name=='b') and extra == 'C_d'")),
    '(os_name == "a" or os_name == "b") and extra == "c-d"',
  );
});

test("extra stands for every extra that is asked for", () => {
  assert.equal(holds("extra == 'A_b'", ["a-b", "c"]), true);
  assert.equal(holds("'a.b' == extra", ["a-b"]), true);
  assert.equal(holds("extra == 'x'", ["a-b", "c"]), false);
  assert.equal(holds("extra != 'x'", ["a-b", "c"]), true);
  assert.equal(holds("extra != 'c'", ["a-b", "c"]), false);
  assert.equal(holds("extra == 'a' and extra == 'b'", ["a", "b"]), true);
  assert.equal(holds("extra == ''"), true);
  assert.equal(holds("extra == 'x'"), false);
  assert.equal(holds("extra != 'x'"), true);
});

test("extras and dependency_groups are sets", () => {
  assert.equal(holds("'Dev_Tools' in dependency_groups", [], ["dev-tools"]), true);
  assert.equal(holds("'dev' not in dependency_groups", [], ["docs"]), true);
  assert.equal(holds("'a' in extras and 'b' in extras", ["a", "b"]), true);
  assert.equal(holds("'a' in extras", []), false);
});

test("a build between releases is a version with a label", () => {
  const marker = parseMarker("python_full_version >= '3.14.0'");
  assert.equal(evaluateMarker(marker, { ...linux, python_full_version: "3.14.0+" }), true);
});

test("backslashes, control characters and both quotes survive being written", () => {
  for (const [text, written] of [
    ["platform_version == 'C:\\\\x41'", 'platform_version == "C:\\\\x41"'],
    ["platform_version == 'a\\nb'", 'platform_version == "a\\u000ab"'],
    ["platform_version == 'a\\x22b\\x27'", 'platform_version == "a\\x22b\'"'],
  ] as const) {
    const marker = parseMarker(text);
    assert.equal(formatMarker(marker), written);
    assert.deepEqual(parseMarker(formatMarker(marker)), marker);
  }
});

test("comparisons without a meaning are refused, and only those", () => {
  for (const text of [
    "os_name ~= 'posix'",
    "os_name === 'posix'",
    "extra ~= '1.0'",
    "extras == 'a'",
    "dependency_groups in 'a'",
    "'a' == extras",
    "'a' == 'a'",
  ]) {
    assert.equal(failureOf(() => holds(text)).code, "invalid-requirement", text);
  }
  assert.equal(holds("python_full_version === '3.12.1'"), true);
});

test("an error tells where", () => {
  const positions: [string, number][] = [
    ["", 0],
    ["python_version", 14],
    ["python_version >= 3", 18],
    ["python_version => '3'", 15],
    ["python_version >= '3", 18],
    ["pyton_version >= '3'", 0],
    ["(python_version >= '3'", 22],
    ["python_version >= '3')", 21],
    ["python_version >= '3' && os_name == 'a'", 22],
    ["python_version not '3'", 19],
    ["python_version >= '3' and", 25],
    ["os_name == '\\x'", 11],
    ["os_name == 'a\nb'", 11],
  ];
  for (const [text, position] of positions) {
    const failure = failureOf(() => parseMarker(text));
    assert.equal(failure.code, "invalid-requirement");
    assert.equal(failure.details?.["position"], position, text);
  }
});

test("depth is no danger, length is bounded", () => {
  const depth = 50_000;
  const text = `${"(".repeat(depth)}os_name == 'posix'${")".repeat(depth)}`;
  assert.equal(holds(text), true);
  assert.equal(formatMarker(parseMarker(text)), 'os_name == "posix"');
  assert.equal(failureOf(() => parseMarker(`${" ".repeat(300_000)}os_name == 'a'`)).code, "limit-exceeded");
});

test("written and read again a marker is the same and says the same", () => {
  fc.assert(
    fc.property(markerText, fc.subarray(["a-b", "c"]), (text, extras) => {
      const marker = parseMarker(text);
      const again = parseMarker(formatMarker(marker));
      assert.equal(formatMarker(again), formatMarker(marker));
      assert.equal(
        evaluateMarker(again, linux, new Set(extras)),
        evaluateMarker(marker, linux, new Set(extras)),
      );
    }),
    { numRuns: 3000 },
  );
});
