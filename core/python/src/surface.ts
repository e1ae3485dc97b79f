// The modules of a release: which there are is told by the paths of its files; what one offers is read when it is asked
// for, from its source and its stub, so that of a large release only what matters is read.

import type { ApiFact, ApiModule } from "@thoth/knowledge";
import { type Outline, outlineOf } from "./outline.ts";

export type ModuleState =
  | { readonly kind: "read"; readonly module: ApiModule }
  /** It is there, and cannot be understood. */
  | { readonly kind: "opaque" }
  /** Its text must be supplied first. */
  | { readonly kind: "unread" }
  | { readonly kind: "absent" };

/** What a release offers, as far as it has been read. */
export interface Surface {
  has(module: string): boolean;
  module(name: string): ModuleState;
  /** Other modules can lie in it. */
  isPackage(module: string): boolean;
  /** Paths of the texts that were asked for and are missing. */
  needs(): readonly string[];
}

interface ModuleFiles {
  source?: string;
  stub?: string;
  native: boolean;
  package: boolean;
}

const MOST_FILES = 200_000;
/** Text that is read at most, in characters. */
const MOST_TEXT = 512 * 1024 * 1024;
const NATIVE = /\.(?:[\w-]+\.)*(?:so|pyd)$/;

/** The modules of a wheel, or of an unpacked one. Texts are supplied in any order. */
export class ReleaseSources implements Surface {
  readonly #files = new Map<string, ModuleFiles>();
  readonly #texts = new Map<string, string>();
  readonly #read = new Map<string, ModuleState>();
  readonly #needs = new Set<string>();
  readonly #unreadable = new Set<string>();
  #left = MOST_TEXT;

  /** `paths`: all files of the release, with `/`. */
  constructor(paths: Iterable<string>) {
    let count = 0;
    for (const path of paths) {
      count++;
      if (count > MOST_FILES) break;
      this.#place(path);
    }
  }

  #place(path: string): void {
    const inner = path.replace(/^[^/]+\.data\/(?:purelib|platlib)\//, "");
    if (/^[^/]+\.(?:dist-info|data)\//.test(inner)) return;
    const native = NATIVE.test(inner);
    if (!native && !/\.pyi?$/.test(inner)) return;
    const segments = inner.replace(native ? NATIVE : /\.pyi?$/, "").split("/");
    const isPackage = segments.at(-1) === "__init__";
    if (isPackage) segments.pop();
    if (segments.length === 0 || segments.some((each) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(each))) return;
    for (let length = 1; length < segments.length; length++)
      this.#entry(segments.slice(0, length).join("."), true);
    const entry = this.#entry(segments.join("."), isPackage);
    if (native) entry.native = true;
    else if (inner.endsWith("i")) entry.stub = path;
    else entry.source = path;
  }

  #entry(name: string, isPackage: boolean): ModuleFiles {
    let entry = this.#files.get(name);
    if (entry === undefined) {
      entry = { native: false, package: false };
      this.#files.set(name, entry);
    }
    if (isPackage) entry.package = true;
    return entry;
  }

  /** Dotted names of all modules, sorted. */
  get modules(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  /** Paths of the texts that can be supplied for a module. */
  pathsOf(module: string): readonly string[] {
    const { source, stub } = this.#files.get(module) ?? {};
    return [stub, source].filter((path) => path !== undefined);
  }

  supply(path: string, text: string): void {
    this.#needs.delete(path);
    if (text.length > this.#left) this.#unreadable.add(path);
    else {
      this.#left -= text.length;
      this.#texts.set(path, text);
    }
  }

  /** Says that a text cannot be had: its module is opaque. */
  refuse(path: string): void {
    this.#needs.delete(path);
    this.#unreadable.add(path);
  }

  has(module: string): boolean {
    return this.#files.has(module);
  }

  isPackage(module: string): boolean {
    return this.#files.get(module)?.package === true;
  }

  needs(): readonly string[] {
    return [...this.#needs];
  }

  module(name: string): ModuleState {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const files = this.#files.get(name);
    if (files === undefined) return { kind: "absent" };
    const paths = this.pathsOf(name);
    const missing = paths.filter((path) => !this.#texts.has(path) && !this.#unreadable.has(path));
    for (const path of missing) this.#needs.add(path);
    if (missing.length > 0) return { kind: "unread" };
    const state = this.#outline(name, files);
    this.#read.set(name, state);
    for (const path of paths) this.#texts.delete(path);
    return state;
  }

  #outline(name: string, files: ModuleFiles): ModuleState {
    const text = (path: string | undefined) => (path === undefined ? undefined : this.#texts.get(path));
    const place = { name, package: files.package };
    const source = text(files.source);
    const stub = text(files.stub);
    if (source === undefined && stub === undefined) {
      // A folder without `__init__` can hold modules of other distributions too.
      const isNamespace = files.package && !files.native && this.pathsOf(name).length === 0;
      return isNamespace ? { kind: "read", module: { names: {}, dynamic: true } } : { kind: "opaque" };
    }
    const own = source === undefined ? undefined : outlineOf(source, { ...place, stub: false });
    if (stub === undefined) return { kind: "read", module: withoutMark(own!) };
    const declared = withoutMark(outlineOf(stub, { ...place, stub: own?.inStub !== true }));
    // A stub alone stands beside a native module, of which it need not tell all.
    if (own === undefined) return { kind: "read", module: { ...declared, dynamic: true } };
    if (own.inStub === true)
      return {
        kind: "read",
        module: { ...withoutNames(own), ...declared, names: { ...declared.names, ...own.names } },
      };
    return { kind: "read", module: { ...own, stub: declared } };
  }
}

function withoutMark({ inStub, ...module }: Outline): ApiModule {
  return inStub === true ? { ...module, dynamic: true } : module;
}

/** What its loader makes of a stub: the names are those of the stub, but for those of the source itself. */
function withoutNames({ inStub, names, ...module }: Outline): Omit<ApiModule, "names"> {
  return module;
}

/** What is kept of a release. */
export function surfaceOf(fact: ApiFact): Surface {
  const opaque = new Set(fact.opaque);
  const unread = new Set(fact.unread);
  const parents = new Set(
    [...Object.keys(fact.modules), ...fact.opaque, ...fact.unread].flatMap((name) => {
      const dot = name.lastIndexOf(".");
      return dot < 0 ? [] : [name.slice(0, dot)];
    }),
  );
  const isDim = (name: string): boolean =>
    opaque.has(name) || unread.has(name) || isBelow(name, (each) => unread.has(each));
  return {
    has: (module) => Object.hasOwn(fact.modules, module) || isDim(module),
    module(name) {
      if (Object.hasOwn(fact.modules, name)) return { kind: "read", module: fact.modules[name]! };
      return isDim(name) ? { kind: "opaque" } : { kind: "absent" };
    },
    isPackage: (module) => parents.has(module),
    needs: () => [],
  };
}

/** Whether one of the packages that a module lies in is such. */
export function isBelow(module: string, such: (each: string) => boolean): boolean {
  for (let dot = module.indexOf("."); dot >= 0; dot = module.indexOf(".", dot + 1))
    if (such(module.slice(0, dot))) return true;
  return false;
}
