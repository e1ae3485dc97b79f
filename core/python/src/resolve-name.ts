// What a name leads to: through the modules of a release, what they import of one another, classes and their bases, and
// what calls give. It says of everything whether it is there, is not, or cannot be told.

import type { ApiClass, ApiFunction, ApiModule, ApiName } from "@thoth/knowledge";
import { isBuiltin, standardMembers } from "./standard-bases.ts";
import type { Surface } from "./surface.ts";

export interface ClassReference {
  /** Dotted path of where it is defined. */
  readonly path: string;
  readonly class: ApiClass;
}

export type Found =
  | { readonly kind: "module"; readonly name: string }
  | {
      readonly kind: "function";
      readonly function: ApiFunction;
      readonly path: string;
      /** The object, or the class, that it is called on. */
      readonly receiver?: ClassReference;
      /** It was taken from the class, so the receiver may be its first argument. */
      readonly unbound?: boolean;
    }
  | { readonly kind: "class"; readonly class: ClassReference }
  /** An object of one of these classes. */
  | {
      readonly kind: "instance";
      readonly classes: readonly ClassReference[];
      /** An annotation says so: it may be an object of a class that is derived from one of them. */
      readonly declared?: boolean;
    }
  /** It is there; no more is known of it. */
  | { readonly kind: "thing" }
  /** It belongs to another release, or to Python itself. */
  | { readonly kind: "outside"; readonly path: string }
  | Missing
  | { readonly kind: "unknown" };

export interface Missing {
  readonly kind: "missing";
  readonly what: "module" | "name";
  /** Dotted path of the module or class that lacks it. */
  readonly owner: string;
  readonly name: string;
  /**
   * Why it may be there for all that: names made at run time, what an object of the class, or of a derived one, holds, or
   * what it stores under names that are computed.
   */
  readonly doubt?: "dynamic" | "items" | "stores";
}

const UNKNOWN: Found = { kind: "unknown" };
const THING: Found = { kind: "thing" };
/** Steps that the search for one name takes at most. */
const MOST_STEPS = 20_000;
const DEEPEST = 60;
const MOST_BASES = 200;

export class Resolver {
  readonly #surface: Surface;
  #steps = 0;
  #nesting = 0;
  readonly #lineages = new Map<string, readonly (ClassReference | string)[]>();

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  /** `module:attribute.attribute().attribute`, as `Use` has it; `()` stands for what a call gives. */
  resolve(path: string): Found {
    this.#steps = 0;
    const [module = "", rest = ""] = path.split(":", 2);
    let found = this.importModule(module);
    for (const segment of rest === "" ? [] : rest.split(".")) {
      const name = segment.replace(/(?:\(\))+$/, "");
      found = this.step(found, name);
      for (let calls = (segment.length - name.length) / 2; calls > 0; calls--) found = this.call(found);
      if (found.kind === "missing") return found;
    }
    return found;
  }

