// What people call an environment that markers describe: `3.12:macos-arm64`.

import type { Marker } from "./marker.ts";
import type { MarkerEnvironment } from "./marker-evaluate.ts";

type Told = Partial<Pick<MarkerEnvironment, "python_version" | "sys_platform" | "platform_machine">>;

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ["linux", "linux"],
  ["darwin", "macos"],
  ["win32", "windows"],
]);

const MACHINES: ReadonlyMap<string, string> = new Map([
  ["AMD64", "x86_64"],
  ["ARM64", "arm64"],
]);

export function environmentName({ python_version: python, sys_platform, platform_machine }: Told): string {
  const machine = platform_machine && (MACHINES.get(platform_machine) ?? platform_machine);
  const system = sys_platform && (SYSTEMS.get(sys_platform) ?? sys_platform);
  const platform = [system, machine].filter(Boolean).join("-");
  return [python, platform].filter(Boolean).join(":");
}

const NAME = /^[\w.:-]{1,80}$/;

/** What a marker of nothing but equalities says of an environment; undefined of any other. */
export function factsOfMarker(marker: Marker): Partial<MarkerEnvironment> | undefined {
  const told: Record<string, string> = {};
  for (const step of marker.steps) {
    if (step.kind === "or") return undefined;
    if (step.kind !== "comparison") continue;
    const { left, operator, right } = step;
    if (left.kind !== "variable" || right.kind !== "value" || operator !== "==") return undefined;
    told[left.name] = right.text;
  }
  return told;
}

/** The same of a marker that asks for one such environment; undefined of any other. */
export function nameOfMarker(marker: Marker): string | undefined {
  const told = factsOfMarker(marker);
  if (told === undefined) return undefined;
  const isWhole = ["python_version", "sys_platform", "platform_machine"].every((name) => name in told);
  const name = environmentName(told);
  return isWhole && NAME.test(name) ? name : undefined;
}
