// Digests between their hexadecimal text and bytes. A page has one per file, so nothing is allocated.

const NONE = 255;

/** The value of each hexadecimal digit by its character code; NONE for any other character. */
const DIGIT = new Uint8Array(256).fill(NONE);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Writes 64 hexadecimal digits as 32 bytes; false (and zeros) when the text is anything else. */
export function writeDigest(bytes: Uint8Array, start: number, text: string | undefined): boolean {
  if (text?.length !== 64) return false;
  let seen = 0;
  for (let index = 0; index < 32; index++) {
    const high = DIGIT[text.charCodeAt(index * 2)] ?? NONE;
    const low = DIGIT[text.charCodeAt(index * 2 + 1)] ?? NONE;
    seen |= high | low;
    bytes[start + index] = (high << 4) | low;
  }
  if (seen < 16) return true;
  bytes.fill(0, start, start + 32);
  return false;
}
