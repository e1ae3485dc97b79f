// Tells from outside whether a file of SQLite was written to: by the identity, size and time of the file and of its log,
// and by the counter of changes in its header. https://www.sqlite.org/fileformat2.html#the_database_header

import { type BigIntStats, closeSync, openSync, readSync, statSync } from "node:fs";
import { isWorldsFault } from "./open-database.ts";

const HEADER_BYTES = 28;
const WRITE_VERSION = 18;
const CHANGE_COUNTER = 24;
/** Value of the write version of a file that keeps a log beside it; its counter may stand still. */
const LOGGED = 2;

/**
 * Nanoseconds for which a change may leave no trace in a file's time, as systems count it in ticks of up to 10 ms, or in
 * whole seconds (FAT).
 */
const TICK = 100_000_000n;
const SECOND = 1_000_000_000n;

/** Undefined where the file is not there, or where a change that comes now might not show. */
export function stampOf(path: string): string | undefined {
  try {
    const header = readHeader(path);
    const file = statSync(path, { bigint: true });
    const log = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false });
    const hasLog = log !== undefined && log.size > 0n;
    const parts = hasLog ? [...partsOf(file), ...partsOf(log)] : partsOf(file);
    const isCounted = header[WRITE_VERSION] !== LOGGED && !hasLog;
    if (!isCounted && [file, ...(hasLog ? [log] : [])].some(isFresh)) return undefined;
    return [header.readUInt32BE(CHANGE_COUNTER), ...parts].join(" ");
  } catch (error) {
    if (isWorldsFault(error) || error instanceof RangeError) return undefined;
    throw error;
  }
}

function readHeader(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header));
  } finally {
    closeSync(file);
  }
}

function partsOf({ dev, ino, size, mtimeNs }: BigIntStats): bigint[] {
  return [dev, ino, size, mtimeNs];
}

function isFresh({ mtimeNs }: BigIntStats): boolean {
  const unseen = mtimeNs % SECOND === 0n ? 3n * SECOND : TICK;
  return BigInt(Date.now()) * 1_000_000n - mtimeNs < unseen;
}
