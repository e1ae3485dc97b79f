// Which glibc a system has, from the bytes of its `libc.so.6`: nothing is run.

import type { NativeLibrary } from "@thoth/knowledge";
import { newestOf } from "./symbol-version.ts";

const MARK = new TextEncoder().encode("stable release version ");

/**
 * `2.36`, from the sentence that glibc prints of itself; undefined where there is none. For what is no libc at all the
 * result has no meaning.
 */
export function glibcOfBytes(bytes: Uint8Array): string | undefined {
  for (let at = bytes.indexOf(MARK[0]!); at >= 0; at = bytes.indexOf(MARK[0]!, at + 1)) {
    if (!MARK.every((byte, index) => bytes[at + index] === byte)) continue;
    const after = bytes.subarray(at + MARK.length, at + MARK.length + 16);
    const match = /^(\d{1,3}\.\d{1,3})/.exec(new TextDecoder("latin1").decode(after));
    if (match !== null) return match[1];
  }
  return undefined;
}

/**
 * The same from the versions that a `libc.so.6` provides: no newer than the release, and mostly the same. Undefined where no
 * library of the list is glibc's.
 */
export function glibcOf(libraries: Iterable<NativeLibrary>): string | undefined {
  for (const library of libraries) {
    if (library.soname !== "libc.so.6") continue;
    const newest = newestOf("GLIBC", library.provides);
    if (newest !== undefined) return newest.slice("GLIBC_".length).split(".").slice(0, 2).join(".");
  }
  return undefined;
}
