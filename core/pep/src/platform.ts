// Platforms as people name them (`linux`, `macosx_11_0_arm64`, `x86_64-manylinux2014`), the platform tags of
// wheels that run there, and what markers see there.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/#platform-tag

import { quote, ThothError } from "./error.ts";
import type { MarkerEnvironment } from "./marker-evaluate.ts";

export interface Platform {
  /** Platform tags of wheels that run there, best first. */
  readonly platforms: string[];
  readonly markers: Partial<MarkerEnvironment>;
}

type System = "linux" | "macos" | "windows" | "android" | "ios" | "emscripten";

/** Short names stand for the oldest system that is still maintained on the most common processor. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["linux", "manylinux_2_28_x86_64"],
  ["macos", "macosx_14_0_arm64"],
  ["windows", "win_amd64"],
  ["linux-x86_64", "manylinux_2_28_x86_64"],
  ["linux-aarch64", "manylinux_2_28_aarch64"],
  ["macos-arm64", "macosx_14_0_arm64"],
  ["macos-x86_64", "macosx_14_0_x86_64"],
  ["windows-x86_64", "win_amd64"],
  ["windows-arm64", "win_arm64"],
  ["x86_64-unknown-linux-gnu", "manylinux_2_28_x86_64"],
  ["aarch64-unknown-linux-gnu", "manylinux_2_28_aarch64"],
  ["x86_64-unknown-linux-musl", "musllinux_1_2_x86_64"],
  ["aarch64-unknown-linux-musl", "musllinux_1_2_aarch64"],
  ["aarch64-apple-darwin", "macosx_14_0_arm64"],
  ["x86_64-apple-darwin", "macosx_14_0_x86_64"],
  ["x86_64-pc-windows-msvc", "win_amd64"],
  ["i686-pc-windows-msvc", "win32"],
  ["aarch64-pc-windows-msvc", "win_arm64"],
]);

/** glibc of the names that came before PEP 600. */
const OLD_MANYLINUX: ReadonlyMap<string, number> = new Map([
  ["manylinux2014", 17],
  ["manylinux2010", 12],
  ["manylinux1", 5],
]);

const MARKERS: Readonly<Record<System, Partial<MarkerEnvironment>>> = {
  linux: { os_name: "posix", sys_platform: "linux", platform_system: "Linux" },
  macos: { os_name: "posix", sys_platform: "darwin", platform_system: "Darwin" },
  windows: { os_name: "nt", sys_platform: "win32", platform_system: "Windows" },
  android: { os_name: "posix", sys_platform: "android", platform_system: "Android" },
  ios: { os_name: "posix", sys_platform: "ios", platform_system: "iOS" },
  emscripten: { os_name: "posix", sys_platform: "emscripten", platform_system: "Emscripten" },
};

/** Greatest number in a platform's name: there the lists it stands for stay short. */
const MOST_STEPS = 200;

/** Throws `usage` for a platform that is not known. */
export function expandPlatform(text: string): Platform {
  const wanted = text.trim();
  const triple = /^([0-9a-z_]+)-((?:many|musl)linux[0-9_]+)$/.exec(wanted);
  const tag =
    triple === null ? (SHORT_NAMES.get(wanted.toLowerCase()) ?? wanted) : `${triple[2]}_${triple[1]}`;
  const platform = tag.length > 100 ? undefined : readPlatformTag(tag);
  // A system older than all that wheels exist for has no tags.
  if (platform === undefined || platform.platforms.length === 0) {
    throw new ThothError("usage", `The platform ${quote(text)} is not known`, {
      hint: "Name linux, macos, windows, or a platform tag of wheels such as manylinux_2_28_x86_64.",
    });
  }
  return platform;
}

function readPlatformTag(tag: string): Platform | undefined {
  const old = /^(manylinux(?:1|2010|2014))_([a-z0-9_]+)$/.exec(tag);
  if (old !== null) return linux(old[2]!, manylinuxPlatforms([2, OLD_MANYLINUX.get(old[1]!)!], old[2]!));
  const match = /^(manylinux|musllinux|macosx|ios)_([0-9]{1,4})_([0-9]{1,4})_([a-z0-9_]+)$/.exec(tag);
  if (match === null) return readOtherTag(tag);
  const version: [number, number] = [Number(match[2]), Number(match[3])];
  const machine = match[4]!;
  if (version[0] > MOST_STEPS || version[1] > MOST_STEPS) return undefined;
  switch (match[1]) {
    case "manylinux":
      return linux(machine, manylinuxPlatforms(version, machine));
    case "musllinux":
      return linux(machine, musllinuxPlatforms(version, machine));
    case "macosx":
      return on("macos", machine, macPlatforms(version, machine));
    default:
      return on("ios", machine.startsWith("arm64") ? "arm64" : "x86_64", iosPlatforms(version, machine));
  }
}

