// Whether the native files of wheels find what they need in an environment: libraries by name, and versions of symbols by
// library, as the dynamic linker compares them (a version is there or it is not; a library without versions satisfies
// all). What the wheels hold themselves is theirs. https://man7.org/linux/man-pages/man8/ld.so.8.html

import type { ContentsFact, NativeLibrary } from "@thoth/knowledge";
import { quote } from "@thoth/pep";
import { moduleFile } from "./module-names.ts";
import { compareNumbers, newestOf, parseSymbolVersion } from "./symbol-version.ts";
import { compilerVersions, kindOfLibrary, providerOf } from "./system-libraries.ts";

/** What is known of an environment. */
export type Surroundings =
  /** All of its libraries. */
  | { readonly kind: "libraries"; readonly machine: string; readonly libraries: readonly NativeLibrary[] }
  /** Its glibc alone, such as `2.28`. */
  | { readonly kind: "glibc"; readonly machine: string; readonly glibc: string };

export interface MissingNeed {
  /**
   * `machine`: the wheel is made for other ones. `driver`: it comes with the machine's graphics processor. `unknown`: what is
   * known of the environment does not tell.
   */
  readonly kind: "machine" | "library" | "version" | "driver" | "unknown";
  /** File name of the wheel. */
  readonly wheel: string;
  /** Native files that need it, sorted. */
  readonly paths: readonly string[];
  /** Empty for `machine`. */
  readonly library: string;
  readonly versions: readonly string[];
  /** No module of the wheels needs the files when it is imported: they are loaded when they are asked for, if ever. */
  readonly onDemand: boolean;
  /** In words, one sentence. */
  readonly message: string;
}

/**
 * What the wheels of one stack together lack, by wheel and library. The wheels are all of those that are installed, since one
 * may bring what another needs. Empty: nothing is missing.
 */
export function findMissing(
  wheels: readonly ContentsFact[],
  surroundings: Surroundings,
): readonly MissingNeed[] {
  const own = new Map<string, NativeLibrary[]>();
  for (const { libraries } of wheels) for (const library of libraries) note(own, library);
  const there = surroundings.kind === "libraries" ? byName(surroundings.libraries) : undefined;
  const opaque = new Set(wheels.flatMap((wheel) => wheel.opaque.map(baseName)));
  const judge: Judge = { surroundings, own, opaque, there, imported: importedFiles(wheels, own) };
  return wheels.flatMap((wheel) => missingOf(wheel, judge));
}

/** Names of the libraries that are needed and that no wheel has: all that is of interest of an environment. */
export function neededLibraries(wheels: readonly ContentsFact[]): ReadonlySet<string> {
  const own = new Map<string, NativeLibrary[]>();
  const needed = new Set<string>();
  for (const { libraries, opaque } of wheels) {
    for (const library of libraries) {
      note(own, library);
      for (const name of [...library.needs, ...Object.keys(library.symbols)]) needed.add(name);
    }
    for (const path of opaque) own.set(baseName(path), []);
  }
  return new Set([...needed].filter((name) => !own.has(name)).sort());
}

