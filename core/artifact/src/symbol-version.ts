// Versions of symbols in their order: `GLIBC_2.4` comes before `GLIBC_2.28`. Only those of one family are compared.

export interface SymbolVersion {
  /** `GLIBC`, `GLIBCXX`, `CXXABI`. */
  readonly family: string;
  readonly numbers: readonly number[];
}

/** Undefined for one that has no numbers, such as `GLIBC_PRIVATE`. */
export function parseSymbolVersion(text: string): SymbolVersion | undefined {
  const match = /^([A-Za-z][A-Za-z0-9_]{0,100})_(\d{1,9}(?:\.\d{1,9}){0,8})$/.exec(text);
  return match === null ? undefined : { family: match[1]!, numbers: match[2]!.split(".").map(Number) };
}

/** Negative, zero or positive; a missing number is less than any. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The last in order of those that are of `family`; undefined where there is none. */
export function newestOf(family: string, versions: readonly string[]): string | undefined {
  let newest: { readonly text: string; readonly numbers: readonly number[] } | undefined;
  for (const text of versions) {
    const version = parseSymbolVersion(text);
    if (version?.family !== family) continue;
    if (newest === undefined || compareNumbers(version.numbers, newest.numbers) > 0)
      newest = { text, numbers: version.numbers };
  }
  return newest?.text;
}
