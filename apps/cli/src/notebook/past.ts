// `--as-of auto`: what a notebook is dated by, and the stacks that are tried because of it, in their order: the newest, the newest
// for its Python, and that of its time (docs/decisions/0040-order-of-trial.md).

import { findInterpreters, selectInterpreter } from "@thoth/environment";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  choosePast,
  type DateEvidence,
  knownDistributions,
  laterPythons,
  type Past,
  type PastOutcome,
  pastEvidence,
  pythonFindings,
  snappedDate,
  type VersionEvidence,
} from "@thoth/notebook";
import { normalizeName, type PackageName, quote, ThothError, type Version } from "@thoth/pep";
import { countFlaws, listFlaws } from "../advice/flaw-words.ts";
import { type Invocation, listOption, textOption } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import { minorOf } from "../project/target.ts";
import { openAllAdvisories } from "../session/known-advisories.ts";
import { learnProjects } from "../session/learn-projects.ts";
import { openSession } from "../session/open-session.ts";
import { fromSeconds, now } from "../settings/as-of.ts";
import { readAdvisoryPlaces, readIndexSettings } from "../settings/resolution-settings.ts";
import { codeChanged } from "./code-history.ts";
import type { NotebookFile } from "./notebook-file.ts";
import { statedRequirements } from "./notebook-requirements.ts";

export interface Dated {
  /** In the order of trial; never empty. */
  readonly candidates: readonly Candidate[];
  /** What the notebook tells. */
  readonly evidence: DatedPast;
}

/** A stack to try. */
export interface Candidate {
  readonly kind: "newest" | "newest-for-python" | "of-its-time";
  /** Such as `the packages of 2019-03-25 with Python 3.7`. */
  readonly words: string;
  /** As if the user had named its date and its Python. */
  readonly invocation: Invocation;
  readonly python: string;
  /** Whether that Python is on this machine. */
  readonly here: boolean;
  /** ISO 8601; null: now. */
  readonly asOf: string | null;
}

export interface DatedPast {
  /** The date that it speaks for, not before packages had wheels for its Python; null: it tells none. */
  readonly dated: string | null;
  readonly because: readonly string[];
  /** Versions that it shows: `matplotlib 3.1.1 (a picture it drew)`. They are told, and bind nobody. */
  readonly seen: readonly string[];
}

/** Throws interpreter-not-found where it is of Python 2. */
export async function datedByItself(invocation: Invocation, file: NotebookFile): Promise<Dated> {
  const { options, terminal } = invocation;
  if (listOption(options, "environment").length > 0)
    throw new ThothError("usage", "`--as-of auto` and `--environment` do not go together", {
      hint: "Look at the date that `--as-of auto` finds, and give that one.",
    });
  const evidence = pastEvidence(file.notebook);
  const changed = await codeChanged(invocation, file);
  const uploads = await uploadsOf(invocation, evidence.versions);
  const outcome = choosePast(evidence, { changed, uploads, now: now().seconds });
  const asked = textOption(options, "pythonVersion") ?? statedRequirements(file)?.python;
  if (outcome.kind === "python-2" && asked === undefined) mayBePythonThree(file, outcome.version);
  const because = becauseOf(outcome);
  const place: Place = { invocation, asked, own: asked ?? (await ownPython(invocation)) };
  const candidates = await candidatesOf(place, outcome);
  const dated = candidates.find(({ kind }) => kind === "of-its-time")?.asOf ?? null;
  terminal.entry(
    "date",
    printable(`${dated === null ? "not known" : dated.slice(0, 10)}: ${because.join("; ")}`),
  );
  const seen = evidence.versions.map(({ name, version, source }) => `${name} ${version} (${source})`);
  if (seen.length > 0) terminal.entry("seen", printable(seen.slice(0, MOST_SEEN).join(", ")));
  return { candidates, evidence: { dated, because, seen } };
}

const MOST_SEEN = 12;
const MOST_ASKED = 8;
/** Older Pythons that are tried with a notebook that does not tell its own. */
const MOST_OLDER = 3;
/** What does not work counts most. What is known against old releases does not: the safest of a time are not those of the notebook. */
const USUAL_OBJECTIVE = "breakage, rule, lag(direct), lag(rest)";

function becauseOf(outcome: PastOutcome): readonly string[] {
  if (outcome.kind === "past") return outcome.past.because;
  return outcome.kind === "none"
    ? ["it tells nothing of when it was run"]
    : [`it says Python ${outcome.version}, but its code is of Python 3`];
}

interface Place {
  readonly invocation: Invocation;
  /** The Python that was named. */
  readonly asked: string | undefined;
  /** That of the newest stack. */
  readonly own: string;
}

async function candidatesOf(place: Place, outcome: PastOutcome): Promise<readonly Candidate[]> {
  const { asked, own } = place;
  const newest = candidate(place, { kind: "newest", python: own, here: true });
  if (outcome.kind !== "past") {
    const older = asked === undefined && outcome.kind === "none" ? await olderPythons(place) : [];
    return [
      newest,
      ...older.map((python) => candidate(place, { kind: "newest-for-python", python, here: true })),
    ];
  }
  const { python, here } = await pythonOf(place, outcome.past);
  const seconds = Math.min(snappedDate(outcome.past.seconds, python), now().seconds);
  const ofItsTime = candidate(place, { kind: "of-its-time", python, here, seconds });
  if (python === own) return [newest, ofItsTime];
  return [newest, candidate(place, { kind: "newest-for-python", python, here }), ofItsTime];
}

interface Wish extends Pick<Candidate, "kind" | "python" | "here"> {
  readonly seconds?: number;
}

