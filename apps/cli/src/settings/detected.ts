// Where a stack would run if it ran here, in the words of a project's file.

import { readFileSync } from "node:fs";
import type { JsonObject } from "@thoth/notebook";
import { systemPlatform } from "@thoth/pep";
import { type ChosenTarget, describeTarget, type TargetWish } from "../project/target.ts";

/** Python and platform as the user says, where he does. Throws as `describeTarget`. */
export async function detectedEnvironment(wish: TargetWish): Promise<JsonObject> {
  const target = await describeTarget(wish);
  const isHere = wish.platform === undefined && target.platform.includes("linux");
  const system = isHere ? await operatingSystem() : undefined;
  const hardware = isHere ? processor() : {};
  const name = system === undefined ? target.platform : `${system.name}-${system.version}`;
  return {
    name: name.replace(/[^\w:-]+/g, "-").replace(/-$/, ""),
    ...(system === undefined ? {} : { operating_system: { ...system } }),
    ...(Object.keys(hardware).length === 0 ? {} : { hardware }),
    python_version: target.python,
    platform: platformName(target, system),
  };
}

interface System {
  readonly name: string;
  readonly version: string;
}

async function operatingSystem(): Promise<System | undefined> {
  const bytes = ["/etc/os-release", "/usr/lib/os-release"].map(bytesOf).find((each) => each !== undefined);
  if (bytes === undefined) return undefined;
  const { readOsRelease } = await import("@thoth/artifact");
  const { id, version } = readOsRelease(bytes);
  return { name: id, version };
}

/** As `sysconfig.get_platform()` says it where that tells the C library too, else the tag. */
function platformName({ platform }: ChosenTarget, system: System | undefined): string {
  const [, machine] = /^manylinux_\d+_\d+_(\w+)$/.exec(platform) ?? [];
  const name = `linux-${machine}`;
  return machine !== undefined && systemPlatform(name, system) === platform ? name : platform;
}

function processor(): JsonObject {
  const text = bytesOf("/proc/cpuinfo")?.toString("utf8") ?? "";
  const numberOf = (label: string) => new RegExp(`^${label}\\s*:\\s*(\\d{1,6})$`, "m").exec(text)?.[1];
  const found = { cpu_family: numberOf("cpu family"), cpu_model: numberOf("model") };
  const told = Object.entries(found).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, Number(value)]],
  );
  return Object.fromEntries(told);
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // What a system does not tell is left out.
    return undefined;
  }
}
