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
  /** Stands for the content of the scripts. */
  readonly build: string;
  /** Runs with the same text call about the same functions: the command's name and such. */
  readonly occasion: string;
  /** Told the file name of each script once it has been run. */
  readonly loaded?: (name: string) => void;
}

type Wrapped = (
  exports: object,
  require: (name: string) => unknown,
  module: { exports: object },
  filename: string,
  folder: string,
) => void;

/** The first run of a command often fetches what later ones find, so its code is kept twice before it is final. */
const ROUNDS = 2;
const KEPT_DAYS = 30;
const OURS = /^[a-z-]+\.cjs-[0-9a-f]{12}-v[\d.]+-/;

/** Loads CommonJS scripts (each one function expression, as `tools/build.ts` writes them) with their kept code. */
export class CodeCache {
  readonly #options: CodeCacheOptions;
  readonly #loaded = new Map<string, object>();

  constructor(options: CodeCacheOptions) {
    this.#options = options;
  }

  /** What the script `path` exports; scripts beside it that it requires are loaded the same way. */
  load(path: string): object {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const kept = this.#read(path);
    const script = new Script(readFileSync(path, "latin1"), { filename: path, cachedData: kept?.code });
    const rejected = script.cachedDataRejected === true;
    if (rejected && kept !== undefined) rmSync(this.#fileOf(path, kept.round), { force: true });
    const round = rejected ? 0 : (kept?.round ?? 0);
    if (round < ROUNDS) process.once("exit", () => this.#keep(script, path, round + 1));
    const folder = dirname(path);
    const module = { exports: {} };
    this.#loaded.set(path, module.exports);
    const inside = (name: string): unknown =>
      name.startsWith("./") ? this.load(join(folder, name)) : process.getBuiltinModule(name);
    (script.runInThisContext() as Wrapped)(module.exports, inside, module, path, folder);
    this.#loaded.set(path, module.exports);
    this.#options.loaded?.(basename(path));
    return module.exports;
  }

  #read(path: string): { readonly code: Buffer; readonly round: number } | undefined {
    for (let round = ROUNDS; round > 0; round--) {
      const code = readTwice(this.#fileOf(path, round));
      if (code !== undefined) return { code, round };
    }
    return undefined;
  }

  /** A convenience: whatever hinders it is nobody's trouble. Twice, since the engine looks at little of it and would crash. */
  #keep(script: Script, path: string, round: number): void {
    try {
      writeTwice(this.#fileOf(path, round), script.createCachedData());
      if (round > 1) rmSync(this.#fileOf(path, round - 1), { force: true });
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

  #fileOf(path: string, round: number): string {
    const { folder, build, occasion } = this.#options;
    return join(folder, `${basename(path)}-${build}-${process.version}-${process.arch}-${occasion}-${round}`);
  }
}
