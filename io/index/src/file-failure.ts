// What the disk refuses, in words.

import { quote, ThothError } from "@thoth/pep";

/** An error of the operating system about a file. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "files may not grow that large"],
  ["EROFS", "the disk is read-only"],
  ["EACCES", "permission is denied"],
  ["EPERM", "permission is denied"],
  ["ENOENT", "it does not exist"],
  ["ENOTDIR", "a folder of its path is none"],
  ["EISDIR", "it is a folder"],
  ["EMFILE", "too many files are open"],
]);

export function fileFailure(error: NodeJS.ErrnoException, path: string): ThothError {
  const code = error.code ?? "";
  const reason = REASONS.get(code) ?? `the system says ${code}`;
  return new ThothError("file-failed", `${quote(path)} cannot be used: ${reason}.`, {
    hint:
      code === "ENOSPC" || code === "EDQUOT"
        ? "Free some space, or move the cache with `--cache-dir`."
        : undefined,
    details: { path, reason: code },
    cause: error,
  });
}
