// Native libraries by their bytes: what the dynamic linker would read of an ELF file, found as it finds it, by
// program headers and the dynamic section, so that stripped section headers do not matter.
// https://gabi.xinuos.com/elf/ and, for versions of symbols,
// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html

import type { NativeLibrary } from "@thoth/knowledge";
import { damaged, ElfFile } from "./elf-file.ts";
import { machineName } from "./elf-machine.ts";
import { providedVersions, requiredVersions } from "./elf-versions.ts";

/** Entries of `needs`; real libraries have some dozens. */
const MOST_NEEDED = 4096;

/** Whether the bytes begin as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads all of one ELF file, of 32 or 64 bits and either byte order; `path` is kept as it is. A file without a dynamic
 * section needs and provides nothing. Throws `invalid-binary`.
 */
export function readElf(bytes: Uint8Array, path: string): NativeLibrary {
  const file = new ElfFile(bytes);
  const soname = file.dynamic.get(TAG.soname)?.[0];
  const needed = file.dynamic.get(TAG.needed) ?? [];
  if (needed.length > MOST_NEEDED) throw damaged("it needs too many libraries");
  return {
    path,
    machine: machineName(file),
    ...(soname === undefined ? {} : { soname: file.text(soname) }),
    needs: needed.map((offset) => file.text(offset)),
    symbols: requiredVersions(file, versionTable(file, TAG.verneed, TAG.verneednum)),
    provides: providedVersions(file, versionTable(file, TAG.verdef, TAG.verdefnum)),
  };
}

/** Tags of the dynamic section. */
const TAG = {
  needed: 1,
  soname: 14,
  verdef: 0x6ffffffc,
  verdefnum: 0x6ffffffd,
  verneed: 0x6ffffffe,
  verneednum: 0x6fffffff,
} as const;

function versionTable(file: ElfFile, place: number, count: number) {
  const address = file.dynamic.get(place)?.[0];
  const entries = file.dynamic.get(count)?.[0] ?? 0;
  return address === undefined || entries === 0 ? undefined : { at: file.offsetOf(address), entries };
}

/**
 * Whether the linker's names in the file have `symbol` (ASCII), or one that ends so: the functions that it exports or
 * imports. Throws `invalid-binary`.
 */
export function namesSymbol(bytes: Uint8Array, symbol: string): boolean {
  return new ElfFile(bytes).holdsName(symbol);
}
