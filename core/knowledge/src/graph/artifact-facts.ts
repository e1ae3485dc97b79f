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
  /** By dotted module name. */
  readonly modules: Readonly<Record<string, ApiModule>>;
  /** Modules that could not be understood, such as native ones without a stub. */
  readonly opaque: readonly string[];
}

export interface ApiModule {
  /** By name: functions, classes, values, and what is imported under a name. */
  readonly names: Readonly<Record<string, ApiName>>;
  /** Some names are made when it runs (`__getattr__`, `globals()`, a star import that cannot be followed). */
  readonly dynamic?: boolean;
}

export type ApiName =
  | { readonly kind: "value" | "module" }
  | { readonly kind: "alias"; readonly of: string }
  | { readonly kind: "function"; readonly parameters: readonly ApiParameter[] }
  | {
      readonly kind: "class";
      readonly bases: readonly string[];
      /** Of its `__init__`; absent where it has none of its own. */
      readonly parameters?: readonly ApiParameter[];
      readonly members: Readonly<Record<string, ApiName>>;
      readonly dynamic?: boolean;
    };

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
