import assert from "node:assert/strict";
import { test } from "node:test";
import { targetEnvironment } from "../src/environment.ts";
import { tryParseWheelFilename } from "../src/filename.ts";
import { expandPlatform } from "../src/platform.ts";
import { compatibleTags, parseTagSet } from "../src/tag.ts";
import { failureOf } from "./failure.ts";
import { findInterpreters } from "./interpreters.ts";

const asked = findInterpreters().filter(({ glibc }) => glibc !== undefined);

test("tags are those of the interpreters of this machine", {
  skip: asked.length === 0 ? "no Python on glibc with a pip that knows tags" : false,
}, (context) => {
  for (const { path, python, implementation, freeThreaded, glibc, machine, tags } of asked) {
    if (implementation !== "cp") continue;
    context.diagnostic(path);
    const { platforms } = expandPlatform(`manylinux_${glibc!.join("_")}_${machine}`);
    const ours = compatibleTags({ python, platforms, freeThreaded });
    // Older versions of packaging leave out `cp312-none-any`.
    const pure = `cp${python.join("")}-none-any`;
    assert.deepEqual([...new Set(ours).symmetricDifference(new Set([...tags, pure]))], [], path);
    // Versions of packaging differ in the place of plain `linux_…`, which no index has.
    const portable = (tag: string) => !tag.includes("-linux_") && tag !== pure;
    const expected = tags.filter(portable);
    const first = ours.filter(portable).findIndex((tag, at) => tag !== expected[at]);
    assert.equal(first, -1, `${path}: not ${expected[first]}`);
  }
});

/** The priority of the best tag of a wheel, or undefined. */
function fit(filename: string, target: ReturnType<typeof targetEnvironment>): number | undefined {
  const priorities = tryParseWheelFilename(filename)!.tags.map((tag) => target.tags.get(tag));
  const fitting = priorities.filter((priority) => priority !== undefined);
  return fitting.length === 0 ? undefined : Math.min(...fitting);
}

function fits(platform: string, tag: string, pythonVersion = "3.12"): boolean {
  return fit(`a-1-${tag}.whl`, targetEnvironment({ pythonVersion, platform })) !== undefined;
}

test("Linux with glibc", () => {
  assert.ok(fits("linux", "cp312-cp312-manylinux_2_28_x86_64"));
  assert.ok(fits("linux", "cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64"));
  assert.ok(fits("linux", "cp39-abi3-manylinux1_x86_64"));
  assert.ok(fits("linux", "py3-none-any"));
  assert.ok(!fits("linux", "cp312-cp312-manylinux_2_34_x86_64"));
  assert.ok(!fits("linux", "cp312-cp312-musllinux_1_2_x86_64"));
  assert.ok(!fits("linux", "cp313-abi3-manylinux1_x86_64"));
  assert.ok(!fits("linux", "cp311-cp311-manylinux_2_28_x86_64"));
  assert.ok(!fits("manylinux_2_28_aarch64", "cp312-cp312-manylinux1_aarch64"));
});

test("Linux with musl", () => {
  assert.ok(fits("x86_64-unknown-linux-musl", "cp312-cp312-musllinux_1_1_x86_64"));
  assert.ok(fits("musllinux_1_2_x86_64", "cp312-cp312-musllinux_1_2_x86_64"));
  assert.ok(!fits("musllinux_1_2_x86_64", "cp312-cp312-musllinux_1_3_x86_64"));
  assert.ok(!fits("musllinux_1_2_x86_64", "cp312-cp312-manylinux_2_17_x86_64"));
});

