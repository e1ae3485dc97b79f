// Opens the file of the embedded store as well as the machine allows: for writing, else for reading, else not
// at all. A file that is no database any more is moved aside, since all of it can be fetched again.

import { renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { quote } from "@thoth/pep";
import { makeFolder } from "./make-folder.ts";
import { isCurrent, migrate, schemaVersion } from "./schema.ts";

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly writable: boolean;
}

export interface OpenOptions {
  readonly busyTimeout: number;
  warn(message: string): void;
}

/**
 * Bytes; the most that there is. What is kept are mostly blocks of some ten thousand, which with pages as small as usual
 * are cut in pieces (to write 23 MB of them: 72 to 34 ms of processor, 105 to 59 ms in all).
 */
const PAGE_SIZE = 64 * 1024;

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** The primary result code of an error of SQLite; undefined for any other error. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number")
    return undefined;
  return error.errcode & 0xff;
}

export function isCorruption(error: unknown): boolean {
  const code = resultCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED;
}

/** Undefined: there is nothing to read and nowhere to write. */
export function openDatabase(path: string, options: OpenOptions): OpenedDatabase | undefined {
  try {
    return openWritable(path, options);
  } catch (error) {
    if (!isWorldsFault(error)) throw error;
    if (!isCorruption(error)) return openReadable(path, options, error);
  }
  if (!moveAside(path, options)) return undefined;
  try {
    return openWritable(path, options);
  } catch (error) {
    if (!isWorldsFault(error)) throw error;
    options.warn(`nothing is kept between runs: ${quote(path)} cannot be opened (${error.message})`);
    return undefined;
  }
}

function openWritable(path: string, options: OpenOptions): OpenedDatabase | undefined {
  if (path !== ":memory:") makeFolder(dirname(path));
  const database = new DatabaseSync(path, { timeout: options.busyTimeout });
  try {
    // A new file is filled without a log beside it, where everything would be written twice (jupyterlab, nothing
    // cached: 0.66 to 0.61 s of processor); whoever opens it next turns the log on.
    if (schemaVersion(database) > 0) keepLog(database);
    else database.exec(`PRAGMA page_size = ${PAGE_SIZE}`);
    database.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF");
    if (migrate(database)) return { database, writable: true };
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  options.warn(`nothing is kept between runs: ${quote(path)} was written by a newer version of Thoth`);
  return undefined;
}

/** Not while somebody is at work in a file that has none: then another time. */
function keepLog(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA journal_mode = WAL");
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

/** A read-only file, folder or medium: what is there can still be used, `immutable` where not even locks can be made. */
function openReadable(path: string, options: OpenOptions, reason: Error): OpenedDatabase | undefined {
  const immutable = pathToFileURL(path);
  immutable.searchParams.set("immutable", "1");
  for (const location of [path, immutable]) {
    try {
      const database = new DatabaseSync(location, { readOnly: true, timeout: options.busyTimeout });
      if (isCurrent(database)) {
        options.warn(
          `nothing new is kept between runs: ${quote(path)} cannot be written (${reason.message})`,
        );
        return { database, writable: false };
      }
      database.close();
    } catch (error) {
      if (!isWorldsFault(error)) throw error;
    }
  }
  options.warn(`nothing is kept between runs: ${quote(path)} cannot be opened (${reason.message})`);
  return undefined;
}

/** Renames a damaged file and its companions; false where that is not possible. */
export function moveAside(path: string, options: OpenOptions): boolean {
  if (path === ":memory:") return true;
  const target = `${path}.damaged`;
  try {
    renameSync(path, target);
  } catch (error) {
    if (!isWorldsFault(error)) throw error;
    options.warn(
      `nothing is kept between runs: ${quote(path)} is damaged and cannot be moved (${error.message})`,
    );
    return false;
  }
  for (const companion of ["-wal", "-shm"]) {
    try {
      renameSync(path + companion, target + companion);
    } catch (error) {
      if (!isWorldsFault(error)) throw error;
    }
  }
  options.warn(`${quote(path)} was damaged; it is now ${quote(target)}, and a new one is begun`);
  return true;
}

/** An error of SQLite or of the operating system, not one of ours. */
export function isWorldsFault(error: unknown): error is Error {
  return error instanceof Error && (resultCode(error) !== undefined || "syscall" in error);
}
