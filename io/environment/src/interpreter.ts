// A Python interpreter of this machine: what it is (asked once of itself) and which wheels fit it.

import { realpath, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import {
  compatibleTags,
  expandPlatform,
  type MarkerEnvironment,
  parseVersion,
  quote,
  type TargetEnvironment,
  ThothError,
} from "@thoth/pep";
import { isMissing } from "./child-process.ts";
import { askPython } from "./python-program.ts";
import { probeProgram } from "./python-programs.ts";

export interface Interpreter {
  /** Absolute path of the executable; of the base interpreter when a virtual environment was asked. */
  readonly path: string;
  /** As `platform.python_version()`, `3.11.7`. */
  readonly version: string;
  /** `cpython`, `pypy`. */
  readonly implementation: string;
  /** The ABI that extension modules need, `cpython-311-x86_64-linux-gnu`. */
  readonly abi: string;
  readonly freeThreaded: boolean;
  readonly markers: MarkerEnvironment;
  /** Wheel platforms that it can load, best first. */
  readonly platforms: readonly string[];
  /** The platform by name: `manylinux_2_36_x86_64`, `macosx_14_0_arm64`, `win_amd64`. */
  readonly platform: string;
  readonly externallyManaged: boolean;
  readonly basePrefix: string;
  /** Whether it brings the module `venv`. */
  readonly venv: boolean;
  /** Whether it has pip installed. */
  readonly pip: boolean;
  /** The wheel of pip that comes with it, if any. */
  readonly bundledPip: string | undefined;
}

/** Asks the interpreter at `path` what it is. Throws `interpreter-not-found`. */
export async function probeInterpreter(path: string): Promise<Interpreter> {
  const absolute = isAbsolute(path) ? path : resolve(path);
  try {
    const found = await stat(absolute);
    if (!found.isFile()) throw notFound(absolute, "it is no file");
  } catch (error) {
    if (isMissing(error, "ENOENT") || isMissing(error, "ENOTDIR"))
      throw notFound(absolute, "there is no such file");
    throw error;
  }
  let answer: unknown;
  try {
    answer = await askPython(absolute, probeProgram);
  } catch (error) {
    if (error instanceof ThothError) throw error;
    throw notFound(absolute, "it cannot be started", error);
  }
  return interpreterOf(answer, absolute);
}

/** The environment that requirements, markers and wheels are judged against. */
export function targetOf(interpreter: Interpreter): TargetEnvironment {
  const version = parseVersion(interpreter.version);
  const [major = 3, minor = 0] = interpreter.version.split(".").map((part) => Number.parseInt(part, 10));
  const tags = new Map<string, number>();
  const ordered = compatibleTags({
    python: [major, minor],
    implementation: interpreter.implementation === "pypy" ? "pp" : "cp",
    platforms: [...interpreter.platforms],
    freeThreaded: interpreter.freeThreaded,
  });
  for (const [priority, tag] of ordered.entries()) if (!tags.has(tag)) tags.set(tag, priority);
  return { markers: interpreter.markers, tags, pythonVersion: version };
}

/** What makes two installations of one lock different: the executable, its version and its ABI. */
export async function interpreterIdentity(interpreter: Interpreter): Promise<readonly string[]> {
  const path = await realpath(interpreter.path).catch(() => interpreter.path);
  return [path, interpreter.implementation, interpreter.version, interpreter.abi, interpreter.platform];
}

function notFound(path: string, why: string, cause?: unknown): ThothError {
  return new ThothError("interpreter-not-found", `${quote(path)} is no Python interpreter: ${why}`, {
    cause,
  });
}

function interpreterOf(answer: unknown, path: string): Interpreter {
  const fields = record(answer, path);
  const markers = markersOf(fields["markers"], path);
  const platform = platformName(fields, markers);
  return {
    path: text(fields["executable"]) || path,
    version: markers.python_full_version.replace(/\+$/, ""),
    implementation: markers.implementation_name,
    abi: text(fields["abi"]),
    freeThreaded: fields["freeThreaded"] === true,
    markers,
    platforms: platformsOf(platform, fields),
    platform,
    externallyManaged: fields["externallyManaged"] === true,
    basePrefix: text(fields["basePrefix"]),
    venv: fields["venv"] === true,
    pip: fields["pip"] === true,
    bundledPip: text(fields["bundledPip"]) || undefined,
  };
}

const MARKER_NAMES = [
  "implementation_name",
  "implementation_version",
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_full_version",
  "python_version",
  "sys_platform",
] as const satisfies readonly (keyof MarkerEnvironment)[];

function markersOf(value: unknown, path: string): MarkerEnvironment {
  const fields = record(value, path);
  const markers: Partial<Record<keyof MarkerEnvironment, string>> = {};
  for (const name of MARKER_NAMES) markers[name] = text(fields[name]);
  return markers as MarkerEnvironment;
}

/** The platform as wheels name it, from what the interpreter says of its C library and its machine. */
function platformName(fields: Readonly<Record<string, unknown>>, markers: MarkerEnvironment): string {
  const given = text(fields["platform"]).replace(/[-.]/g, "_");
  const glibc = text(fields["glibc"]);
  const musl = text(fields["musl"]);
  if (markers.sys_platform === "linux") {
    const machine = linuxMachine(given.replace(/^linux_/, ""), fields["bits"] === 32);
    if (glibc !== "") return `manylinux_${glibc.replace(".", "_")}_${machine}`;
    return musl === "" ? `linux_${machine}` : `musllinux_${musl.replace(".", "_")}_${machine}`;
  }
  if (markers.sys_platform === "darwin") {
    const [major = "11", minor = "0"] = text(fields["macos"]).split(".");
    // From macOS 11 on only the first number counts in a tag.
    return `macosx_${major}_${Number(major) >= 11 ? "0" : minor}_${text(fields["machine"])}`;
  }
  return given;
}

/** A 32-bit interpreter may run on a 64-bit kernel, which is what the platform then names. */
function linuxMachine(machine: string, is32Bit: boolean): string {
  if (!is32Bit) return machine;
  return machine === "x86_64" ? "i686" : machine === "aarch64" ? "armv8l" : machine;
}

function platformsOf(platform: string, fields: Readonly<Record<string, unknown>>): readonly string[] {
  const generic = text(fields["platform"]).replace(/[-.]/g, "_");
  const platforms = /^(many|musl)linux_|^macosx_|^win/.test(platform)
    ? expandPlatform(platform).platforms
    : [];
  const own = platform.replace(/^(many|musl)linux_\d+_\d+_/, "linux_");
  const all = [...platforms, ...(own.startsWith("linux_") ? [own] : [generic])];
  return [...new Set(all)].filter((name) => name !== "");
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw notFound(path, "its answer is not understood");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
