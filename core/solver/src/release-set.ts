// Sets of releases of one package as canonical bit sets: equal sets are equal word by word.

/** Bit r of word r >> 5 is set when release r belongs to the set. Bits past the package's releases are 0. */
export type ReleaseSet = Uint32Array;
