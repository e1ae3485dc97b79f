// The versions of one package as an environment sees them, with what is known against each.

import { describeExclusion, type Fitting, fittingReleases, type Project } from "@thoth/adviser";
import { type AdvisoryReader, type ProjectRecord, RELEASE } from "@thoth/knowledge";
import { formatRequirement, type PackageName, parsePackageName } from "@thoth/pep";
import { flagOption, type Invocation } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { NamedPlaces } from "../session/index-places.ts";
import { openAllAdvisories } from "../session/known-advisories.ts";
import { learnProject } from "../session/learn-projects.ts";
import { openSession } from "../session/open-session.ts";
import { now } from "../settings/as-of.ts";
import type { ResolutionSettings } from "../settings/resolution-settings.ts";
import { dayOf, unknownOf } from "./known.ts";

export interface VersionsQuestion {
  readonly name: PackageName;
  readonly project: Project;
  readonly settings: ResolutionSettings;
  /** Places that the project names. */
  readonly places: NamedPlaces;
  readonly locked: string | undefined;
}

interface Row {
  readonly version: string;
  readonly uploaded: string | null;
  readonly fits: boolean;
  readonly reason?: Fitting["excluded"][number];
  readonly why?: string;
  readonly admitted: boolean;
  readonly built: boolean;
  readonly yanked: boolean;
  readonly prerelease: boolean;
  readonly vulnerabilities: number;
}

interface Answer {
  readonly question: VersionsQuestion;
  readonly fitting: Fitting;
  readonly rows: readonly Row[];
  readonly asked: string | undefined;
  readonly unknown: readonly string[];
}

/** The package at place `at` of the command's arguments. Throws invalid-requirement. */
export function packageArgumentOf({ arguments: words }: Invocation, at: number): PackageName {
  return parsePackageName(words[at] as string);
}

/** Throws package-not-found, and what the indexes make it throw. */
export async function tellVersions(invocation: Invocation, question: VersionsQuestion): Promise<0> {
  const { terminal, options } = invocation;
  const answer = await findVersions(invocation, question);
  terminal.document(documentOf(answer));
  terminal.result(...partsOf(answer, flagOption(options, "all")));
  return 0;
}

async function findVersions(invocation: Invocation, question: VersionsQuestion): Promise<Answer> {
  const { name, project, settings, places } = question;
  const advisories = await openAllAdvisories(invocation, settings.advisories);
  const session = await openSession(invocation, {
    settings: settings.indexes,
    named: places,
    allowBuild: false,
  });
  try {
    await learnProject(name, session, invocation.signal);
    // It was learnt a moment ago.
    const fitting = fittingReleases(name, { project, knowledge: session, advisories }) as Fitting;
    const asked = project.requirements
      .filter(({ requirement }) => requirement.name === name)
      .map(({ requirement }) => formatRequirement(requirement));
    return {
      question,
      fitting,
      rows: rowsOf(fitting, question, advisories),
      asked: asked.length === 0 ? undefined : [...new Set(asked)].join(", "),
      unknown: unknownOf(advisories, now().seconds),
    };
  } finally {
    await session.close();
  }
}

function rowsOf(
  { record, excluded, admitted, built }: Fitting,
  { name, project: { target } }: VersionsQuestion,
  advisories: AdvisoryReader,
): Row[] {
  const flaws = advisories.flaws(name);
  return excluded.map((reason, release): Row => {
    const version = record.version(release);
    const seconds = record.releases.earliest[release] as number;
    const why = reason && { reason, why: describeExclusion(reason, { record, release, target }) };
    return {
      version: version.text,
      uploaded: seconds === 0 ? null : dayOf(seconds),
      fits: reason === undefined,
      ...why,
      admitted: admitted[release] === true,
      built: built[release] === true,
      yanked: isYanked(record, release),
      prerelease: record.isPrerelease(release),
      vulnerabilities: flaws.filter((flaw) => flaw.affects(version)).length,
    };
  });
}

/** Every file of it. */
export function isYanked(record: ProjectRecord, release: number): boolean {
  const flags = record.releases.flags[release] as number;
  if ((flags & RELEASE.mixed) === 0) return (flags & RELEASE.yanked) !== 0;
  const [start, end] = [record.firstFile(release), record.firstFile(release + 1)];
  for (let file = start; file < end; file++) if (!record.isYanked(file)) return false;
  return true;
}

function documentOf({ question, fitting, rows, asked, unknown }: Answer): unknown {
  const { index, status, name } = fitting.record;
  return {
    package: name,
    index,
    status: status.status,
    ...(status.reason === undefined ? {} : { statusReason: status.reason }),
    python: question.project.target.pythonVersion.text,
    asked: asked ?? null,
    locked: question.locked ?? null,
    newest: newestOf(fitting) ?? null,
    versions: rows,
    unknown,
  };
}

/** The newest version that fits. */
export function newestOf({ record, newest }: Fitting): string | undefined {
  return newest === undefined ? undefined : record.versionText(newest);
}

/** Of the versions that fit, where not all are wanted. */
const MOST_SHOWN = 20;

function partsOf({ question, fitting, rows, asked, unknown }: Answer, all: boolean): readonly Part[] {
  const { name, locked, project } = question;
  const { status } = fitting.record;
  const fits = rows.filter((row) => row.fits);
  const shown = all ? rows : fits.slice(0, MOST_SHOWN);
  const head = [
    `${name}: ${plural(rows.length, "version")}, of which ${fits.length} fit Python ${project.target.pythonVersion.text} here`,
    ...(asked === undefined ? [] : [`asked for: ${asked}`]),
    ...(locked === undefined ? [] : [`locked: ${locked}`]),
    ...(status.status === "active" ? [] : [`the project is ${status.status} on its index`]),
  ].join(" · ");
  const cells = shown.map((row) => [
    row.version,
    row.uploaded ?? "",
    row.vulnerabilities === 0 ? "" : String(row.vulnerabilities),
    remarkOf(row, locked),
  ]);
  const headings = ["version", "uploaded", "vulnerabilities", "remark"];
  const table = cells.length === 0 ? [] : [{ headings, rows: cells }];
  const more = fits.length - shown.length;
  const rest = [
    ...(more > 0 ? [`${more} more that fit`] : []),
    ...(rows.length > fits.length ? [`${rows.length - fits.length} that do not`] : []),
  ];
  const end = all || rest.length === 0 ? [] : [`and ${rest.join(", ")}: \`--all\` shows them`];
  return [printable(head), ...table, ...end, ...unknown.map((text) => printable(`not known: ${text}`))];
}

function remarkOf(
  { version, admitted, built, why, yanked, reason }: Row,
  locked: string | undefined,
): string {
  return [
    ...(version === locked ? ["locked"] : []),
    ...(admitted ? [] : ["not what is asked for"]),
    ...(why === undefined ? [] : [why]),
    ...(built ? ["has to be built"] : []),
    ...(yanked && reason !== "yanked" ? ["yanked"] : []),
  ].join(", ");
}
