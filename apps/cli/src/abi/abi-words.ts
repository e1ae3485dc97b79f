// What wheels lack, in words: `numpy 2.1.0 needs GLIBC_2.28, debian 9 offers 2.24`.

import {
  compareNumbers,
  type MissingNeed,
  newestOf,
  parseSymbolVersion,
  type Surroundings,
} from "@thoth/artifact";
import type { NativeLibrary } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import { plural } from "../frame/printable.ts";
import type { StackWheel } from "./stack-wheels.ts";

export interface Lack extends MissingNeed {
  readonly package: PackageName;
  readonly version: string;
  /** The newest version of each family that is wanted, of the library that is there. */
  readonly offered: readonly string[];
  /** The wheel cannot do without. */
  readonly decides: boolean;
}

/** In the order of packages; what decides comes first. */
export function lacksOf(
  missing: readonly MissingNeed[],
  wheels: readonly StackWheel[],
  surroundings: Surroundings,
): readonly Lack[] {
  const lacks = missing.flatMap((need): Lack[] => {
    const wheel = wheels.find(({ contents }) => contents.filename === need.wheel);
    if (wheel === undefined) return [];
    const decides = !need.onDemand && need.kind !== "driver" && need.kind !== "unknown";
    return [
      {
        ...need,
        package: wheel.name,
        version: wheel.version,
        offered: offeredOf(need, surroundings),
        decides,
      },
    ];
  });
  return lacks.sort((a, b) => Number(b.decides) - Number(a.decides));
}

function offeredOf({ kind, library, versions }: MissingNeed, surroundings: Surroundings): readonly string[] {
  if (kind !== "version" || surroundings.kind !== "libraries") return [];
  const provided = surroundings.libraries
    .filter((one) => one.machine === surroundings.machine && isCalled(one, library))
    .flatMap(({ provides }) => provides);
  return [...newestByFamily(versions).keys()].flatMap((family) => newestOf(family, provided) ?? []);
}

function isCalled({ path, soname }: NativeLibrary, name: string): boolean {
  return soname === name || path.endsWith(`/${name}`);
}

function newestByFamily(versions: readonly string[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const version of versions) {
    const parsed = parseSymbolVersion(version);
    const family = parsed?.family ?? version;
    const known = parseSymbolVersion(newest.get(family) ?? "");
    if (parsed === undefined || known === undefined || compareNumbers(parsed.numbers, known.numbers) > 0)
      newest.set(family, version);
  }
  return newest;
}

/** One line, without what is escaped. `place`: such as `debian 9`. */
export function wordsOf(lack: Lack, place: string): string {
  const who = `${lack.package} ${lack.version}`.trim();
  const note = lack.onDemand && lack.kind !== "machine" ? " (only when that is loaded on demand)" : "";
  if (lack.kind !== "version") return `${who}: ${lack.message.replaceAll("`", "")}${note}`;
  const { library, offered, paths } = lack;
  const wanted = [...newestByFamily(lack.versions).values()].join(", ");
  const of = library === "libc.so.6" ? "" : ` of ${library}`;
  const numbers = offered.map((version) => version.replace(/^[A-Z]+_(?=\d)/, ""));
  const there = numbers.length === 0 ? "has none such" : `offers ${numbers.join(", ")}`;
  return `${who} needs ${wanted}${of}, ${place} ${there}${note} (${paths[0]}${paths.length > 1 ? ` and ${plural(paths.length - 1, "other")}` : ""})`;
}