function readOtherTag(tag: string): Platform | undefined {
  const windows = new Map([
    ["win32", "x86"],
    ["win_amd64", "AMD64"],
    ["win_arm64", "ARM64"],
    ["win_arm32", "ARM"],
  ]).get(tag);
  if (windows !== undefined) return on("windows", windows, [tag]);
  const android = /^android_([0-9]{1,3})_([a-z0-9_]+)$/.exec(tag);
  if (android !== null)
    return on("android", androidMachine(android[2]!), androidPlatforms(Number(android[1]), android[2]!));
  const bare = /^linux_([a-z0-9_]+)$/.exec(tag);
  if (bare !== null) return linux(bare[1]!, []);
  const wasm = /^(?:pyodide|emscripten|pyemscripten)_[0-9_]+_wasm32$/.exec(tag);
  return wasm === null ? undefined : on("emscripten", "wasm32", [tag]);
}

function linux(machine: string, platforms: string[]): Platform {
  return on("linux", machine, [...linuxMachines(machine).map((name) => `linux_${name}`), ...platforms]);
}

function on(system: System, machine: string, platforms: string[]): Platform {
  const markers = {
    ...MARKERS[system],
    platform_machine: machine,
    platform_release: "",
    platform_version: "",
  };
  return { platforms, markers };
}

/** An ARMv8 processor in its 32-bit mode runs what was built for ARMv7. */
function linuxMachines(machine: string): string[] {
  return machine === "armv8l" ? ["armv8l", "armv7l"] : [machine];
}

/** PEP 600: every glibc from `version` down to the oldest that the processor had. */
export function manylinuxPlatforms(version: readonly [number, number], machine: string): string[] {
  const oldest = machine === "x86_64" || machine === "i686" ? 5 : 17;
  const platforms: string[] = [];
  for (const name of linuxMachines(machine)) {
    for (let major = version[0]; major >= 2; major--) {
      // Should glibc ever become 3, its last 2.x is not known yet.
      const newest = major === version[0] ? version[1] : 50;
      for (let minor = newest; minor >= (major === 2 ? oldest : 0); minor--) {
        platforms.push(`manylinux_${major}_${minor}_${name}`);
        for (const [old, glibc] of OLD_MANYLINUX) {
          if (major === 2 && minor === glibc) platforms.push(`${old}_${name}`);
        }
      }
    }
  }
  return platforms;
}

/** PEP 656. */
export function musllinuxPlatforms(version: readonly [number, number], machine: string): string[] {
  const platforms: string[] = [];
  for (const name of linuxMachines(machine)) {
    for (let minor = version[1]; minor >= 0; minor--)
      platforms.push(`musllinux_${version[0]}_${minor}_${name}`);
  }
  return platforms;
}

/** Until 10.15 each year counted the minor number up, from 11 on the major one. */
export function macPlatforms(version: readonly [number, number], machine: string): string[] {
  const platforms: string[] = [];
  const add = (major: number, minor: number, formats: readonly string[]) => {
    for (const format of formats) platforms.push(`macosx_${major}_${minor}_${format}`);
  };
  if (version[0] < 10) return platforms;
  if (version[0] === 10) {
    for (let minor = version[1]; minor >= 0; minor--) add(10, minor, macFormats([10, minor], machine));
    return platforms;
  }
  for (let major = version[0]; major > 10; major--) add(major, 0, macFormats([major, 0], machine));
  for (let minor = 16; minor >= 4; minor--) {
    // No ARM binary is older than 11, but half of a universal one may be.
    add(10, minor, machine === "x86_64" ? macFormats([10, minor], machine) : ["universal2"]);
  }
  return platforms;
}

/** The formats of binaries that hold code for `machine`, on the systems that could read them. */
export function macFormats([major, minor]: readonly [number, number], machine: string): string[] {
  const early = major < 10 || (major === 10 && minor < 4);
  const after = (last: number) => major > 10 || (major === 10 && minor > last);
  switch (machine) {
    case "x86_64":
      return early ? [] : ["x86_64", "intel", "fat64", "fat3", "universal2", "universal"];
    case "i386":
      return early ? [] : ["i386", "intel", "fat3", "fat", "universal"];
    case "ppc64":
      return early || after(5) ? [] : ["ppc64", "fat64", "universal"];
    case "ppc":
      return after(6) ? [] : ["ppc", "fat3", "fat", "universal"];
    case "arm64":
      return ["arm64", "universal2"];
    case "intel":
      return ["intel", "universal"];
    default:
      return [machine];
  }
}

/** PEP 730. */
export function iosPlatforms(version: readonly [number, number], multiarch: string): string[] {
  const name = multiarch.replaceAll("-", "_");
  const platforms: string[] = [];
  for (let major = version[0]; major >= 12; major--) {
    for (let minor = major === version[0] ? version[1] : 9; minor >= 0; minor--) {
      platforms.push(`ios_${major}_${minor}_${name}`);
    }
  }
  return platforms;
}

/** PEP 738. */
export function androidPlatforms(apiLevel: number, abi: string): string[] {
  const name = abi.replace(/[-. ]/g, "_");
  const platforms: string[] = [];
  for (let level = apiLevel; level >= 16; level--) platforms.push(`android_${level}_${name}`);
  return platforms;
}

function androidMachine(abi: string): string {
  const machines = new Map([
    ["arm64_v8a", "aarch64"],
    ["armeabi_v7a", "armv7l"],
    ["x86", "i686"],
  ]);
  return machines.get(abi) ?? abi;
}
