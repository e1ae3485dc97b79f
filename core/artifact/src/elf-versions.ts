// Versions of symbols that an ELF file needs of others (`.gnu.version_r`) and provides (`.gnu.version_d`): two lists of
// lists, linked by distances that only lead forward. All entries of a file together are bounded, since lists may overlap.
// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html

import { damaged, type ElfFile } from "./elf-file.ts";

export interface VersionTable {
  /** Offset in the file. */
  readonly at: number;
  readonly entries: number;
}

/** Of one file, inner entries included; real files have some hundreds. */
const MOST_ENTRIES = 20_000;
/** The entry that names the file itself. */
const FLAG_BASE = 1;
/** The linker goes on where the version is not there. */
const FLAG_WEAK = 2;

/** Versions that must be there, sorted, by library as DT_NEEDED names it; the record has no prototype. */
export function requiredVersions(
  file: ElfFile,
  table: VersionTable | undefined,
): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  const budget = new Budget();
  let at = table?.at ?? 0;
  for (let index = 0; index < (table?.entries ?? 0); index++) {
    budget.spend();
    const library = file.text(file.word(at + 4));
    const versions = found.get(library) ?? new Set();
    let inner = at + file.word(at + 8);
    for (let left = file.half(at + 2); left > 0; left--) {
      budget.spend();
      if ((file.half(inner + 4) & FLAG_WEAK) === 0) versions.add(file.text(file.word(inner + 8)));
      const step = file.word(inner + 12);
      if (step === 0) break;
      inner += step;
    }
    if (versions.size > 0) found.set(library, versions);
    const step = file.word(at + 12);
    if (step === 0) break;
    at += step;
  }
  const sorted: Record<string, readonly string[]> = Object.create(null);
  for (const library of [...found.keys()].sort()) sorted[library] = [...found.get(library)!].sort();
  return sorted;
}

/** Sorted, without the name of the file itself. */
export function providedVersions(file: ElfFile, table: VersionTable | undefined): readonly string[] {
  const found = new Set<string>();
  const budget = new Budget();
  let at = table?.at ?? 0;
  for (let index = 0; index < (table?.entries ?? 0); index++) {
    budget.spend();
    // The first inner entry names the version, the others its parents.
    if (file.half(at + 6) > 0 && (file.half(at + 2) & FLAG_BASE) === 0)
      found.add(file.text(file.word(at + file.word(at + 12))));
    const step = file.word(at + 16);
    if (step === 0) break;
    at += step;
  }
  return [...found].sort();
}

class Budget {
  #left = MOST_ENTRIES;

  spend(): void {
    this.#left--;
    if (this.#left < 0) throw damaged("it has too many versions of symbols");
  }
}
