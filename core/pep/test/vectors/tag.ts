// Tags of wheels: their text, and which ones an interpreter on a platform accepts.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import { expandPlatform, macFormats, macPlatforms, manylinuxPlatforms } from "../../src/platform.ts";
import { compatibleTags, parseTagSet } from "../../src/tag.ts";
import { type Case, type Handlers, leaveOut, textOf } from "./case.ts";

type Pair = readonly [number, number];

function assertInvalidTag(values: Case): void {
  assert.throws(
    () => parseTagSet(textOf(values["tag"])),
    (error) => error instanceof ThothError && error.code === "invalid-wheel",
  );
}

/** The architectures that run on one of the name: an ARMv8 processor in 32-bit mode runs ARMv7 too. */
function architectures(name: string): string[] {
  return name === "armv8l" ? ["armv8l", "armv7l"] : [name];
}

function checkMacos11(values: Case): void {
  const version = [values["major"] as number, values["minor"] as number] as const;
  const later = version[0] >= 12;
  const check = (machine: string, present: string, absent: string) => {
    const platforms = new Set(macPlatforms(version, machine));
    for (const platform of present.split(" ")) assert.ok(platforms.has(`macosx_${platform}`), platform);
    for (const platform of absent.split(" ")) assert.ok(!platforms.has(`macosx_${platform}`), platform);
  };
  const intel =
    "11_0_x86_64 11_0_universal 11_0_universal2 10_16_x86_64 10_15_x86_64 10_15_universal2 10_4_x86_64";
  const intelLater = later ? " 12_0_x86_64 12_0_universal 12_0_universal2" : "";
  check("x86_64", intel + intelLater, "11_0_arm64 11_3_x86_64 10_3_x86_64");
  const arm = `11_0_arm64 11_0_universal2 10_15_universal2${later ? " 12_0_arm64 12_0_universal2" : ""}`;
  check("arm64", arm, "11_3_arm64 11_0_universal 10_15_x86_64 10_4_x86_64 10_3_x86_64");
}

const PARSE = "test_tags.py::TestParseTag::";
const MACOS = "test_tags.py::TestMacOSPlatforms::";
const LINUX = "test_tags.py::TestManylinuxPlatform::";
const RUNNING = "the interpreter itself is asked, which is not a matter of parsing";

export const tagHandlers: Handlers = {
  [`${PARSE}test_empty_component_raises`]: assertInvalidTag,
  [`${PARSE}test_invalid_interpreter_raises`]: assertInvalidTag,
  [`${PARSE}test_invalid_component_count_raises`]: assertInvalidTag,
  [`${PARSE}test_identifier_interpreter_is_valid`]: (values) => {
    const tag = `${textOf(values["interpreter"])}-none-any`;
    assert.deepEqual(parseTagSet(tag), [tag]);
  },
  "test_tags.py::test_pickle_tag_roundtrip": (values) => {
    const tag = `${textOf(values["interpreter"])}-${textOf(values["abi"])}-${textOf(values["platform"])}`;
    assert.deepEqual(parseTagSet(tag), [tag]);
  },
  "test_tags.py::TestInterpreterVersion::test_sys_version_info": (values) => {
    const [major, minor] = values["version_info"] as [number, number, number];
    const tags = compatibleTags({ python: [major, minor], platforms: ["any"] });
    assert.ok(tags[0]!.startsWith(`cp${textOf(values["version_str"])}-`), tags[0]);
  },
  [`${MACOS}test_binary_formats`]: (values) => {
    assert.deepEqual(
      macFormats(values["version"] as unknown as Pair, textOf(values["arch"])),
      values["expected"],
    );
  },
  [`${MACOS}test_arch_detection`]: (values) => {
    const arch = textOf(values["arch"]);
    assert.ok(macPlatforms([10, 14], arch)[0]!.endsWith(arch));
  },
  [`${MACOS}test_macos_11`]: checkMacos11,
  [`${LINUX}test_linux_platforms_32_64bit_on_64bit_os`]: (values) => {
    if (values["is_32bit"] === true) leaveOut(RUNNING);
    const platform = textOf(values["arch"]).replaceAll("-", "_");
    const expected = values["expected"] as string[];
    assert.deepEqual(expandPlatform(platform).platforms.slice(0, expected.length), expected);
  },
  [`${LINUX}test_linux_platforms_manylinux2014_armhf_abi`]: (values) => {
    const machine = textOf(values["cross_arch"]);
    const machines = architectures(machine);
    const expected = machines.map((name) => `linux_${name}`);
    for (const name of machines) expected.push(`manylinux_2_17_${name}`, `manylinux2014_${name}`);
    assert.deepEqual(expandPlatform(`manylinux_2_17_${machine}`).platforms, expected);
  },
  [`${LINUX}test_linux_platforms_musllinux`]: (values) => {
    const machine = textOf(values[values["cross32"] === true ? "cross32_arch" : "native_arch"]);
    const [major, minor] = values["musl_version"] as unknown as Pair;
    const expected = architectures(machine).map((name) => `linux_${name}`);
    for (const name of architectures(machine)) {
      for (let at = minor; at >= 0; at--) expected.push(`musllinux_${major}_${at}_${name}`);
    }
    assert.deepEqual(expandPlatform(`musllinux_${major}_${minor}_${machine}`).platforms, expected);
  },
  "test_manylinux.py::test_is_manylinux_compatible_glibc_support": (values) => {
    const [major, minor] = values["version"] as unknown as Pair;
    const tag = `manylinux_${major}_${minor}_x86_64`;
    if (minor < 5) leaveOut("no processor that is supported ever had so old a library");
    assert.equal(manylinuxPlatforms([2, 5], "x86_64").includes(tag), values["compatible"]);
  },
  "test_tags.py::TestGenericTags::test_abi_unspecified": (values) => {
    const abis = values["abi"] as string[];
    const platforms = ["plat1", "plat2"];
    const tags = compatibleTags({ python: [3, 4], implementation: "sillywalk", abis, platforms });
    assert.deepEqual(tags.slice(0, 2), ["sillywalk34-none-plat1", "sillywalk34-none-plat2"]);
    assert.ok(!tags.slice(2).some((tag) => tag.startsWith("sillywalk")));
  },
};
