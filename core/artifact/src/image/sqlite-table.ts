// Rows of one table of an SQLite file, read from its bytes without any engine, so that a hostile file meets no SQL:
// every page is entered at most once. What a write-ahead log beside the file holds is not seen.
// https://www.sqlite.org/fileformat2.html

import { quote, ThothError } from "@thoth/pep";

export type SqliteValue = null | number | string | Uint8Array;

export interface SqliteRow {
  readonly rowid: number;
  /** In the order of the columns. A column that stands for the row's number is null. */
  readonly values: readonly SqliteValue[];
}

const MARK = "SQLite format 3\0";
const LEAF = 0x0d;
const INTERIOR = 0x05;
const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 2000;
const utf8 = new TextDecoder("utf-8");

/** In the order of their numbers. Throws `invalid-binary` (also where there is no such table), `limit-exceeded`. */
export function* readSqliteTable(bytes: Uint8Array, table: string): Generator<SqliteRow, void, undefined> {
  const file = new SqliteFile(bytes);
  for (const { values } of file.rows(1)) {
    const [type, name, , root] = values;
    if (type !== "table" || name !== table) continue;
    if (typeof root !== "number") throw damaged("a table has no place");
    yield* file.rows(root);
    return;
  }
  throw damaged(`it has no table ${quote(table)}`);
}

class SqliteFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #pageSize: number;
  /** Bytes of a page that are used. */
  readonly #usable: number;
  readonly #entered = new Set<number>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 512 || utf8.decode(bytes.subarray(0, 16)) !== MARK)
      throw damaged("it does not begin as one");
    const size = this.#view.getUint16(16);
    this.#pageSize = size === 1 ? 65_536 : size;
    this.#usable = this.#pageSize - bytes[20]!;
    const isPower = (this.#pageSize & (this.#pageSize - 1)) === 0;
    if (this.#pageSize < 512 || !isPower || this.#usable < 480)
      throw damaged("its pages have no possible size");
    if (this.#view.getUint32(56) > 1) throw damaged("its texts are not UTF-8");
  }

  /** Rows of the tree at page `root`; entered in order, the leftmost first. */
  *rows(root: number): Generator<SqliteRow, void, undefined> {
    const waiting = [root];
    let rows = 0;
    while (waiting.length > 0) {
      const page = waiting.pop()!;
      const start = this.#enter(page);
      const header = start + (page === 1 ? 100 : 0);
      const type = this.#bytes[header];
      const cells = this.#view.getUint16(header + 3);
      const pointers = header + (type === INTERIOR ? 12 : 8);
      if ((type !== LEAF && type !== INTERIOR) || pointers + 2 * cells > start + this.#pageSize)
        throw damaged("a page is no part of a table");
      if (type === INTERIOR) {
        waiting.push(this.#view.getUint32(header + 8));
        for (let cell = cells - 1; cell >= 0; cell--)
          waiting.push(this.#view.getUint32(this.#cellAt(start, pointers + 2 * cell, 4)));
        continue;
      }
      rows += cells;
      if (rows > MOST_ROWS) throw tooMany(MOST_ROWS);
      for (let cell = 0; cell < cells; cell++)
        yield this.#row(start, this.#cellAt(start, pointers + 2 * cell, 2));
    }
  }

  #enter(page: number): number {
    const start = (page - 1) * this.#pageSize;
    if (page < 1 || start + this.#pageSize > this.#bytes.length) throw damaged("a page is not there");
    if (this.#entered.has(page)) throw damaged("a page is used twice");
    this.#entered.add(page);
    return start;
  }

  #cellAt(start: number, pointer: number, least: number): number {
    const offset = this.#view.getUint16(pointer);
    if (offset + least > this.#pageSize) throw damaged("a row lies outside of its page");
    return start + offset;
  }

  #row(start: number, at: number): SqliteRow {
    const end = start + this.#usable;
    const [length, afterLength] = varint(this.#bytes, at, end);
    const [rowid, afterId] = varint(this.#bytes, afterLength, end);
    return { rowid, values: readRecord(this.#payload(length, afterId, end)) };
  }

  /** What does not fit into the page lies in a chain of others. */
  #payload(length: number, at: number, end: number): Uint8Array {
    if (length > this.#bytes.length) throw damaged("a row is longer than the file");
    const local = localLength(length, this.#usable);
    if (at + local + (local < length ? 4 : 0) > end) throw damaged("a row lies outside of its page");
    if (local === length) return this.#bytes.subarray(at, at + length);
    const whole = new Uint8Array(length);
    whole.set(this.#bytes.subarray(at, at + local));
    let next = this.#view.getUint32(at + local);
    for (let filled = local; filled < length; ) {
      const start = this.#enter(next);
      next = this.#view.getUint32(start);
      const step = Math.min(length - filled, this.#usable - 4);
      whole.set(this.#bytes.subarray(start + 4, start + 4 + step), filled);
      filled += step;
    }
    return whole;
  }
}

/** Bytes of a row that lie in the page of its leaf. */
function localLength(length: number, usable: number): number {
  const most = usable - 35;
  if (length <= most) return length;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((length - least) % (usable - 4));
  return wanted <= most ? wanted : least;
}

/** Up to nine bytes, the highest first; numbers that are not exact are too large for what is done with them. */
function varint(bytes: Uint8Array, at: number, end: number): [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    if (at + index >= end) throw damaged("a number is cut off");
    const byte = bytes[at + index]!;
    if (index === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + index + 1];
  }
  throw damaged("a number does not end");
}

function readRecord(payload: Uint8Array): SqliteValue[] {
  const [headerLength, first] = varint(payload, 0, payload.length);
  if (headerLength > payload.length) throw damaged("a row is cut off");
  const values: SqliteValue[] = [];
  let at = first;
  let place = headerLength;
  while (at < headerLength) {
    const [type, next] = varint(payload, at, headerLength);
    const length = lengthOf(type);
    if (place + length > payload.length || values.length >= MOST_COLUMNS) throw damaged("a row is cut off");
    values.push(valueIn(type, payload.subarray(place, place + length)));
    place += length;
    at = next;
  }
  return values;
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  const length = LENGTHS[type];
  if (length === undefined) throw damaged("a value has no possible type");
  return length;
}

function valueIn(type: number, bytes: Uint8Array): SqliteValue {
  if (type === 0) return null;
  if (type >= 12) return type % 2 === 0 ? bytes : utf8.decode(bytes);
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  let value = bytes[0]! >= 0x80 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

function damaged(why: string): ThothError {
  return new ThothError("invalid-binary", `The SQLite file is not valid: ${why}.`);
}

function tooMany(most: number): ThothError {
  return new ThothError("limit-exceeded", `The SQLite file exceeds the limit of ${most} for rows.`, {
    details: { limit: "rows", most },
  });
}
