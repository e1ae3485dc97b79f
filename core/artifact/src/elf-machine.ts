// The machines of ELF files (`e_machine`), named as in platform tags.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/

import type { ElfFile } from "./elf-file.ts";

/** For 32 and 64 bits; where byte orders have names of their own, that of the big-endian one stands behind the bar. */
const NAMES: ReadonlyMap<number, readonly [bits32: string, bits64: string]> = new Map([
  [2, ["sparc", "sparc"]],
  [3, ["i686", "i686"]],
  [8, ["mipsel|mips", "mips64el|mips64"]],
  [20, ["ppcle|ppc", "ppcle|ppc"]],
  [21, ["ppc64le|ppc64", "ppc64le|ppc64"]],
  [22, ["s390", "s390x"]],
  [40, ["armv7l", "armv7l"]],
  [43, ["sparc64", "sparc64"]],
  [62, ["x32", "x86_64"]],
  [183, ["aarch64_ilp32", "aarch64"]],
  [243, ["riscv32", "riscv64"]],
  [258, ["loongarch32", "loongarch64"]],
]);

/** `machine-<number>` for one that is not known. */
export function machineName({ machine, bits, littleEndian }: ElfFile): string {
  const name = NAMES.get(machine)?.[bits === 32 ? 0 : 1] ?? `machine-${machine}`;
  const [little = name, big = little] = name.split("|");
  return littleEndian ? little : big;
}
