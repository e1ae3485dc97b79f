// Finds the interpreters of this machine and chooses one. What an interpreter said of itself is kept in a
// file, by its path, time and size, so that later runs need not start it again.

import { createHash } from "node:crypto";
import { mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { release, version as systemVersion } from "node:os";
import { dirname, join } from "node:path";
import {
  isPrerelease,
  parseSpecifiers,
  parseVersion,
  quote,
  type Specifiers,
  specifiersContain,
  ThothError,
} from "@thoth/pep";
import { type Interpreter, probeInterpreter } from "./interpreter.ts";
import { interpreterCandidates, lookUp, machinePlaces, type SearchPlaces } from "./interpreter-candidates.ts";
import { probeProgram } from "./python-programs.ts";

export interface SearchOptions {
  /** Folder for `interpreters.json`; without it nothing is remembered. */
  readonly cacheDirectory?: string | undefined;
  readonly places?: SearchPlaces | undefined;
}

/** The oldest Python that is chosen when none is asked for. */
const OLDEST = parseSpecifiers(">=3.9");

/** All working interpreters, the PATH's first; each once, also when several names lead to it. */
export async function findInterpreters(options: SearchOptions = {}): Promise<readonly Interpreter[]> {
  const found: Interpreter[] = [];
  for await (const interpreter of search(options)) found.push(interpreter);
  return found;
}

/**
 * The interpreter for `pythonVersion`: `3.11`, `3.11.7`, `>=3.9,<3.13`, `3.13t` (free-threaded), a path or a
 * name on the PATH. Without it the first on the PATH from 3.9 on. Throws `interpreter-not-found`.
 */
export async function selectInterpreter(
  wanted: { readonly pythonVersion?: string | undefined },
  options: SearchOptions = {},
): Promise<Interpreter> {
  const { pythonVersion } = wanted;
  if (pythonVersion !== undefined && isPath(pythonVersion))
    return await probeRemembered(pythonVersion, options);
  const wish = wishOf(pythonVersion);
  const seen: Interpreter[] = [];
  const secondChoice: Interpreter[] = [];
  for await (const interpreter of search(options)) {
    seen.push(interpreter);
    const fit = fitOf(interpreter, wish);
    if (fit === "good") return interpreter;
    if (fit === "acceptable") secondChoice.push(interpreter);
  }
  const acceptable = secondChoice[0];
  if (acceptable !== undefined) return acceptable;
  throw nothingFits(pythonVersion, seen);
}

async function* search(options: SearchOptions): AsyncGenerator<Interpreter> {
  const memory = await Memory.load(options.cacheDirectory);
  const seen = new Set<string>();
  try {
    for await (const path of interpreterCandidates(options.places ?? machinePlaces())) {
      const interpreter = await memory.probe(path).catch(skipBroken);
      if (interpreter === undefined) continue;
      const identity = await realpath(interpreter.path).catch(() => interpreter.path);
      if (seen.has(identity)) continue;
      seen.add(identity);
      yield interpreter;
    }
  } finally {
    await memory.save();
  }
}

/** A file that only looks like an interpreter is none: the search goes on. */
function skipBroken(error: unknown): undefined {
  if (error instanceof ThothError && error.code !== "interrupted") return undefined;
  throw error;
}

async function probeRemembered(text: string, options: SearchOptions): Promise<Interpreter> {
  const path = /[\\/]/.test(text) ? text : await lookUp(text, options.places?.variables);
  if (path === undefined) throw nothingFits(text, []);
  const memory = await Memory.load(options.cacheDirectory);
  const interpreter = await memory.probe(path);
  await memory.save();
  return interpreter;
}

function isPath(text: string): boolean {
  return /[\\/]/.test(text) || /^pypy[\w.]*$/i.test(text);
}

interface Wish {
  readonly specifiers: Specifiers;
  readonly freeThreaded: boolean;
}

function wishOf(text: string | undefined): Wish {
  if (text === undefined || text.trim() === "") return { specifiers: OLDEST, freeThreaded: false };
  const plain = /^\s*(?:python)?(\d+(?:\.\d+){0,2})(t?)\s*$/.exec(text);
  if (plain === null) return { specifiers: parseSpecifiers(text), freeThreaded: false };
  const [, version = "", threads = ""] = plain;
  const exact = version.split(".").length === 3;
  return {
    specifiers: parseSpecifiers(exact ? `==${version}` : `==${version}.*`),
    freeThreaded: threads !== "",
  };
}

function fitOf(interpreter: Interpreter, wish: Wish): "good" | "acceptable" | "unfit" {
  const version = parseVersion(interpreter.version);
  if (!specifiersContain(wish.specifiers, version, { prereleases: true })) return "unfit";
  if (wish.freeThreaded !== interpreter.freeThreaded) return "unfit";
  if (!interpreter.venv) return "acceptable";
  return isPrerelease(version) || interpreter.implementation !== "cpython" ? "acceptable" : "good";
}

function nothingFits(wanted: string | undefined, seen: readonly Interpreter[]): ThothError {
  const found = seen.map(({ version, path, implementation }) => ({ version, path, implementation }));
  const list = found.slice(0, 8).map(({ version, path }) => `${version} (${path})`);
  const asked = wanted === undefined ? "from 3.9 on" : quote(wanted);
  return new ThothError("interpreter-not-found", `no Python ${asked} is on this machine`, {
    hint:
      list.length === 0
        ? "Install one, for example with `uv python install`."
        : `There are ${list.join(", ")}; choose one with --python-version, or install another.`,
    details: { wanted: wanted ?? ">=3.9", found },
  });
}

/** Answers of interpreters, kept by path, real path, time and size of the file and by the system's release. */
class Memory {
  private readonly file: string | undefined;
  private readonly entries: Map<string, Interpreter>;
  private changed = false;

  private constructor(file: string | undefined, entries: Map<string, Interpreter>) {
    this.file = file;
    this.entries = entries;
  }

  static async load(directory: string | undefined): Promise<Memory> {
    if (directory === undefined) return new Memory(undefined, new Map());
    const file = join(directory, "interpreters.json");
    return new Memory(file, readEntries(await readFile(file, "utf8").catch(() => "")));
  }

  async probe(path: string): Promise<Interpreter> {
    const key = await keyOf(path);
    const known = key === undefined ? undefined : this.entries.get(key);
    if (known !== undefined) return known;
    const interpreter = await probeInterpreter(path);
    if (key !== undefined && (await isProgram(path))) {
      this.entries.set(key, interpreter);
      this.changed = true;
    }
    return interpreter;
  }

  /** Writes what is new; a folder that cannot be written only costs the next run some time. */
  async save(): Promise<void> {
    if (this.file === undefined || !this.changed) return;
    this.changed = false;
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.file), { recursive: true });
      const newest = [...this.entries].slice(-200);
      await writeFile(temporary, JSON.stringify({ form: FORM, interpreters: newest }));
      await rename(temporary, this.file);
    } catch {
      // Remembering is a convenience.
    }
  }
}

/** Answers of another probing program or another system are not used. */
const FORM = createHash("sha256").update(`${probeProgram}\n${release()}\n${systemVersion()}`).digest("hex");

function readEntries(text: string): Map<string, Interpreter> {
  try {
    const { form, interpreters } = JSON.parse(text) as {
      form: unknown;
      interpreters: [string, Interpreter][];
    };
    if (form === FORM) return new Map(interpreters);
  } catch {
    // A missing or damaged file is an empty one.
  }
  return new Map();
}

async function keyOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return JSON.stringify([path, await realpath(path), mtimeMs, size, ino]);
  } catch {
    return undefined;
  }
}

/** Whether the file is a program of its own: a script may lead to another interpreter tomorrow. */
async function isProgram(path: string): Promise<boolean> {
  const { size } = await stat(path);
  if (size > 1 << 16) return true;
  return !(await readFile(path, "latin1")).startsWith("#!");
}
