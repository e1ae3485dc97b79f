// Compiled code kept between runs. Node's own cache keeps a script as it was when it had just been loaded; most
// functions of a short run would be compiled again every time. Here it is kept as it is at the end of a run of
// the same command, with every function that the run called (jupyterlab's lock, warm: 117 to 96 ms).

import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import { readTwice, writeTwice } from "@thoth/store";

export interface CodeCacheOptions {
  /** Made when it is missing; nothing is kept where it cannot be. */
  readonly folder: string;
  /** Where there is code that was compiled ahead, for some occasions; nothing is written there. */
  readonly ahead: string;
  /** Stands for the content of the scripts. */
  readonly build: string;
  /** File name of the script that was loaded in place of another one, for those that require that. */
  readonly standIn?: { readonly for: string; readonly name: string } | undefined;
  /** Runs with the same text call about the same functions: the command's name and such. */
  readonly occasion: string;
  /** Told the file name of each script before it is run. */
  readonly loading?: (name: string) => void;
  /** True for a part of Node that only runs of the longer kind require. */
  readonly tellsLong: (builtin: string) => boolean;
}

type Wrapped = (
  exports: object,
  require: (name: string) => unknown,
  module: { exports: object },
  filename: string,
  folder: string,
) => void;

/**
 * Runs of a command are of two kinds, which call different functions: those that find what an earlier one kept, and the
 * others. Code is kept after the first run of either kind, with what it had from the other.
 */
const SHORT = 1;
const LONG = 2;
/** Sets of kinds, the best first. */
const KINDS = [SHORT | LONG, LONG, SHORT];
const KEPT_DAYS = 30;
const OURS = /^[a-z-]+\.cjs-[0-9a-f]{12}-v[\d.]+-/;

/** Loads CommonJS scripts (each one function expression, as `tools/build.ts` writes them) with their kept code. */
export class CodeCache {
  readonly #options: CodeCacheOptions;
  readonly #loaded = new Map<string, object>();
  #kind = SHORT;

  constructor(options: CodeCacheOptions) {
    this.#options = options;
  }

  /** What the script `path` exports; scripts beside it that it requires are loaded the same way. */
  load(path: string): object {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    this.#options.loading?.(basename(path));
    const kept = this.#read(path);
    const script = new Script(readFileSync(path, "latin1"), { filename: path, cachedData: kept?.code });
    const rejected = script.cachedDataRejected === true;
    if (rejected && kept !== undefined && kept.kinds !== 0)
      rmSync(this.#fileOf(path, kept.kinds), { force: true });
    const kinds = rejected ? 0 : (kept?.kinds ?? 0);
    process.once("exit", () => this.#keep(script, path, kinds));
    const folder = dirname(path);
    const module = { exports: {} };
    this.#loaded.set(path, module.exports);
    const inside = (name: string): unknown => {
      if (name.startsWith("./")) return this.load(join(folder, this.#standing(name)));
      if (this.#options.tellsLong(name)) this.#kind = LONG;
      return process.getBuiltinModule(name);
    };
    (script.runInThisContext() as Wrapped)(module.exports, inside, module, path, folder);
    this.#loaded.set(path, module.exports);
    return module.exports;
  }

  /** What was compiled ahead counts as of no kind: the code of this run will be kept. */
  #read(path: string): { readonly code: Buffer; readonly kinds: number } | undefined {
    const { ahead, occasion } = this.#options;
    for (const kinds of KINDS) {
      const code = readTwice(this.#fileOf(path, kinds));
      if (code !== undefined) return { code, kinds };
    }
    const like = occasion.endsWith("-offline") ? "thoth-lock-offline" : "thoth-lock";
    for (const other of new Set([occasion, like])) {
      for (const kinds of KINDS) {
        const code = readTwice(this.#fileOf(path, kinds, ahead, other));
        if (code !== undefined) return { code, kinds: 0 };
      }
    }
    return undefined;
  }

  #standing(name: string): string {
    const { standIn } = this.#options;
    return standIn !== undefined && name === `./${standIn.for}` ? standIn.name : name;
  }

  /** A convenience: whatever hinders it is nobody's trouble. Twice, since the engine looks at little of it and would crash. */
  #keep(script: Script, path: string, known: number): void {
    if ((known & this.#kind) !== 0) return;
    try {
      writeTwice(this.#fileOf(path, known | this.#kind), script.createCachedData());
      if (known !== 0) rmSync(this.#fileOf(path, known), { force: true });
      this.#sweep();
    } catch {
      // The next run compiles again.
    }
  }

  /** Code of builds that are gone; nothing else that may lie there. */
  #sweep(): void {
    const { folder } = this.#options;
    const before = Date.now() - KEPT_DAYS * 86_400_000;
    for (const name of readdirSync(folder)) {
      if (!OURS.test(name)) continue;
      const path = join(folder, name);
      if (statSync(path).mtimeMs < before) rmSync(path, { force: true });
    }
  }

  #fileOf(
    path: string,
    kinds: number,
    folder = this.#options.folder,
    occasion = this.#options.occasion,
  ): string {
    const { build } = this.#options;
    return join(folder, `${basename(path)}-${build}-${process.version}-${process.arch}-${occasion}-${kinds}`);
  }
}
