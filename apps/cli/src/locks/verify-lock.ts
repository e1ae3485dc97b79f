// Whether a lock is that of its project, and for a Python: by the hash that its program put there, and where it put
// none, by what the lock states of the project.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import {
  compareUvLock,
  type ForeignLock,
  parsePipfile,
  parseVersion,
  pdmHashText,
  poetryHashTexts,
  quote,
  specifiersContain,
  ThothError,
} from "@thoth/pep";
import { readGivenText } from "../files/read-file.ts";
import type { GivenLock } from "./read-lock.ts";

export interface LockFinding {
  readonly id: "LOCK-OF-OTHER-PROJECT" | "LOCK-OF-OTHER-PYTHON";
  readonly justification: string;
}

export interface LockVerification {
  readonly findings: readonly LockFinding[];
  /** What was looked at and is right. */
  readonly checked: readonly string[];
  readonly unknown: readonly string[];
}

/** Throws usage, invalid-project, limit-exceeded. */
export async function verifyLock(path: string, given: GivenLock, python: string): Promise<LockVerification> {
  const project = await verifyProject(path, given);
  const ofPython = verifyPython(given.foreign, python);
  return {
    findings: [...project.findings, ...ofPython.findings],
    checked: [...project.checked, ...ofPython.checked],
    unknown: [...project.unknown, ...ofPython.unknown],
  };
}

/** Throws lock-out-of-date, and what `verifyLock` throws. */
export async function mustBeVerified(path: string, given: GivenLock, python: string): Promise<void> {
  const { findings, unknown } = await verifyLock(path, given, python);
  const [finding] = findings;
  const problem = finding?.justification ?? (unknown.length === 0 ? undefined : `not known: ${unknown[0]}`);
  if (problem === undefined) return;
  throw new ThothError("lock-out-of-date", `${quote(path)} is not verified: ${problem}`, {
    hint: "Lock again, or install without --deploy.",
    details: { lock: path, findings: [...findings] },
  });
}

const right = (text: string): LockVerification => ({ findings: [], checked: [text], unknown: [] });
const unknown = (text: string): LockVerification => ({ findings: [], checked: [], unknown: [text] });
const wrong = (id: LockFinding["id"], justification: string): LockVerification => ({
  findings: [{ id, justification }],
  checked: [],
  unknown: [],
});

/** Of a lock whose program records what it was made from. */
async function verifyProject(path: string, { foreign, folder }: GivenLock): Promise<LockVerification> {
  const { format } = foreign;
  if (format === "pylock" || format === "requirements")
    return unknown("which project the lock is of: the format does not tell");
  const name = format === "pipfile-lock" ? pipfileName(path) : "pyproject.toml";
  const beside = join(folder, name);
  if (!existsSync(beside))
    return unknown(`whether the lock is that of its project: no ${name} lies beside it`);
  const text = await readGivenText(beside);
  const differs = differenceOf(foreign, text, name, await readGivenText(path));
  return differs === undefined
    ? right(`the lock is that of ${name}`)
    : wrong("LOCK-OF-OTHER-PROJECT", `the lock is not that of ${name}: ${differs}`);
}

function pipfileName(path: string): string {
  const name = basename(path);
  return name.endsWith(".lock") ? name.slice(0, -".lock".length) : "Pipfile";
}

/** Undefined where there is none. */
function differenceOf(foreign: ForeignLock, text: string, name: string, lock: string): string | undefined {
  const { format, projectHash } = foreign;
  if (format === "uv") return compareUvLock(lock, text);
  const stated = projectHash?.digest ?? "";
  if (stated === "") return "it states no hash";
  const texts =
    format === "poetry"
      ? poetryHashTexts(text, name)
      : [format === "pdm" ? pdmHashText(text, name) : parsePipfile(text, name).hashText];
  const algorithm = projectHash?.algorithm === "sha512" ? "sha512" : "sha256";
  const digests = texts.map((hashed) => createHash(algorithm).update(hashed).digest("hex"));
  if (digests.includes(stated.toLowerCase())) return undefined;
  return `its hash is ${stated.slice(0, 16)}…, that of ${name} ${digests[0]?.slice(0, 16)}…`;
}

function verifyPython({ requiresPython }: ForeignLock, python: string): LockVerification {
  if (requiresPython === undefined) return unknown("which Python the lock is for: it does not tell");
  // A build between releases has a plus sign behind its version, which alone is none.
  const version = parseVersion(python.endsWith("+") ? `${python}local` : python);
  return specifiersContain(requiresPython, version, { prereleases: true })
    ? right(`the lock is for Python ${python}`)
    : wrong("LOCK-OF-OTHER-PYTHON", `the lock is for Python ${requiresPython.text}, not for ${python}`);
}
