// Whether one release offers what code uses of it: of its wheel only those sources are read that the names lead to.

import type { ChosenRelease } from "@thoth/adviser";
import type { IndexSession, WheelArchive } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import {
  type Finding,
  type Lacking,
  type Match,
  matchElsewhere,
  matchUsage,
  ReleaseSources,
  type Use,
} from "@thoth/python";

/** Of one source, and of all that are read of a release. */
const LARGEST_SOURCE = 4 * 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ROUNDS = 200;

export interface ApiQuestion {
  readonly release: ChosenRelease;
  /** Of modules that begin with one of `tops`. */
  readonly uses: readonly Use[];
  readonly tops: readonly string[];
  /** Of `tops`, those that nothing else provides. */
  readonly own: readonly string[];
  /** Other releases of the package, to be asked whether they have what this one seems to lack. */
  readonly others: () => readonly ChosenRelease[];
  /** What a neighbouring release lacks. */
  readonly elsewhere: readonly Lacking[];
}

/**
 * Undefined where that cannot be told: no wheel, none of the modules in it, too large, or damaged. A name that is lacking as far
 * as the sources tell is lacking for certain where another release has it. Throws what the index throws.
 */
export async function readApi(
  session: IndexSession,
  question: ApiQuestion,
  signal: AbortSignal,
): Promise<readonly Finding[] | undefined> {
  return await withSources(session, question.release, signal, async (opened) => {
    const { sources } = opened;
    const here = new Set(question.tops.filter((top) => sources.has(top)));
    const uses = question.uses.filter(({ paths }) => paths.every((path) => here.has(topOf(path))));
    const lost = question.uses.filter((use) => isLostImport(use, question.own, here));
    if (uses.length === 0 && lost.length === 0) return undefined;
    const findings = await matchWith([opened], () => matchUsage(uses, sources));
    if (findings === undefined) return undefined;
    const told = await settle(session, opened, { question, findings, lost, signal });
    const { elsewhere } = question;
    const more = await matchWith([opened], () => matchElsewhere(uses, { surface: sources, elsewhere }));
    const settled = [...told, ...(more ?? [])];
    return uses.length === 0 && settled.length === 0 ? undefined : settled;
  });
}

/** The sources of one release, and what brings their texts. */
interface Opened {
  readonly sources: ReleaseSources;
  readonly supply: (path: string) => Promise<void>;
}

/** Undefined where it cannot be read. */
async function withSources<Result>(
  session: IndexSession,
  release: ChosenRelease,
  signal: AbortSignal,
  run: (opened: Opened) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const file = release.files[release.installs];
  if (file === undefined || file.isSdist) return undefined;
  let wheel: WheelArchive | undefined;
  try {
    wheel = await session.openWheel(file, signal);
    return await run(openedOf(wheel, signal));
  } catch (error) {
    if (error instanceof ThothError && UNREADABLE.has(error.code)) return undefined;
    throw error;
  } finally {
    await wheel?.close();
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(["invalid-wheel", "limit-exceeded", "hash-mismatch"]);

function openedOf(wheel: WheelArchive, signal: AbortSignal): Opened {
  const members = new Map(wheel.members.map((member) => [member.name, member]));
  const sources = new ReleaseSources(members.keys());
  let left = MOST_BYTES;
  return {
    sources,
    async supply(path) {
      signal.throwIfAborted();
      const member = members.get(path);
      const bytes = member && left > 0 ? await wheel.read(member, LARGEST_SOURCE) : undefined;
      if (bytes === undefined) sources.refuse(path);
      else sources.supply(path, bytes.toString("utf8"));
      left -= bytes?.length ?? 0;
    },
  };
}

/** With all texts that it needs of the releases. */
async function matchWith(
  releases: readonly Opened[],
  match: () => Match,
): Promise<readonly Finding[] | undefined> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = match();
    if (found.kind === "matched") return found.findings;
    for (const { sources, supply } of releases) for (const path of sources.needs()) await supply(path);
  }
  return undefined;
}

/** An import of a module that this release should have, and does not. */
function isLostImport(
  { paths, how, guarded }: Use,
  own: readonly string[],
  here: ReadonlySet<string>,
): boolean {
  if (guarded === true || (how !== "import" && how !== "from")) return false;
  return paths.every((path) => own.includes(topOf(path)) && !here.has(topOf(path)));
}

interface Doubts {
  readonly question: ApiQuestion;
  readonly findings: readonly Finding[];
  readonly lost: readonly Use[];
  readonly signal: AbortSignal;
}

/** The findings, certain where one of the others says so. */
async function settle(
  session: IndexSession,
  opened: Opened,
  { question, findings, lost, signal }: Doubts,
): Promise<readonly Finding[]> {
  const settled = [...findings];
  const gone = new Map<string, Use>();
  for (const use of lost) {
    const top = topOf(use.paths[0] ?? "");
    if (!gone.has(top)) gone.set(top, use);
  }
  let others: readonly ChosenRelease[] | undefined;
  for (let next = 0; ; next++) {
    const doubtful = question.uses.filter((use) =>
      settled.some((finding) => !finding.certain && mayBeSettled(use, finding)),
    );
    if (doubtful.length === 0 && gone.size === 0) break;
    others ??= question.others();
    const other = others[next];
    if (other === undefined) break;
    await withSources(session, other, signal, async (before) => {
      for (const [top, use] of [...gone]) {
        if (!before.sources.has(top)) continue;
        gone.delete(top);
        settled.push(lostModule(top, use));
      }
      const { elsewhere } = question;
      const both = [opened, before];
      const again = [
        await matchWith(both, () => matchUsage(doubtful, opened.sources, before.sources)),
        await matchWith(both, () =>
          matchElsewhere(doubtful, { surface: opened.sources, elsewhere, before: before.sources }),
        ),
      ];
      for (const finding of again.flatMap((each) => each ?? [])) {
        const at = settled.findIndex((each) => finding.certain && isSame(each, finding));
        if (at >= 0) settled[at] = finding;
      }
    });
  }
  return settled;
}

/** What an object holds under a name is no method of its class: only a call is sure to mean that. */
function mayBeSettled({ paths, how, guarded, cell, line }: Use, finding: Finding): boolean {
  const { kind, path } = finding;
  if (guarded === true || (kind !== "name-missing" && kind !== "module-missing")) return false;
  if (cell !== finding.cell || line !== finding.line || !paths.includes(path)) return false;
  return how !== "read" || !path.includes("()");
}

function isSame(one: Finding, other: Finding): boolean {
  return (
    one.kind === other.kind && one.path === other.path && one.cell === other.cell && one.line === other.line
  );
}

function lostModule(top: string, { paths, cell, line }: Use): Finding {
  const [path = top] = paths;
  return { kind: "module-missing", path, cell, line, certain: true, owner: "", name: top };
}

/** `sklearn.cluster:KMeans` is of `sklearn`. */
export function topOf(path: string): string {
  return /^[^.:]*/.exec(path)?.[0] ?? "";
}
