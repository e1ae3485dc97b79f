// A compressor whose output depends on this code alone: deflate with its fixed Huffman codes, and of all earlier places
// with the same three bytes only the last one is tried. It packs headers and short texts, not content.
// https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6

const HASH_BITS = 12;
const SHORTEST = 3;
const LONGEST = 258;
const FARTHEST = 32_768;
const END_OF_BLOCK = 256;
/** Of a stored block. */
const MOST_STORED = 65_535;

/** Of lengths and distances: the first value of each code, and how many more bits tell the rest. */
interface Steps {
  readonly first: readonly number[];
  readonly extra: readonly number[];
}

const LENGTHS = stepsOf(28, SHORTEST, (code) => Math.max(0, (code >> 2) - 1), 4);
const DISTANCES = stepsOf(30, 1, (code) => Math.max(0, (code >> 1) - 1), 2);

function stepsOf(count: number, start: number, extraOf: (code: number) => number, plain: number): Steps {
  const first: number[] = [];
  const extra: number[] = [];
  let value = start;
  for (let code = 0; code < count; code++) {
    const bits = code < plain ? 0 : extraOf(code);
    first.push(value);
    extra.push(bits);
    value += 1 << bits;
  }
  return { first, extra };
}

/** The code of each length from 3 to 258; the longest one has a code of its own. */
const CODE_OF_LENGTH = new Uint8Array(LONGEST + 1);
for (let length = SHORTEST, code = 0; length < LONGEST; length++) {
  while (code + 1 < LENGTHS.first.length && LENGTHS.first[code + 1]! <= length) code++;
  CODE_OF_LENGTH[length] = code;
}
CODE_OF_LENGTH[LONGEST] = 28;

/** Codes of literals and lengths, their first bit lowest, and how many bits each has. */
const CODES = new Uint16Array(288);
const WIDTHS = new Uint8Array(288);
for (let symbol = 0; symbol < 288; symbol++) {
  const [code, width] =
    symbol < 144
      ? [0x30 + symbol, 8]
      : symbol < 256
        ? [0x190 + symbol - 144, 9]
        : symbol < 280
          ? [symbol - 256, 7]
          : [0xc0 + symbol - 280, 8];
  CODES[symbol] = reversed(code, width);
  WIDTHS[symbol] = width;
}

function reversed(code: number, width: number): number {
  let turned = 0;
  for (let bit = 0; bit < width; bit++) turned |= ((code >> bit) & 1) << (width - 1 - bit);
  return turned;
}

/** Where the bytes of each hash were seen last; used again and again: a layer has thousands of such blocks. */
const last = new Int32Array(1 << HASH_BITS);

/** One final block, as a stream of its own. */
export function deflateFixed(input: Uint8Array): Buffer {
  const bits = new BitWriter(input.length);
  last.fill(-1);
  bits.put(0b011, 3);
  for (let at = 0; at < input.length; ) {
    const length = at + SHORTEST <= input.length ? putMatch(bits, input, at) : 0;
    if (length === 0) putSymbol(bits, input[at]!);
    at += Math.max(1, length);
  }
  putSymbol(bits, END_OF_BLOCK);
  return bits.finish();
}

/** The length of what was seen before and is written as such; 0 for nothing. */
function putMatch(bits: BitWriter, input: Uint8Array, at: number): number {
  const hash =
    (Math.imul((input[at]! << 16) | (input[at + 1]! << 8) | input[at + 2]!, 0x9e3779b1) >>> 0) >>>
    (32 - HASH_BITS);
  const earlier = last[hash]!;
  last[hash] = at;
  if (earlier < 0 || at - earlier > FARTHEST) return 0;
  const most = Math.min(LONGEST, input.length - at);
  let length = 0;
  while (length < most && input[earlier + length] === input[at + length]) length++;
  if (length < SHORTEST) return 0;
  putLength(bits, length);
  putDistance(bits, at - earlier);
  return length;
}

function putSymbol(bits: BitWriter, symbol: number): void {
  bits.put(CODES[symbol]!, WIDTHS[symbol]!);
}

function putLength(bits: BitWriter, length: number): void {
  const code = CODE_OF_LENGTH[length]!;
  putSymbol(bits, 257 + code);
  if (length < LONGEST) bits.put(length - LENGTHS.first[code]!, LENGTHS.extra[code]!);
}

function putDistance(bits: BitWriter, distance: number): void {
  let code = 0;
  while (code + 1 < DISTANCES.first.length && DISTANCES.first[code + 1]! <= distance) code++;
  bits.put(reversed(code, 5), 5);
  bits.put(distance - DISTANCES.first[code]!, DISTANCES.extra[code]!);
}

class BitWriter {
  readonly #bytes: Buffer;
  #length = 0;
  #held = 0;
  #count = 0;

  /** No byte of the input takes more than nine bits. */
  constructor(inputLength: number) {
    this.#bytes = Buffer.allocUnsafe(inputLength + (inputLength >> 3) + 16);
  }

  put(value: number, width: number): void {
    this.#held |= value << this.#count;
    this.#count += width;
    while (this.#count >= 8) {
      this.#bytes[this.#length++] = this.#held & 0xff;
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  finish(): Buffer {
    if (this.#count > 0) this.#bytes[this.#length++] = this.#held & 0xff;
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Blocks that hold the bytes as they are. The stream must be ended by `STORED_END`. */
export function* storedBlocks(input: Buffer): Generator<Buffer> {
  for (let at = 0; at < input.length; at += MOST_STORED) {
    const part = input.subarray(at, at + MOST_STORED);
    yield storedHeader(part.length, false);
    yield part;
  }
}

/** The final block of a stream of stored ones: it is empty. */
export const STORED_END: Buffer = storedHeader(0, true);

function storedHeader(length: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(5);
  header[0] = isLast ? 1 : 0;
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(~length & 0xffff, 3);
  return header;
}
