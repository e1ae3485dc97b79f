// Whether one release offers what code uses of it: of its wheel only those sources are read that the names lead to.

import type { ChosenRelease } from "@thoth/adviser";
import type { IndexSession, WheelArchive } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import { type Finding, matchUsage, ReleaseSources, type Use } from "@thoth/python";

/** Of one source, and of all that are read of a release. */
const LARGEST_SOURCE = 4 * 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ROUNDS = 200;

export interface ApiQuestion {
  readonly release: ChosenRelease;
  /** Of modules that begin with one of `tops`. */
  readonly uses: readonly Use[];
  readonly tops: readonly string[];
}

/** Undefined where that cannot be told: no wheel, none of the modules in it, too large, or damaged. Throws what the index throws. */
export async function readApi(
  session: IndexSession,
  { release, uses, tops }: ApiQuestion,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  const file = release.files[release.installs];
  if (file === undefined || file.isSdist) return undefined;
  let wheel: WheelArchive | undefined;
  try {
    wheel = await session.openWheel(file, signal);
    return await match(wheel, { uses, tops }, signal);
  } catch (error) {
    if (error instanceof ThothError && UNREADABLE.has(error.code)) return undefined;
    throw error;
  } finally {
    await wheel?.close();
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(["invalid-wheel", "limit-exceeded", "hash-mismatch"]);

async function match(
  wheel: WheelArchive,
  { uses, tops }: Pick<ApiQuestion, "uses" | "tops">,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  const members = new Map(wheel.members.map((member) => [member.name, member]));
  const sources = new ReleaseSources(members.keys());
  const here = new Set(tops.filter((top) => sources.has(top)));
  const own = uses.filter(({ paths }) => paths.every((path) => here.has(topOf(path))));
  if (own.length === 0) return undefined;
  let left = MOST_BYTES;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = matchUsage(own, sources);
    if (found.kind === "matched") return found.findings;
    for (const path of found.paths) {
      signal.throwIfAborted();
      const member = members.get(path);
      const bytes = member && left > 0 ? await wheel.read(member, LARGEST_SOURCE) : undefined;
      if (bytes === undefined) sources.refuse(path);
      else sources.supply(path, bytes.toString("utf8"));
      left -= bytes?.length ?? 0;
    }
  }
  return undefined;
}

/** `sklearn.cluster:KMeans` is of `sklearn`. */
export function topOf(path: string): string {
  return /^[^.:]*/.exec(path)?.[0] ?? "";
}
