// Digests of files as indexes, locks and requirement files write them: an algorithm of hashlib and hexadecimal digits.

/** Hexadecimal digits of a digest, by the algorithm's name in hashlib. */
const lengths: ReadonlyMap<string, number> = new Map([
  ["md5", 32],
  ["sha1", 40],
  ["sha224", 56],
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
  ["blake2b", 128],
  ["blake2b_256", 64],
  ["blake2s", 64],
  ["sha3_256", 64],
  ["sha3_384", 96],
  ["sha3_512", 128],
]);

/** Those that pip's `--hash` takes. */
export const STRONG_ALGORITHMS: readonly string[] = ["sha256", "sha384", "sha512"];

/** The digest in lower case, or undefined when it is not one of the algorithm. */
export function parseDigest(algorithm: string, digest: unknown): string | undefined {
  if (typeof digest !== "string") return undefined;
  const length = algorithm === "sha256" ? 64 : lengths.get(algorithm);
  if (length !== undefined ? digest.length !== length : digest.length === 0 || digest.length > 256)
    return undefined;
  if (!/[^0-9a-f]/.test(digest)) return digest;
  return /^[0-9a-fA-F]+$/.test(digest) ? digest.toLowerCase() : undefined;
}

export function isKnownAlgorithm(algorithm: string): boolean {
  return lengths.has(algorithm);
}
