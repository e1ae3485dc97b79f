// A lock in the forms that other programs read.

import { basename } from "node:path";
import { requirementsText } from "@thoth/adviser";
import { formatPylock, isPylockFilename, type Pylock, quote, ThothError } from "@thoth/pep";

export type LockForm = "pylock" | "requirements" | "pipfile-lock" | "json";

/** The form that a file's name asks for. */
export function formOfFile(path: string): LockForm | undefined {
  const name = basename(path);
  if (isPylockFilename(name) || name.endsWith(".toml")) return "pylock";
  if (name === "Pipfile.lock") return "pipfile-lock";
  if (name.endsWith(".json")) return "json";
  return /\.(txt|in)$/.test(name) ? "requirements" : undefined;
}

/** Packages that a requirements file with hashes cannot hold. */
export function mustBeFiles({ packages }: Pylock): void {
  const odd = packages.find(({ wheels, sdist }) => wheels === undefined && sdist === undefined);
  if (odd === undefined) return;
  throw new ThothError("invalid-lock", `${quote(odd.name)} is locked to a place that this form cannot hold`, {
    hint: "Use --format pylock.",
  });
}

export function pylockText(lock: Pylock): string {
  return formatPylock(lock);
}

export function requirementsForm(lock: Pylock): string {
  mustBeFiles(lock);
  return requirementsText(lock);
}
