// Where an inspection runs, as far as it can change what comes out.

import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { Interpreter } from "@thoth/environment";
import type { EnvironmentFacts } from "@thoth/knowledge";
import type { Limits } from "./sandbox/limits.ts";

/** Instructions that libraries choose their code by. */
const FEATURES = new Set([
  "amx_bf16",
  "amx_int8",
  "amx_tile",
  "asimd",
  "asimddp",
  "avx",
  "avx2",
  "avx512_bf16",
  "avx512_fp16",
  "avx512_vnni",
  "avx512bw",
  "avx512dq",
  "avx512f",
  "avx512vl",
  "f16c",
  "fma",
  "sse4_2",
  "sve",
  "sve2",
]);
const GIBIBYTE = 1 << 30;

export interface Surroundings {
  readonly interpreter: Interpreter;
  readonly limits: Partial<Limits>;
  readonly missing: readonly string[];
  readonly threads: Readonly<Record<string, string>>;
}

export async function environmentFacts(surroundings: Surroundings): Promise<EnvironmentFacts> {
  const { interpreter, limits, missing, threads } = surroundings;
  const [release, processors] = await Promise.all([textOf("/etc/os-release"), textOf("/proc/cpuinfo")]);
  const flags = matchIn(processors, /^(?:flags|Features)\s*:\s*(.*)$/m).split(" ");
  return {
    os: { id: matchIn(release, /^ID=(.*)$/m), version: matchIn(release, /^VERSION_ID=(.*)$/m) },
    python: `${interpreter.implementation} ${interpreter.version}`,
    machine: interpreter.markers.platform_machine,
    libc: libcOf(interpreter.platform),
    cpu: {
      model: cpus()[0]?.model ?? "",
      count: cpus().length,
      features: flags.filter((flag) => FEATURES.has(flag)).sort(),
    },
    memory: Math.round(totalmem() / GIBIBYTE) * GIBIBYTE,
    limits: { ...limits },
    missing: [...missing].sort(),
    threads,
  };
}

/** For what an observation holds, such as `cpython 3.11 x86_64-linux`. */
export function placeOf(interpreter: Interpreter): string {
  const [major, minor] = interpreter.version.split(".");
  const { platform_machine, sys_platform } = interpreter.markers;
  return `${interpreter.implementation} ${major}.${minor} ${platform_machine}-${sys_platform}`;
}

/** Each library has a variable of its own. */
export function threadVariables(processors: number): Readonly<Record<string, string>> {
  const names = ["MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"];
  return Object.fromEntries(names.map((name) => [name, String(processors)]));
}

/** `glibc 2.36` of `manylinux_2_36_x86_64`. */
function libcOf(platform: string): string {
  const [, kind, major, minor] = /^(many|musl)linux_(\d+)_(\d+)_/.exec(platform) ?? [];
  return kind === undefined ? "" : `${kind === "musl" ? "musl" : "glibc"} ${major}.${minor}`;
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}

function matchIn(text: string, pattern: RegExp): string {
  return (pattern.exec(text)?.[1] ?? "").replace(/^"|"$/g, "").trim();
}