function candidate({ invocation }: Place, { kind, python, here, seconds }: Wish): Candidate {
  const { options } = invocation;
  const asOf = seconds === undefined ? null : fromSeconds(seconds).text;
  const { asOf: _, ...others } = options;
  const isNamed = options["recommendationType"] !== undefined || options["objective"] !== undefined;
  return {
    kind,
    words: `${asOf === null ? "the newest packages" : `the packages of ${asOf.slice(0, 10)}`} with Python ${python}`,
    invocation: {
      ...invocation,
      options: {
        ...others,
        ...(asOf === null ? {} : { asOf }),
        pythonVersion: python,
        ...(isNamed ? {} : { objective: USUAL_OBJECTIVE }),
      },
    },
    python,
    here,
    asOf,
  };
}

/** The Python that is taken where none is named. */
async function ownPython({ options, environment }: Invocation): Promise<string> {
  const { cacheDirectory } = readIndexSettings(options, environment);
  return minorOf((await selectInterpreter({}, { cacheDirectory })).version);
}

/** Of this machine, the newest first. */
async function olderPythons({
  invocation: { options, environment },
  own,
}: Place): Promise<readonly string[]> {
  const { cacheDirectory } = readIndexSettings(options, environment);
  const found = await findInterpreters({ cacheDirectory });
  const minor = (python: string): number => Number(python.split(".")[1]);
  const minors = new Set(
    found
      .filter(({ implementation, version }) => implementation === "cpython" && version.startsWith("3."))
      .map(({ version }) => minorOf(version)),
  );
  return [...minors]
    .filter((python) => minor(python) < minor(own))
    .sort((one, other) => minor(other) - minor(one))
    .slice(0, MOST_OLDER);
}

/** Of those that fit, and then of the next newer ones, the first that is on this machine; where none is, the first. */
async function pythonOf(
  { invocation: { options, environment }, asked }: Place,
  { pythons }: Past,
): Promise<Pick<Candidate, "python" | "here">> {
  const { cacheDirectory } = readIndexSettings(options, environment);
  const [first = ""] = pythons;
  const wanted = asked === undefined ? new Set([...pythons, ...laterPythons(first)]) : [asked];
  for (const python of wanted) {
    try {
      await selectInterpreter({ pythonVersion: python }, { cacheDirectory });
      return { python, here: true };
    } catch (error) {
      if (!(error instanceof ThothError) || error.code !== "interpreter-not-found") throw error;
    }
  }
  return { python: asked ?? first, here: false };
}

function mayBePythonThree({ notebook, path }: NotebookFile, version: string): void {
  if (pythonFindings(notebook).some(({ since }) => since === "3.0")) throw ofPythonTwo(path, version);
}

/** When the versions that it shows were uploaded. No index hears a name that is not widely known. */
async function uploadsOf(
  invocation: Invocation,
  versions: readonly VersionEvidence[],
): Promise<DateEvidence[]> {
  const known = knownDistributions();
  const asked = versions.filter(({ name }) => known.has(normalizeName(name))).slice(0, MOST_ASKED);
  if (asked.length === 0) return [];
  const session = await openSession(invocation, {
    settings: readIndexSettings(invocation.options, invocation.environment),
    allowBuild: false,
  });
  try {
    const names = [...new Set(asked.map(({ name }) => normalizeName(name)))];
    const learnt = await learnProjects(names, session, invocation.signal);
    return asked.flatMap(({ name, version, source }) => {
      const record = learnt.get(normalizeName(name));
      const seconds = record === null || record === undefined ? 0 : uploadOf(record, version);
      return seconds === 0 ? [] : [{ seconds, source: `${name} ${version}, of ${source},` }];
    });
  } finally {
    await session.close();
  }
}

/** 0: no such release, or the index does not tell. */
function uploadOf(record: ProjectRecord, version: string): number {
  const { earliest } = record.releases;
  const release = earliest.findIndex((_, at) => record.versionText(at) === version);
  return release === -1 ? 0 : (earliest[release] as number);
}

function ofPythonTwo(path: string, version: string): ThothError {
  return new ThothError(
    "interpreter-not-found",
    `${quote(path)} is of Python ${version}, which nothing is locked for`,
    {
      hint: "Name a date and a Python 3: `--as-of 2018-06-30 --python-version 3.6`.",
      details: { path, python: version },
    },
  );
}

export interface Implied {
  readonly package: string;
  readonly version: string;
  readonly id: string;
  readonly severity: string;
}

/** What is known by now against the packages of that date. */
export async function tellImplied(
  invocation: Invocation,
  packages: readonly { readonly name: PackageName; readonly version: Version }[],
): Promise<readonly Implied[]> {
  const { terminal, options } = invocation;
  const advisories = await openAllAdvisories(invocation, readAdvisoryPlaces(options));
  const found = packages.map(({ name, version }) => ({
    name,
    version,
    flaws: advisories.flaws(name).filter((flaw) => flaw.affects(version)),
  }));
  const affected = found.filter(({ flaws }) => flaws.length > 0);
  const count = affected.reduce((sum, { flaws }) => sum + flaws.length, 0);
  if (count > 0) {
    const amount = `${affected.length} of ${plural(packages.length, "package")}`;
    terminal.warn(`what was locked has ${countFlaws(count)} in ${amount}`);
    for (const { name, version, flaws } of affected)
      terminal.entry("known", `${name} ${version.text}: ${listFlaws(flaws)}`);
  }
  return affected.flatMap(({ name, version, flaws }) =>
    flaws.map(({ id, severity }) => ({ package: name, version: version.text, id, severity })),
  );
}
