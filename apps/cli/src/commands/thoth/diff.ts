// `thoth diff`: what two advices, or two locks, have different, and whether that is because more is known.

import { normalizeName, type PackageName, parseVersion, quote, ThothError, type Version } from "@thoth/pep";
import { differenceOf, differenceParts, type FlawsOf, type Side } from "../../advice/difference.ts";
import { readGivenFile } from "../../files/read-file.ts";
import type { Handler, Invocation } from "../../frame/command.ts";
import { readLock } from "../../locks/read-lock.ts";
import { singleVersions } from "../../locks/single-lock.ts";
import { openAllAdvisories } from "../../session/known-advisories.ts";
import { readAdvisoryPlaces } from "../../settings/resolution-settings.ts";

const MOST_BYTES = 64 * 1024 * 1024;

export const diffCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const [one, other] = invocation.arguments as readonly [string, string];
  const [before, after] = [await readSide(invocation, one), await readSide(invocation, other)];
  const advisories = await openAllAdvisories(invocation, readAdvisoryPlaces(invocation.options));
  const flawsOf: FlawsOf = (name, version) =>
    version === undefined ? [] : advisories.flaws(name).filter((flaw) => flaw.affects(parseVersion(version)));
  const difference = differenceOf(before, after, flawsOf);
  const { moved, same } = difference;
  terminal.document({ moved, same, before: momentOf(before), after: momentOf(after) });
  terminal.result(...differenceParts(difference));
  return 0;
};

function momentOf({ asOf, newest }: Side) {
  return { asOf: asOf ?? null, newest: newest ?? null };
}

async function readSide({ environment }: Invocation, path: string): Promise<Side> {
  if (!path.endsWith(".json")) {
    return { versions: singleVersions(path, await readLock(path, environment)) };
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
  const versions: { readonly name: PackageName; readonly version: Version }[] = [];
  for (const item of packages as readonly { readonly name?: unknown; readonly version?: unknown }[]) {
    if (typeof item?.name !== "string" || typeof item.version !== "string") throw noAdvice(path);
    versions.push({ name: normalizeName(item.name), version: parseVersion(item.version) });
  }
  return {
    versions: singleVersions(path, { versions }),
    asOf: textOrNone(read?.asOf),
    newest: textOrNone(read?.knowledge?.newest),
  };
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
