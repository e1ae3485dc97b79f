// Facts about one file of a release, read from its bytes; nothing of it is run.

/** What a wheel holds. */
export interface ContentsFact {
  readonly filename: string;
  /** Bytes, packed and unpacked. */
  readonly size: number;
  readonly installedSize: number;
  readonly files: number;
  /** Top-level modules and packages that it installs, and what lies in them (dotted), sorted. */
  readonly modules: readonly string[];
  readonly entryPoints: readonly { readonly group: string; readonly name: string; readonly value: string }[];
  /** Names of what it puts beside the interpreter. */
  readonly scripts: readonly string[];
  /** An SPDX expression; where `licenseFrom` is `text`, what the old field or the classifiers say, as written. */
  readonly license?: string;
  /** What states it: PEP 639's expression, the old field, the one classifier, or a licence file whose text is known. */
  readonly licenseFrom?: "expression" | "field" | "classifiers" | "file" | "text";
  readonly licenseFiles: readonly string[];
  readonly libraries: readonly NativeLibrary[];
  /** Native files that were not understood: of other systems than Linux, damaged or too large. */
  readonly opaque: readonly string[];
}

/** An ELF file in a wheel or an image. */
export interface NativeLibrary {
  readonly path: string;
  /** As in platform tags: `x86_64`, `aarch64`. */
  readonly machine: string;
  readonly soname?: string;
  /** DT_NEEDED. */
  readonly needs: readonly string[];
  /** Versioned symbols that it needs of each library (`.gnu.version_r`) and cannot do without, such as `GLIBC_2.28` of `libc.so.6`. */
  readonly symbols: Readonly<Record<string, readonly string[]>>;
  /** Versions that it provides (`.gnu.version_d`). */
  readonly provides: readonly string[];
}

/** What the public interface of a release is, as its sources and stubs say. */
export interface ApiFact {
  readonly filename: string;
  /** By dotted module name; private ones are there where a public name leads to them. */
  readonly modules: Readonly<Record<string, ApiModule>>;
  /** Modules that could not be understood, such as native ones without a stub. */
  readonly opaque: readonly string[];
  /** Modules that nobody is meant to import, such as tests: neither they nor what lies in them was read. */
  readonly unread: readonly string[];
}

export interface ApiModule {
  /** By name: functions, classes, values, and what is imported under a name. */
  readonly names: Readonly<Record<string, ApiName>>;
  /** Modules, dotted, of which all that they export is here too (`from x import *`), in that order. */
  readonly stars?: readonly string[];
  /** Where `__all__` is set. */
  readonly exports?: ApiExports;
  /** Some names are made when it runs (`__getattr__`, `globals()`). */
  readonly dynamic?: boolean;
  /** What it puts into other modules and classes when it is imported, dotted. */
  readonly patches?: readonly string[];
  /** What the stub beside its source says, which is asked where the source leads to nothing that is understood. */
  readonly stub?: ApiModule;
  /** Names for which its `__getattr__` raises, which is how former names are told; others of which it is not known. */
  readonly refuses?: readonly string[];
  readonly perhaps?: readonly string[];
}

/** What `__all__` holds. */
export interface ApiExports {
  readonly names: readonly string[];
  /** Modules, dotted, whose `__all__` is part of it. */
  readonly of: readonly string[];
  /** More is added in ways that are not understood. */
  readonly open?: boolean;
}

/** Paths (`of`, `bases`, `returns`, `type`) are dotted and begin with a module, as names that are known there. */
export type ApiName =
  | { readonly kind: "value" | "module"; readonly type?: readonly string[] }
  /** `typing`: for type checkers alone, not there at run time. */
  | { readonly kind: "alias"; readonly of: string; readonly typing?: boolean }
  | ApiFunction
  | ApiClass;

export interface ApiFunction {
  readonly kind: "function";
  /** Of a method: without the receiver. */
  readonly parameters: readonly ApiParameter[];
  /** What a call gives, where an annotation names it: one of these classes, or `Self`. */
  readonly returns?: readonly string[];
  /** A decorator, or one definition of several, may take others. */
  readonly loose?: boolean;
}

export interface ApiClass {
  readonly kind: "class";
  readonly bases: readonly string[];
  /** Of its `__init__`, else of its `__new__`, without the receiver; absent where it has none of its own. */
  readonly parameters?: readonly ApiParameter[];
  readonly members: Readonly<Record<string, ApiName>>;
  /** A call of it may take other arguments than those of `parameters`. */
  readonly loose?: boolean;
  /** It has, or may have, members that are made when it runs. */
  readonly dynamic?: boolean;
  /** Its objects give what they hold as attributes too: columns, keys. */
  readonly items?: boolean;
  /** Its objects store something under names that are computed. */
  readonly stores?: boolean;
}

export interface ApiParameter {
  readonly name: string;
  readonly kind: "positional" | "either" | "keyword" | "rest" | "keywords";
  readonly optional: boolean;
}

/** What a look at the code of a release finds that its users should know. */
export interface CodeFact {
  readonly filename: string;
  /** Lines of Python code, without blank ones and comments. */
  readonly lines: number;
  readonly findings: readonly {
    /** Such as `secret`, `install-code`, `hidden-code`; of Bandit its test: `bandit-B102`. */
    readonly kind: string;
    readonly severity: "high" | "medium" | "low";
    readonly confidence: "high" | "medium" | "low";
    /** Within the release; of a source distribution below its top folder. */
    readonly path: string;
    /** From 1. */
    readonly line: number;
    /** What was seen, in words, without any secret itself. */
    readonly message: string;
  }[];
}