  /** As `import a.b.c` finds it. */
  importModule(name: string): Found {
    const segments = name.split(".");
    if (!this.#surface.has(segments[0]!)) return { kind: "outside", path: name };
    for (let length = 2; length <= segments.length; length++) {
      const module = segments.slice(0, length).join(".");
      if (this.#surface.has(module)) continue;
      return this.#lostModule(segments.slice(0, length - 1).join("."), segments[length - 1]!);
    }
    return { kind: "module", name };
  }

  #lostModule(parent: string, name: string): Found {
    const state = this.#surface.module(parent);
    if (state.kind !== "read") return UNKNOWN;
    const missing: Missing = { kind: "missing", what: "module", owner: parent, name };
    const there = Object.hasOwn(state.module.names, name);
    return there || state.module.dynamic === true ? { ...missing, doubt: "dynamic" } : missing;
  }

  step(found: Found, name: string): Found {
    switch (found.kind) {
      case "module":
        return this.memberOfModule(found.name, name);
      case "class":
        return this.memberOfClass(found.class, name, true);
      case "instance":
        return perhapsDerived(this.#memberOfAny(found.classes, name), found.declared === true);
      case "outside":
        return { kind: "outside", path: `${found.path}.${name}` };
      case "missing":
        return found;
      case "function":
      case "thing":
      case "unknown":
        return UNKNOWN;
      default:
        return found satisfies never;
    }
  }

  #memberOfAny(classes: readonly ClassReference[], name: string): Found {
    const all = classes.map((each) => this.memberOfClass(each, name, false));
    const there = all.filter(({ kind }) => kind !== "missing");
    if (there.length === 1) return there[0]!;
    if (there.length > 1) return there.some(({ kind }) => kind === "unknown") ? UNKNOWN : THING;
    return all.find((each) => each.kind === "missing" && each.doubt === "dynamic") ?? all[0] ?? UNKNOWN;
  }

  /** What a call gives. */
  call(found: Found): Found {
    if (found.kind === "class") return { kind: "instance", classes: [found.class] };
    if (found.kind === "missing") return found;
    if (found.kind !== "function") return UNKNOWN;
    const { function: called, receiver } = found;
    return this.#instances(called.returns, receiver);
  }

  #instances(paths: readonly string[] | undefined, receiver?: ClassReference): Found {
    const classes: ClassReference[] = [];
    for (const path of paths ?? []) {
      const found: Found =
        path === "Self" && receiver !== undefined ? { kind: "class", class: receiver } : this.follow(path);
      if (found.kind !== "class") return UNKNOWN;
      classes.push(found.class);
    }
    return classes.length === 0 ? UNKNOWN : { kind: "instance", classes, declared: true };
  }

  /** What a dotted path of a fact leads to, such as the owner of what is missing. */
  locate(path: string): Found {
    this.#steps = 0;
    return this.follow(path);
  }

  /** An absolute dotted path of a fact: the longest module, and what is in it. */
  follow(path: string): Found {
    return this.#nested<Found>(UNKNOWN, () => {
      const segments = path.split(".");
      if (!this.#surface.has(segments[0]!)) return { kind: "outside", path };
      let length = 1;
      while (length < segments.length - 1 && this.#surface.has(segments.slice(0, length + 1).join(".")))
        length++;
      let found: Found = { kind: "module", name: segments.slice(0, length).join(".") };
      for (const name of segments.slice(length)) found = this.step(found, name);
      return found;
    });
  }

  /** Names may lead in circles, and through more than anybody wants to wait for. */
  #nested<Result>(otherwise: Result, run: () => Result): Result {
    if (this.#nesting >= DEEPEST || ++this.#steps > MOST_STEPS) return otherwise;
    this.#nesting++;
    try {
      return run();
    } finally {
      this.#nesting--;
    }
  }

  memberOfModule(module: string, name: string): Found {
    return this.#nested<Found>(UNKNOWN, () => this.#ofModule(module, name));
  }

