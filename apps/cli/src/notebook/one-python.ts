// The Python of a lock, for forms that have room for one.

import { environmentFacts, type Pylock, parseSpecifiers, pylockPart, ThothError } from "@thoth/pep";

const ONE = /^==\s*(\d+\.\d+)(?:\.\*|\.\d+)?$/;

/** The Python that a lock is for, such as `3.11`. Throws invalid-lock. */
export function pythonOf({ requiresPython }: Pylock): string {
  const [, python] = ONE.exec(requiresPython?.text ?? "") ?? [];
  if (python !== undefined) return python;
  throw new ThothError("invalid-lock", "the notebook's lock does not say for which Python it is", {
    hint: "Make a new one with `horus lock --force`.",
  });
}

/** The Pythons of the environments that a lock is for, the oldest first. */
export function pythonsOf(lock: Pylock): readonly string[] {
  const told = environmentFacts(lock).flatMap(({ python_version }) => python_version ?? []);
  const minorOf = (python: string) => Number(python.split(".")[1]);
  return [...new Set(told)].sort((a, b) => minorOf(a) - minorOf(b));
}

/** Of a lock for several Pythons the part for this one, where it is among them, else for the newest. */
export function forOnePython(lock: Pylock, wanted: string | undefined): Pylock {
  const pythons = pythonsOf(lock);
  if (pythons.length < 2) return lock;
  const python = wanted !== undefined && pythons.includes(wanted) ? wanted : (pythons.at(-1) as string);
  const part = pylockPart(lock, { python_version: python });
  return { ...part, requiresPython: parseSpecifiers(`==${python}.*`) };
}
