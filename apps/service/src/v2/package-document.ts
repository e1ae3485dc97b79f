// What is known of a package, as the modern API tells it.

import type { PackageDocument } from "@thoth/contract/service";
import {
  type EnvironmentFacts,
  environmentDigest,
  type Flaw,
  type MeasurementFact,
  type ProjectRecord,
  RELEASE,
} from "@thoth/knowledge";
import { compareVersions, type PackageName, parseVersion } from "@thoth/pep";
import { linksOf, type Prescriptions, UNIT_KINDS, type Unit, type UnitKind } from "@thoth/prescriptions";
import { textOf } from "./job-document.ts";

/** Entries of each list: what is beyond is left out, the oldest first. */
export const MOST_ENTRIES = 1_000;

export interface KnownPackage {
  readonly name: PackageName;
  /** Undefined where no index has it. */
  readonly record: ProjectRecord | undefined;
  readonly flaws: readonly Flaw[];
  readonly measurements: readonly MeasurementFact[];
  readonly rules: readonly Unit[];
  /** Modules and packages that it brings, dotted. */
  readonly imports: readonly string[];
}

export function packageDocumentOf(known: KnownPackage): PackageDocument {
  const { name, record, measurements, rules, imports } = known;
  const flaws = known.flaws.slice(0, MOST_ENTRIES);
  return {
    name,
    // Neither indexes nor the knowledge graph keep one.
    summary: null,
    releases: record === undefined ? [] : releasesOf(record, flaws),
    advisories: flaws.map(({ id, aliases, severity, summary, link, fixedIn }) => ({
      id,
      aliases,
      severity,
      summary,
      link,
      fixedIn,
    })),
    measurements: [...measurements].sort(inOrder).slice(0, MOST_ENTRIES).map(measurementOf),
    rules: rules.slice(0, MOST_ENTRIES).map(ruleOf),
    imports: imports.slice(0, MOST_ENTRIES),
  };
}

function releasesOf(record: ProjectRecord, flaws: readonly Flaw[]): PackageDocument["releases"] {
  const { earliest, flags } = record.releases;
  return Array.from({ length: Math.min(record.releaseCount, MOST_ENTRIES) }, (_, release) => {
    const version = record.version(release);
    return {
      version: record.versionText(release),
      uploaded: earliest[release] ? textOf(earliest[release] * 1000) : null,
      yanked: ((flags[release] ?? 0) & RELEASE.yanked) !== 0,
      files: record.firstFile(release + 1) - record.firstFile(release),
      advisories: flaws.filter((flaw) => flaw.affects(version)).map(({ id }) => id),
    };
  });
}

/** What may be compared side by side, the newest release first. */
function inOrder(one: MeasurementFact, other: MeasurementFact): number {
  const key = ({ indicator, metric }: MeasurementFact) => `${indicator}\n${metric}`;
  if (key(one) !== key(other)) return key(one) < key(other) ? -1 : 1;
  return compareVersions(parseVersion(other.version), parseVersion(one.version));
}

function measurementOf(fact: MeasurementFact): PackageDocument["measurements"][number] {
  const { version, metric, unit, higherIsBetter, median, interval, noisy } = fact;
  return {
    version,
    indicator: indicatorText(fact),
    metric,
    unit,
    higherIsBetter,
    median,
    interval,
    noisy: noisy !== undefined,
    environment: environmentText(fact.environment),
  };
}

/** Equal only for what was measured by the same script with the same parameters. */
function indicatorText({ indicator, script, parameters }: MeasurementFact): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `${indicator} ${script.slice(0, 8)}${given.length === 0 ? "" : ` (${given.sort().join(", ")})`}`;
}

/** Its digest goes with it: unlike environments are never compared, however much they look alike. */
function environmentText(environment: EnvironmentFacts): string {
  const { os, python, machine, cpu } = environment;
  const processors = `${cpu.count} ${cpu.count === 1 ? "processor" : "processors"}`;
  const place = `${os.id} ${os.version}, ${python}, ${machine}, ${cpu.model}, ${processors}`;
  return `${place} (${environmentDigest(environment).slice(0, 8)})`;
}

/** Units that name the package, in the order in which they may matter. */
export function unitsOn(name: PackageName, prescriptions: Prescriptions): readonly Unit[] {
  const numbers = UNIT_KINDS.flatMap((kind) => [...prescriptions.unitsNaming(name, kind)]);
  return numbers.slice(0, MOST_ENTRIES).map((number) => prescriptions.unit(number));
}

/** What a unit does that says nothing itself. */
const DEEDS: Readonly<Record<UnitKind, string>> = {
  boot: "It is minded before the search.",
  pseudonym: "Another package may stand in for it.",
  sieve: "Some of its releases are left out.",
  "sieve.SkipPackage": "It is left out, with all that only it needs.",
  step: "Some of its releases are rated.",
  "step.SkipPackage": "It is left out beside others.",
  "step.AddPackage": "Another package is added to it.",
  "step.Group": "Some of its releases are rated beside others.",
  stride: "Some stacks with it are refused.",
  wrap: "Stacks with it are annotated.",
  "wrap.GHReleaseNotes": "Its release notes are linked.",
};

function ruleOf({ name, kind, run }: Unit): PackageDocument["rules"][number] {
  const { justification = [], stackInfo = [], log, notAcceptable, eagerStop } = run;
  const [said] = [...justification, ...stackInfo];
  const [link = ""] = said === undefined ? [] : linksOf(said.link);
  const refused = notAcceptable ?? eagerStop;
  if (said !== undefined) return { unit: name, type: said.type, message: said.message, link };
  if (refused !== undefined) return { unit: name, type: "ERROR", message: refused, link };
  return { unit: name, type: log?.type ?? "INFO", message: log?.message ?? DEEDS[kind], link };
}
