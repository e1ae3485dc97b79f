// Markers that tell environments apart: a law, and how they read.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  evaluateMarker,
  formatMarker,
  type MarkerEnvironment,
  markerGiven,
  parseMarker,
  separatingMarker,
  targetEnvironment,
} from "../src/index.ts";

const PLATFORMS = ["linux-x86_64", "linux-aarch64", "macos-arm64", "macos-x86_64", "windows-x86_64"];
const ALL = ["3.9", "3.10", "3.11", "3.14"].flatMap((pythonVersion) =>
  PLATFORMS.map((platform) => targetEnvironment({ pythonVersion, platform }).markers),
);

describe("a marker that separates environments", () => {
  it("is true in those that are chosen, and in no other", () => {
    const chosen = fc
      .subarray(ALL, { minLength: 1 })
      .chain((all) => fc.tuple(fc.constant(all), fc.subarray(all, { minLength: 1 })));
    fc.assert(
      fc.property(chosen, ([all, some]) => {
        const marker = separatingMarker(all, some);
        assert.equal(marker === undefined, all.length === some.length);
        // As a lock has it: written, and read again.
        const read = marker && parseMarker(formatMarker(marker));
        for (const one of all)
          assert.equal(read === undefined || evaluateMarker(read, one), some.includes(one));
      }),
    );
  });

  it("is as short as people would write it", () => {
    const text = (holds: (one: MarkerEnvironment) => boolean, all = ALL) => {
      const marker = separatingMarker(all, all.filter(holds));
      return marker && formatMarker(marker);
    };
    assert.equal(
      text(({ sys_platform }) => sys_platform === "win32"),
      'sys_platform == "win32"',
    );
    assert.equal(
      text(({ sys_platform }) => sys_platform !== "win32"),
      'sys_platform != "win32"',
    );
    assert.equal(
      text(({ python_version }) => python_version === "3.14"),
      'python_version == "3.14"',
    );
    assert.equal(
      text(({ python_version }) => !["3.11", "3.14"].includes(python_version)),
      'python_version < "3.11"',
    );
    assert.equal(
      text(({ python_version }) => python_version !== "3.9"),
      'python_version >= "3.10"',
    );
    assert.equal(
      text(({ sys_platform, platform_machine }) => sys_platform === "linux" && platform_machine === "x86_64"),
      'sys_platform == "linux" and platform_machine == "x86_64"',
    );
    assert.equal(
      text(({ sys_platform, python_version }) => sys_platform === "win32" || python_version === "3.9"),
      'sys_platform != "win32" and python_version == "3.9" or sys_platform == "win32"',
    );
    assert.equal(
      text(() => true),
      undefined,
    );
  });
});

describe("what is left of a marker where something holds", () => {
  const left = (text: string) => {
    const marker = markerGiven(
      parseMarker(text),
      ({ right }) => right.kind === "variable" && right.name === "dependency_groups",
    );
    return marker && formatMarker(marker);
  };

  it("is the rest, or nothing", () => {
    const windows = 'sys_platform == "win32"';
    assert.equal(left("'kernel' in dependency_groups"), undefined);
    assert.equal(left(`${windows} and 'kernel' in dependency_groups`), windows);
    assert.equal(left(`${windows} or 'kernel' in dependency_groups`), undefined);
    assert.equal(
      left(`(${windows} and ('a' in dependency_groups or 'b' in dependency_groups)) or os_name == "nt"`),
      `${windows} or os_name == "nt"`,
    );
  });
});