  #ofModule(module: string, name: string): Found {
    const state = this.#surface.module(module);
    if (state.kind === "absent") return { kind: "outside", path: `${module}.${name}` };
    const inner = `${module}.${name}`;
    if (state.kind !== "read") return this.#surface.has(inner) ? { kind: "module", name: inner } : UNKNOWN;
    const found = this.#inModule(state.module, module, name);
    const { stub } = state.module;
    if (stub === undefined || (isUnderstood(found) && found.kind !== "function")) return found;
    const declared = this.#inModule(stub, module, name);
    if (found.kind === "function") return withReturns(found, declared);
    if (isUnderstood(declared))
      return found.kind === "missing" && found.doubt === undefined ? dim(found) : declared;
    return found.kind === "missing" && declared.kind !== "missing" ? dim(found) : found;
  }

  #inModule(outline: ApiModule, module: string, name: string): Found {
    if (Object.hasOwn(outline.names, name)) return this.#meaning(outline.names[name]!, `${module}.${name}`);
    const inner = `${module}.${name}`;
    const starred = this.#starred(outline, name);
    // A module of its own is put there when it is imported, whatever a star brought before.
    if (typeof starred === "object" && starred.kind === "module" && this.#surface.has(inner))
      return { kind: "module", name: inner };
    if (starred !== undefined && starred !== "open") return starred;
    if (this.#surface.has(inner)) return { kind: "module", name: inner };
    return this.#lostName(outline, { module, name, open: starred === "open" });
  }

  #lostName(
    { dynamic, perhaps, refuses }: ApiModule,
    { module, name, open }: { module: string; name: string; open: boolean },
  ): Found {
    if (MODULE_MEMBERS.has(name)) return THING;
    const missing: Missing = { kind: "missing", what: "name", owner: module, name };
    if (refuses?.includes(name) === true) return missing;
    const doubtful = /^__\w+__$/.test(name) || dynamic === true || perhaps?.includes(name) === true || open;
    return doubtful ? { ...missing, doubt: "dynamic" } : missing;
  }

  #meaning(meaning: ApiName, path: string): Found {
    switch (meaning.kind) {
      case "module":
        return { kind: "module", name: path };
      case "value":
        return meaning.type === undefined ? THING : orThing(this.#instances(meaning.type));
      case "function":
        return { kind: "function", function: meaning, path };
      case "class":
        return { kind: "class", class: { path, class: meaning } };
      case "alias":
        return this.#aliased(meaning, path);
      default:
        return meaning satisfies never;
    }
  }

  #aliased({ of, typing }: { of: string; typing?: boolean }, path: string): Found {
    // `from . import x` in a package, which means the module in it.
    if (of === path) return this.#surface.has(path) ? { kind: "module", name: path } : THING;
    const found = this.follow(of);
    if (found.kind === "missing") {
      const last = of.slice(of.lastIndexOf(".") + 1);
      if (isBuiltin(last)) return { kind: "outside", path: `builtins.${last}` };
      return typing === true ? UNKNOWN : THING;
    }
    return found;
  }

  /** Of the modules that are imported as a whole; `open`: one of them cannot be told. */
  #starred(module: ApiModule, name: string): Found | "open" | undefined {
    let open = false;
    for (const star of [...(module.stars ?? [])].reverse()) {
      const exported = this.#exports(star, name);
      if (exported === false) continue;
      const found = this.memberOfModule(star, name);
      if (isUnderstood(found) || (found.kind === "thing" && exported === true)) return found;
      // Whatever a list says, what the module lacks cannot be taken from it.
      if (exported === undefined && found.kind === "missing" && found.doubt === undefined) continue;
      open = true;
    }
    return open ? "open" : undefined;
  }

  /** Whether `from module import *` gives a name; undefined: it cannot be told. */
  #exports(module: string, name: string): boolean | undefined {
    return this.#nested<boolean | undefined>(undefined, () => this.#exported(module, name));
  }

  #exported(module: string, name: string): boolean | undefined {
    const state = this.#surface.module(module);
    if (state.kind !== "read") return undefined;
    const { exports } = state.module;
    if (exports !== undefined) {
      if (exports.names.includes(name)) return true;
      const inner = exports.of.map((each) => each !== module && this.#exports(each, name));
      if (inner.includes(true)) return true;
      return inner.includes(undefined) || exports.open === true ? undefined : false;
    }
    if (name.startsWith("_")) return false;
    const found = this.memberOfModule(module, name);
    if (found.kind !== "missing") return found.kind === "unknown" ? undefined : true;
    return found.doubt === undefined ? false : undefined;
  }

  /** In the class itself, then in its bases. `onClass`: it is asked of the class, not of an object of it. */
  memberOfClass(reference: ClassReference, name: string, onClass: boolean): Found {
    if (/^__\w+__$/.test(name)) return THING;
    const missing: Missing = { kind: "missing", what: "name", owner: reference.path, name };
    let doubt: Missing["doubt"];
    for (const base of this.lineage(reference)) {
      if (typeof base === "string") {
        const members = standardMembers(base);
        if (members?.has(name) === true) return THING;
        if (members === undefined) doubt = "dynamic";
        continue;
      }
      if (Object.hasOwn(base.class.members, name)) {
        const place = { receiver: reference, onClass };
        const found = this.#member(base.class.members[name]!, `${base.path}.${name}`, place);
        return doubt === "dynamic" || doubt === "stores" ? loosened(found) : found;
      }
      if (base.class.dynamic === true) doubt = "dynamic";
      else if (!onClass && doubt !== "dynamic") {
        if (base.class.stores === true) doubt = "stores";
        else if (base.class.items === true) doubt ??= "items";
      }
    }
    return doubt === undefined ? missing : { ...missing, doubt };
  }

  #member(
    meaning: ApiName,
    path: string,
    { receiver, onClass }: { receiver: ClassReference; onClass: boolean },
  ): Found {
    if (meaning.kind === "function")
      return { kind: "function", function: meaning, path, receiver, ...(onClass ? { unbound: true } : {}) };
    if (meaning.kind === "value") return onClass ? THING : orThing(this.#instances(meaning.type, receiver));
    if (meaning.kind === "class") return { kind: "class", class: { path, class: meaning } };
    if (meaning.kind !== "alias") return THING;
    const found = this.follow(meaning.of);
    if (found.kind === "function" && found.unbound === true) {
      const { unbound, ...bound } = found;
      return onClass ? found : { ...bound, receiver };
    }
    // A plain function that becomes a method takes its receiver as its first argument.
    return found.kind === "missing" || found.kind === "function" ? THING : found;
  }

  /** The class and all its bases, nearest first; a text is the path of one outside, empty where it is not known. */
  lineage(reference: ClassReference): readonly (ClassReference | string)[] {
    const known = this.#lineages.get(reference.path);
    if (known !== undefined && sameClass(known[0], reference)) return known;
    const all = this.#nested<readonly (ClassReference | string)[]>([reference, ""], () =>
      this.#basesOf(reference),
    );
    if (this.#nesting === 0 && this.#steps < MOST_STEPS) this.#lineages.set(reference.path, all);
    return all;
  }

  /** Depth first; what several classes are derived from stands behind all of them, as Python orders it. */
  #basesOf(reference: ClassReference): readonly (ClassReference | string)[] {
    const all: (ClassReference | string)[] = [];
    const above = new Set<string>();
    const collect = (each: ClassReference): void => {
      all.push(each);
      if (above.has(each.path)) return;
      above.add(each.path);
      for (const path of each.class.bases) {
        if (all.length >= MOST_BASES) break;
        const found = this.follow(path);
        if (found.kind === "class") collect(found.class);
        else all.push(this.#outsidePath(found, path));
      }
      above.delete(each.path);
    };
    collect(reference);
    const key = (each: ClassReference | string): string =>
      typeof each === "string" ? `: ${each}` : each.path;
    const last = new Map(all.map((each, index) => [key(each), index]));
    const ordered = all.filter((each, index) => last.get(key(each)) === index);
    return all.length < MOST_BASES ? ordered : [...ordered, ""];
  }

  #outsidePath(found: Found, path: string): string {
    if (found.kind === "outside") return found.path;
    const last = path.slice(path.lastIndexOf(".") + 1);
    return found.kind === "missing" && isBuiltin(last) ? `builtins.${last}` : "";
  }
}

