// Files that a project's file names: read from disk within bounds, never from the network.

import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { decodeRequirementsFile, quote, ThothError } from "@thoth/pep";

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** Throws usage, limit-exceeded. */
export function loadNested(path: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path) && !/^file:/i.test(path)) {
    throw new ThothError(
      "usage",
      `${quote(path)} is not read: requirements come from files of this machine`,
      {
        hint: "Download the file and name its path.",
      },
    );
  }
  const file = openNested(path);
  try {
    const info = fstatSync(file);
    if (!info.isFile()) throw new ThothError("usage", `${quote(path)} is no file`);
    if (info.size > MAXIMUM_BYTES) {
      throw new ThothError(
        "limit-exceeded",
        `${quote(path)} is larger than ${MAXIMUM_BYTES / 1_048_576} MiB`,
        {
          details: { limit: "file size", maximum: MAXIMUM_BYTES },
        },
      );
    }
    return decodeRequirementsFile(readFileSync(file));
  } finally {
    closeSync(file);
  }
}

function openNested(path: string): number {
  try {
    return openSync(/^file:/i.test(path) ? new URL(path) : path, "r");
  } catch (cause) {
    throw new ThothError("usage", `${quote(path)} cannot be read`, { cause, details: { path } });
  }
}