interface Judge {
  readonly surroundings: Surroundings;
  readonly own: ReadonlyMap<string, readonly NativeLibrary[]>;
  /** Names of native files of the wheels that were not understood: they are there, whatever they provide. */
  readonly opaque: ReadonlySet<string>;
  readonly there: ReadonlyMap<string, readonly NativeLibrary[]> | undefined;
  /** Files that are loaded with a module. */
  readonly imported: ReadonlySet<NativeLibrary>;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The linker finds a library by its file's name; one that is loaded already, by its soname. */
function note(names: Map<string, NativeLibrary[]>, library: NativeLibrary): void {
  for (const name of new Set([baseName(library.path), library.soname ?? ""])) {
    const known = names.get(name);
    if (known === undefined) names.set(name, [library]);
    else known.push(library);
  }
}

/** Folders in which the linker looks by itself. */
const SYSTEM = /^\/?(?:usr\/)?(?:local\/)?lib(?:32|64|x32)?\/(?:[\w-]+-linux-[\w]+\/)?[^/]+$/;

/** Where the linker's own folders have a library, others of its name do not count. */
function byName(libraries: readonly NativeLibrary[]): Map<string, readonly NativeLibrary[]> {
  const all = new Map<string, NativeLibrary[]>();
  for (const library of libraries) note(all, library);
  return new Map(
    [...all].map(([name, found]) => {
      const system = found.filter(({ path }) => SYSTEM.test(path));
      return [name, system.length > 0 ? system : found];
    }),
  );
}

function importedFiles(
  wheels: readonly ContentsFact[],
  own: ReadonlyMap<string, readonly NativeLibrary[]>,
): ReadonlySet<NativeLibrary> {
  const waiting: NativeLibrary[] = wheels.flatMap(({ libraries, modules }) => {
    const names = new Set(modules);
    return libraries.filter(({ path }) => {
      const module = moduleFile(path.replace(/^[^/]+\.data\/(?:purelib|platlib)\//, ""))?.module;
      return module !== undefined && names.has(module);
    });
  });
  const found = new Set(waiting);
  for (let library = waiting.pop(); library !== undefined; library = waiting.pop()) {
    for (const other of library.needs.flatMap((name) => own.get(name) ?? [])) {
      if (found.has(other)) continue;
      found.add(other);
      waiting.push(other);
    }
  }
  return found;
}

interface Need {
  readonly library: string;
  readonly paths: Set<string>;
  readonly versions: Set<string>;
  onDemand: boolean;
}

function missingOf(wheel: ContentsFact, judge: Judge): MissingNeed[] {
  const { machine } = judge.surroundings;
  const files = wheel.libraries.filter((library) => library.machine === machine);
  if (files.length === 0 && wheel.libraries.length > 0) return [otherMachine(wheel, machine)];
  const needs = new Map<string, Need>();
  for (const file of files) {
    const onDemand = !judge.imported.has(file);
    for (const library of new Set([...file.needs, ...Object.keys(file.symbols)])) {
      if (judge.opaque.has(library)) continue;
      if (judge.own.get(library)?.some((one) => one.machine === machine) === true) continue;
      const need = needs.get(library) ?? { library, paths: new Set(), versions: new Set(), onDemand: true };
      const versions = file.symbols[library] ?? [];
      // A file that needs no version is of interest only where the library itself is not there.
      const lacking = versions.filter((version) => !isThere(library, version, judge));
      if (versions.length > 0 && lacking.length === 0 && hasLibrary(library, judge)) continue;
      if (versions.length === 0 && hasLibrary(library, judge)) continue;
      need.paths.add(file.path);
      for (const version of lacking) need.versions.add(version);
      need.onDemand &&= onDemand;
      needs.set(library, need);
    }
  }
  return [...needs.values()].map((need) => tell(wheel, need, judge));
}

function candidates(library: string, { there, surroundings }: Judge): readonly NativeLibrary[] {
  return (there?.get(library) ?? []).filter(({ machine }) => machine === surroundings.machine);
}

function hasLibrary(library: string, judge: Judge): boolean {
  if (judge.surroundings.kind === "libraries") return candidates(library, judge).length > 0;
  const kind = kindOfLibrary(library);
  return kind === "glibc" || kind === "allowed";
}

function isThere(library: string, version: string, judge: Judge): boolean {
  const { surroundings } = judge;
  if (surroundings.kind === "libraries")
    return candidates(library, judge).some(
      ({ provides }) => provides.length === 0 || provides.includes(version),
    );
  const kind = kindOfLibrary(library);
  if (kind === "glibc") return glibcHas(surroundings.glibc, version);
  const wanted = parseSymbolVersion(version);
  // Families that no compiler has are those of libraries whose versions the policies do not limit.
  if (kind !== "allowed" || wanted === undefined) return kind === "allowed";
  const newest = newestOf(wanted.family, compilersOf(surroundings.glibc));
  if (newest === undefined) return !/^(?:GLIBCXX|CXXABI|GCC)$/.test(wanted.family);
  return compareNumbers(wanted.numbers, parseSymbolVersion(newest)!.numbers) <= 0;
}

function compilersOf(glibc: string): readonly string[] {
  return compilerVersions((other) => glibcHas(glibc, `GLIBC_${other}`));
}

/** Marks without numbers, and the glibc that has them first. */
const MARKS: ReadonlyMap<string, string> = new Map([["GLIBC_ABI_DT_RELR", "GLIBC_2.36"]]);

function glibcHas(glibc: string, version: string): boolean {
  const wanted = parseSymbolVersion(MARKS.get(version) ?? version);
  // What is private goes with the files of one release, and those come together.
  if (wanted === undefined || wanted.family !== "GLIBC") return true;
  return compareNumbers(wanted.numbers, glibc.split(".").map(Number)) <= 0;
}

function tell(wheel: ContentsFact, need: Need, judge: Judge): MissingNeed {
  const { library, onDemand } = need;
  const paths = [...need.paths].sort();
  const versions = [...need.versions].sort(bySymbolVersion);
  const kind = kindOf(need, judge);
  const message = `${sentence({ kind, library, versions, paths }, judge)}.`;
  return { kind, wheel: wheel.filename, paths, library, versions, onDemand, message };
}

function bySymbolVersion(a: string, b: string): number {
  const [one, other] = [parseSymbolVersion(a), parseSymbolVersion(b)];
  if (one === undefined || other === undefined || one.family !== other.family) return a < b ? -1 : 1;
  return compareNumbers(one.numbers, other.numbers);
}

function kindOf({ library }: Need, judge: Judge): MissingNeed["kind"] {
  const kind = kindOfLibrary(library);
  if (hasLibrary(library, judge))
    return judge.surroundings.kind === "libraries" || kind === "glibc" ? "version" : "unknown";
  if (kind === "driver") return "driver";
  return judge.surroundings.kind === "libraries" ? "library" : "unknown";
}

type Told = Pick<MissingNeed, "kind" | "library" | "versions" | "paths">;

function sentence({ kind, library, versions, paths }: Told, judge: Judge): string {
  const who = `${quote(paths[0] ?? "")}${paths.length > 1 ? ` and ${paths.length - 1} more` : ""}`;
  const shown = newestOfEach(versions.filter((version) => version !== library)).map((version) =>
    quote(version),
  );
  const what = shown.length === 0 ? "" : `${shown.join(", ")} of `;
  const needs = `${who} ${paths.length > 1 ? "need" : "needs"} ${what}${quote(library)}`;
  if (kind === "driver") return `${needs}, which comes with the driver of a graphics processor`;
  if (kind === "version") return `${needs}, ${newestThere(library, versions, judge)}`;
  const provider = providerOf(library);
  const hint = provider === undefined ? "" : `; ${provider}`;
  if (kind === "library") return `${needs}, which is not there${hint}`;
  return `${needs}, and whether that is there is not known${hint}`;
}

/** The last of each family; those that are not compared are all shown. */
function newestOfEach(versions: readonly string[]): readonly string[] {
  const newest = new Map<string, string>();
  for (const version of versions) newest.set(parseSymbolVersion(version)?.family ?? version, version);
  return [...newest.values()];
}

function newestThere(library: string, versions: readonly string[], judge: Judge): string {
  const family = parseSymbolVersion(versions.at(-1) ?? "")?.family ?? "";
  const provided =
    judge.surroundings.kind === "glibc"
      ? [`GLIBC_${judge.surroundings.glibc}`]
      : candidates(library, judge).flatMap(({ provides }) => provides);
  const newest = newestOf(family, provided);
  return newest === undefined ? "which has none such" : `whose newest there is ${quote(newest)}`;
}

function otherMachine({ filename, libraries }: ContentsFact, machine: string): MissingNeed {
  const made = [...new Set(libraries.map((library) => library.machine))].sort();
  const shown = made.map((one) => quote(one)).join(", ");
  return {
    kind: "machine",
    wheel: filename,
    paths: libraries.map(({ path }) => path).sort(),
    library: "",
    versions: [],
    onDemand: false,
    message: `${quote(filename)} is made for ${shown}, and the environment is ${quote(machine)}.`,
  };
}
