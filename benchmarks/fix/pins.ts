// Locks of the benchmark as data: requirements files whose every line has hashes.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Flaw, openAdvisories } from "@thoth/knowledge";
import { normalizeName, type PackageName, parseRequirement, parseVersion } from "@thoth/pep";
import { root } from "../measure.ts";

export interface Pin {
  readonly version: string;
  readonly hashes: ReadonlySet<string>;
}

export type Pins = ReadonlyMap<PackageName, Pin>;

const advisories = openAdvisories(readFileSync(`${root}apps/cli/data/advisories.bin`));

export function placeOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

export function readPins(path: string): Pins {
  const entries = readFileSync(path, "utf8").replaceAll("\\\n", " ").split("\n").filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [pin = "", ...words] = entry.split(/\s+/);
      const [name = "", version = ""] = pin.split("==");
      return [
        normalizeName(name),
        {
          version: version.replace(/;.*/, ""),
          hashes: new Set(words.filter((word) => word.startsWith("--hash="))),
        },
      ];
    }),
  );
}

/** Names that a project asks for itself. */
export function directOf(requirements: string): PackageName[] {
  return readFileSync(requirements, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => normalizeName(parseRequirement(line).name));
}

export function flawsOf(name: PackageName, version: string): readonly Flaw[] {
  const parsed = parseVersion(version);
  return advisories.flaws(name).filter((flaw) => flaw.affects(parsed));
}
