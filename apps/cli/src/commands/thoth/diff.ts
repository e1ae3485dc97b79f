// `thoth diff`: what two advices, or two locks, have different, and whether that is because more is known.

import type { Flaw } from "@thoth/knowledge";
import {
  compareVersions,
  normalizeName,
  type PackageName,
  parseVersion,
  quote,
  ThothError,
} from "@thoth/pep";
import { countFlaws } from "../../advice/flaw-words.ts";
import { readGivenFile } from "../../files/read-file.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { formatTable } from "../../frame/table.ts";
import { readLock } from "../../locks/read-lock.ts";
import { openAllAdvisories } from "../../session/known-advisories.ts";
import { readAdvisoryPlaces } from "../../settings/resolution-settings.ts";

interface Side {
  readonly versions: ReadonlyMap<PackageName, string>;
  /** Of an advice: when it was given, and the newest advisory that it knew. */
  readonly asOf?: string | undefined;
  readonly newest?: string | undefined;
}

const MOST_BYTES = 64 * 1024 * 1024;

export const diffCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const [one, other] = invocation.arguments as readonly [string, string];
  const [before, after] = [await readSide(invocation, one), await readSide(invocation, other)];
  const advisories = await openAllAdvisories(invocation, readAdvisoryPlaces(invocation.options));
  const flawsOf = (name: PackageName, version: string | undefined): readonly Flaw[] =>
    version === undefined ? [] : advisories.flaws(name).filter((flaw) => flaw.affects(parseVersion(version)));
  const names = [...new Set([...before.versions.keys(), ...after.versions.keys()])].sort();
  const moved = names.flatMap((name) => {
    const [from, to] = [before.versions.get(name), after.versions.get(name)];
    if (from === to) return [];
    const [had, has] = [flawsOf(name, from), flawsOf(name, to)];
    return [
      { name, from: from ?? null, to: to ?? null, cleared: missing(had, has), added: missing(has, had) },
    ];
  });
  terminal.document({
    moved,
    same: names.length - moved.length,
    before: momentOf(before),
    after: momentOf(after),
  });
  terminal.result(textOf({ moved, same: names.length - moved.length, before, after }));
  return 0;
};

function missing(these: readonly Flaw[], those: readonly Flaw[]): string[] {
  return these.filter(({ id }) => !those.some((flaw) => flaw.id === id)).map(({ id }) => id);
}

function momentOf({ asOf, newest }: Side) {
  return { asOf: asOf ?? null, newest: newest ?? null };
}

async function readSide({ environment }: Invocation, path: string): Promise<Side> {
  if (!path.endsWith(".json")) {
    const { versions } = await readLock(path, environment);
    return { versions: new Map(versions.map(({ name, version }) => [name, version.text])) };
  }
  return sideOf(path, (await readGivenFile(path, MOST_BYTES)).toString("utf8"));
}

interface AdviceFile {
  readonly asOf?: unknown;
  readonly knowledge?: { readonly newest?: unknown };
  readonly products?: readonly { readonly packages?: unknown }[];
  readonly packages?: unknown;
}

/** What `thoth advise --json` or `thoth lock --json` printed. */
function sideOf(path: string, text: string): Side {
  let read: AdviceFile | null;
  try {
    read = JSON.parse(text) as AdviceFile | null;
  } catch (cause) {
    throw noAdvice(path, cause);
  }
  const packages = read?.products?.[0]?.packages ?? read?.packages;
  if (!Array.isArray(packages)) throw noAdvice(path);
  const versions = new Map<PackageName, string>();
  for (const item of packages as readonly { readonly name?: unknown; readonly version?: unknown }[]) {
    if (typeof item?.name !== "string" || typeof item.version !== "string") throw noAdvice(path);
    versions.set(normalizeName(item.name), parseVersion(item.version).text);
  }
  return { versions, asOf: textOrNone(read?.asOf), newest: textOrNone(read?.knowledge?.newest) };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function noAdvice(path: string, cause?: unknown): ThothError {
  return new ThothError("invalid-lock", `${quote(path)} is no advice and no lock`, {
    hint: "Compare what `thoth advise --json` or `thoth lock --json` printed, or locks.",
    cause,
  });
}

interface Moved {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cleared: readonly string[];
  readonly added: readonly string[];
}

interface Difference {
  readonly moved: readonly Moved[];
  readonly same: number;
  readonly before: Side;
  readonly after: Side;
}

function textOf({ moved, same, before, after }: Difference): string {
  const rows = moved.map(({ name, from, to, cleared, added }) => [
    name,
    from ?? "(new)",
    to ?? "(gone)",
    from === null || to === null
      ? ""
      : compareVersions(parseVersion(to), parseVersion(from)) > 0
        ? "newer"
        : "older",
    [
      ...(cleared.length === 0
        ? []
        : [`clears ${countFlaws(cleared.length)}: ${cleared.slice(0, 3).join(", ")}`]),
      ...(added.length === 0 ? [] : [`brings ${countFlaws(added.length)}: ${added.slice(0, 3).join(", ")}`]),
    ].join("; "),
  ]);
  return [
    ...(rows.length === 0
      ? []
      : [formatTable(["", "before", "after", "", "known vulnerabilities"], rows), ""]),
    printable(`${plural(moved.length, "package")} different, ${same} the same`),
    ...(before.newest === after.newest
      ? []
      : [printable(`more is known: advisories of ${before.newest ?? "none"} → ${after.newest ?? "none"}`)]),
    ...(before.asOf === after.asOf
      ? []
      : [printable(`given as of ${before.asOf ?? "no date"} → ${after.asOf ?? "no date"}`)]),
  ].join("\n");
}