function isUnderstood({ kind }: Found): boolean {
  return kind === "function" || kind === "class" || kind === "module" || kind === "instance";
}

/** A derived class may have what the one that is named lacks. */
function perhapsDerived(found: Found, declared: boolean): Found {
  if (!declared) return found;
  return found.kind === "missing" ? { ...found, doubt: found.doubt ?? "items" } : loosened(found);
}

/** A class in between may have another of that name. */
function loosened(found: Found): Found {
  return found.kind === "function" ? { ...found, function: { ...found.function, loose: true } } : found;
}

function dim(missing: Missing): Missing {
  return { ...missing, doubt: "dynamic" };
}

/** The signature that runs, and what the stub says of the result. */
function withReturns(found: Found & { kind: "function" }, declared: Found): Found {
  if (declared.kind !== "function") return found;
  if (found.function.loose === true) return declared;
  const { returns } = declared.function;
  if (found.function.returns !== undefined || returns === undefined) return found;
  return { ...found, function: { ...found.function, returns } };
}

function sameClass(one: ClassReference | string | undefined, other: ClassReference): boolean {
  return typeof one === "object" && one.class === other.class;
}

function orThing(found: Found): Found {
  return found.kind === "unknown" ? THING : found;
}

const MODULE_MEMBERS = new Set(
  "__name__ __doc__ __file__ __path__ __dict__ __package__ __spec__ __loader__".split(" "),
);
