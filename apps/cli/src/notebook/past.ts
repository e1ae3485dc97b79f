// `--as-of auto`: a notebook is dated from its own evidence, a Python of that time is chosen, and both are told.

import { selectInterpreter } from "@thoth/environment";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  choosePast,
  type DateEvidence,
  knownDistributions,
  type Past,
  pastEvidence,
  type VersionEvidence,
} from "@thoth/notebook";
import { normalizeName, type PackageName, quote, ThothError, type Version } from "@thoth/pep";
import { countFlaws, listFlaws } from "../advice/flaw-words.ts";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural, printable, shellWord } from "../frame/printable.ts";
import { openAllAdvisories } from "../session/known-advisories.ts";
import { learnProjects } from "../session/learn-projects.ts";
import { openSession } from "../session/open-session.ts";
import { fromSeconds, now } from "../settings/as-of.ts";
import { readAdvisoryPlaces, readIndexSettings } from "../settings/resolution-settings.ts";
import { codeChanged } from "./code-history.ts";
import type { NotebookFile } from "./notebook-file.ts";

export interface Dated {
  /** The invocation with the date and the Python as if the user had named them. */
  readonly invocation: Invocation;
  readonly past: DatedPast;
}

export interface DatedPast {
  readonly as_of: string;
  readonly python: string;
  /** Whether that Python is on this machine. */
  readonly here: boolean;
  readonly because: readonly string[];
  /** Versions that it shows: `matplotlib 3.1.1 (a picture it drew)`. They are told, and bind nobody. */
  readonly seen: readonly string[];
}

/** Throws usage where the notebook tells nothing, interpreter-not-found where it is of Python 2. */
export async function datedByItself(invocation: Invocation, file: NotebookFile): Promise<Dated> {
  const { options, terminal } = invocation;
  const evidence = pastEvidence(file.notebook);
  const changed = await codeChanged(invocation, file);
  const uploads = await uploadsOf(invocation, evidence.versions);
  const outcome = choosePast(evidence, { changed, uploads, now: now().seconds });
  const asked = textOption(options, "pythonVersion");
  if (outcome.kind === "python-2") throw ofPythonTwo(file.path, outcome.version);
  if (outcome.kind === "none") throw withoutEvidence(file.path);
  const { python, here } = await pythonOf(invocation, outcome.past, asked);
  const past: DatedPast = {
    as_of: fromSeconds(outcome.past.seconds).text,
    python,
    here,
    because: outcome.past.because,
    seen: evidence.versions.map(({ name, version, source }) => `${name} ${version} (${source})`),
  };
  terminal.entry("date", printable(`${past.as_of.slice(0, 10)}: ${past.because.join("; ")}`));
  terminal.entry("python", printable(pythonWords(past, outcome.past)));
  if (past.seen.length > 0) terminal.entry("seen", printable(past.seen.slice(0, MOST_SEEN).join(", ")));
  return {
    invocation: { ...invocation, options: { ...options, asOf: past.as_of, pythonVersion: python } },
    past,
  };
}

const MOST_SEEN = 12;
const MOST_ASKED = 8;

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

function pythonWords({ python, here }: DatedPast, { told, pythons }: Past): string {
  const isOwn = told === python || told?.startsWith(`${python}.`) === true;
  const why = isOwn ? "the notebook's own" : pythons.includes(python) ? "of that time" : "as you say";
  return here
    ? `${python}, ${why}`
    : `${python}, ${why}; it is not on this machine, and is locked for all the same`;
}

/** The first of those that fit that is on this machine; where none is, the first. */
async function pythonOf(
  { environment, options }: Invocation,
  { pythons }: Past,
  asked: string | undefined,
): Promise<{ readonly python: string; readonly here: boolean }> {
  const { cacheDirectory } = readIndexSettings(options, environment);
  const wanted = asked === undefined ? pythons : [asked];
  for (const python of wanted) {
    try {
      await selectInterpreter({ pythonVersion: python }, { cacheDirectory });
      return { python, here: true };
    } catch (error) {
      if (!(error instanceof ThothError) || error.code !== "interpreter-not-found") throw error;
    }
  }
  return { python: wanted[0] as string, here: false };
}

function withoutEvidence(path: string): ThothError {
  return new ThothError("usage", `${quote(path)} tells nothing of when it was run`, {
    hint: `Name a date: \`horus lock ${shellWord(path)} --as-of 2021-06-30\`.`,
    details: { path },
  });
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
    terminal.warn(`the date implies ${countFlaws(count)} in ${amount}`);
    for (const { name, version, flaws } of affected)
      terminal.entry("known", `${name} ${version.text}: ${listFlaws(flaws)}`);
  }
  return affected.flatMap(({ name, version, flaws }) =>
    flaws.map(({ id, severity }) => ({ package: name, version: version.text, id, severity })),
  );
}