test("macOS: universal binaries, and Intel on versions that had it", () => {
  assert.ok(fits("macos", "cp312-cp312-macosx_11_0_arm64"));
  assert.ok(fits("macos", "cp312-cp312-macosx_10_9_universal2"));
  assert.ok(!fits("macos", "cp312-cp312-macosx_10_9_x86_64"));
  assert.ok(!fits("macos", "cp312-cp312-macosx_15_0_arm64"));
  assert.ok(fits("macosx_14_0_x86_64", "cp312-cp312-macosx_10_9_x86_64"));
  assert.ok(fits("macosx_14_0_x86_64", "cp312-cp312-macosx_10_9_intel"));
  assert.ok(fits("macosx_14_0_x86_64", "cp312-cp312-macosx_11_0_universal2"));
  assert.ok(!fits("macosx_14_0_x86_64", "cp312-cp312-macosx_11_0_arm64"));
});

test("the binary for the machine alone goes before the universal one", () => {
  const target = targetEnvironment({ pythonVersion: "3.12", platform: "macos" });
  const own = fit("a-1-cp312-cp312-macosx_11_0_arm64.whl", target)!;
  const universal = fit("a-1-cp312-cp312-macosx_11_0_universal2.whl", target)!;
  assert.ok(own < universal);
});

test("Windows, Android, iOS and the browser", () => {
  assert.ok(fits("windows", "cp312-cp312-win_amd64"));
  assert.ok(!fits("windows", "cp312-cp312-win32"));
  assert.ok(fits("win_arm64", "cp312-cp312-win_arm64"));
  assert.ok(fits("android_24_arm64_v8a", "cp313-cp313-android_21_arm64_v8a", "3.13"));
  assert.ok(!fits("android_21_arm64_v8a", "cp313-cp313-android_24_arm64_v8a", "3.13"));
  assert.ok(fits("ios_17_0_arm64_iphoneos", "cp313-cp313-ios_13_0_arm64_iphoneos", "3.13"));
  assert.ok(!fits("ios_17_0_arm64_iphoneos", "cp313-cp313-ios_13_0_arm64_iphonesimulator", "3.13"));
  assert.ok(fits("pyodide_2024_0_wasm32", "cp312-cp312-pyodide_2024_0_wasm32"));
});

test("other interpreters and builds", () => {
  const threads = targetEnvironment({ pythonVersion: "3.13", platform: "linux", freeThreaded: true });
  assert.notEqual(fit("a-1-cp313-cp313t-manylinux_2_17_x86_64.whl", threads), undefined);
  assert.equal(fit("a-1-cp313-cp313-manylinux_2_17_x86_64.whl", threads), undefined);
  assert.equal(fit("a-1-cp39-abi3-manylinux_2_17_x86_64.whl", threads), undefined);
  const pypy = targetEnvironment({ pythonVersion: "3.10", platform: "linux", implementation: "pypy" });
  assert.notEqual(fit("a-1-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl", pypy), undefined);
  assert.notEqual(fit("a-1-pp3-none-any.whl", pypy), undefined);
  assert.equal(fit("a-1-cp310-abi3-manylinux_2_17_x86_64.whl", pypy), undefined);
  assert.equal(pypy.markers.platform_python_implementation, "PyPy");
  assert.equal(
    compatibleTags({ python: [2, 7], platforms: ["linux_x86_64"] })[0],
    "cp27-cp27mu-linux_x86_64",
  );
});

test("unknown platforms are wrong usage", () => {
  for (const platform of ["", "plan9", "manylinux_2_999_x86_64", "macosx_11", "x".repeat(300)]) {
    assert.equal(failureOf(() => expandPlatform(platform)).code, "usage");
  }
});

test("sets of tags are expanded, and bounded", () => {
  assert.deepEqual(parseTagSet("py2.py3-none-any"), ["py2-none-any", "py3-none-any"]);
  assert.deepEqual(parseTagSet("CP39-ABI3-Win32"), ["cp39-abi3-win32"]);
  const many = Array.from({ length: 20 }, (_, at) => `a${at}`).join(".");
  assert.equal(failureOf(() => parseTagSet(`${many}-${many}-${many}`)).code, "limit-exceeded");
  const failure = failureOf(() => parseTagSet("py3-none..abi3-any"));
  assert.equal(failure.code, "invalid-wheel");
  assert.equal(failure.details?.["position"], 8);
});
