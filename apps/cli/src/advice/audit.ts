// What is known against a lock: its releases beside the advisories, in the forms that people and other tools read.
// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/

import type { AdvisoryReader, ExploitationFact, Flaw } from "@thoth/knowledge";
import type { PackageName, Version } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import { VERSION } from "../frame/version.ts";
import { type Exploitation, listedNames, openExploitation } from "../session/exploitation.ts";
import { now } from "../settings/as-of.ts";
import { countFlaws } from "./flaw-words.ts";
import { dayOf, knowledgeOf, unknownOf } from "./known.ts";

export interface Locked {
  readonly name: PackageName;
  readonly version: Version;
}

interface Finding extends Locked {
  readonly flaw: Flaw;
  /** Attackers use it. */
  readonly isExploited: boolean;
  /** How likely it is that they will. */
  readonly epss: ExploitationFact["epss"];
}

export interface Audited {
  /** As the user named it. */
  readonly path: string;
  readonly packages: readonly Locked[];
  readonly advisories: AdvisoryReader;
}

/** 1 where something is known. */
export async function tellAudit(invocation: Invocation, audited: Audited): Promise<0 | 1> {
  const { terminal, options } = invocation;
  const known = flawsOf(audited);
  const exploitation = await openExploitation(
    invocation,
    known.map(({ flaw }) => flaw),
  );
  const findings = sorted(known.map((found) => ({ ...found, ...dangerOf(found.flaw, exploitation) })));
  terminal.document(documentOf(audited, findings));
  terminal.result(...formOf(textOption(options, "format") ?? "table", audited, findings));
  return findings.length === 0 ? 0 : 1;
}

const ORDER = ["critical", "high", "medium", "unknown", "low"];

function flawsOf({ packages, advisories }: Audited): readonly (Locked & { readonly flaw: Flaw })[] {
  return packages.flatMap(({ name, version }) =>
    advisories
      .flaws(name)
      .filter((flaw) => flaw.affects(version))
      .map((flaw) => ({ name, version, flaw })),
  );
}

function dangerOf(flaw: Flaw, exploitation: Exploitation): Pick<Finding, "isExploited" | "epss"> {
  const facts = listedNames(flaw).flatMap((name) => exploitation.get(name) ?? []);
  const likely = facts.flatMap(({ epss }) => epss ?? []);
  return {
    isExploited: flaw.exploited || facts.some(({ known }) => known !== undefined),
    epss: likely.toSorted((a, b) => b.probability - a.probability)[0],
  };
}

/** The worst first; of equal ones those that attackers use or are likely to; then by package. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ flaw }: Finding) => (flaw.malware ? -1 : ORDER.indexOf(flaw.severity));
  return findings.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(b.isExploited) - Number(a.isExploited) ||
      (b.epss?.probability ?? 0) - (a.epss?.probability ?? 0) ||
      compare(a.name, b.name) ||
      compare(a.flaw.id, b.flaw.id),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function formOf(format: string, audited: Audited, findings: readonly Finding[]): readonly Part[] {
  switch (format) {
    case "sarif":
      return [JSON.stringify(sarifOf(audited, findings), undefined, 2)];
    case "cyclonedx":
      return [JSON.stringify(cycloneOf(audited, findings), undefined, 2)];
    default:
      return tableOf(audited, findings);
  }
}

function tableOf(audited: Audited, findings: readonly Finding[]): readonly Part[] {
  const isLikelihoodKnown = findings.some(({ epss }) => epss !== undefined);
  const rows = findings.map(({ name, version, flaw, isExploited, epss }) => [
    name,
    version.text,
    flaw.malware ? "malware" : flaw.severity + (isExploited ? ", exploited" : ""),
    ...(isLikelihoodKnown ? [percentOf(epss)] : []),
    flaw.id,
    flaw.fixedIn.at(-1) ?? "no release",
    flaw.link,
  ]);
  const headings = [
    "package",
    "version",
    "severity",
    ...(isLikelihoodKnown ? ["used in 30 days"] : []),
    "known vulnerability",
    "ended by",
    "more",
  ];
  const affected = new Set(findings.map(({ name }) => name)).size;
  const { packages, advisories } = audited;
  const lines = [
    findings.length === 0
      ? `nothing is known against these ${plural(packages.length, "package")} · ${knowledgeOf(advisories)}`
      : `${countFlaws(findings.length)} in ${affected} of ${plural(packages.length, "package")} · ${knowledgeOf(advisories)}`,
    ...unknownOf(advisories, now().seconds).map((text) => `not known: ${text}`),
  ];
  return [...(rows.length === 0 ? [] : [{ headings, rows }, ""]), ...lines.map(printable)];
}

/** `0.3 %`: EPSS tells far smaller ones apart. */
function percentOf(epss: Finding["epss"]): string {
  if (epss === undefined) return "unknown";
  const percent = epss.probability * 100;
  return percent < 0.1 ? "below 0.1 %" : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

function documentOf({ path, packages, advisories }: Audited, findings: readonly Finding[]): unknown {
  return {
    lock: path,
    packages: packages.length,
    vulnerabilities: findings.map(({ name, version, flaw, isExploited, epss }) => ({
      package_name: name,
      version: version.text,
      id: flaw.id,
      aliases: flaw.aliases,
      severity: flaw.severity,
      score: flaw.score ?? null,
      exploited: isExploited,
      epss: epss ?? null,
      malware: flaw.malware,
      fixedIn: flaw.fixedIn,
      summary: flaw.summary,
      link: flaw.link,
    })),
    knowledge: {
      advisories: advisories.count,
      newest: advisories.newest === 0 ? null : dayOf(advisories.newest),
    },
    unknown: unknownOf(advisories, now().seconds),
  };
}

const LEVELS: Readonly<Record<Flaw["severity"], string>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  unknown: "warning",
  low: "note",
};

function sarifOf({ path }: Audited, findings: readonly Finding[]): unknown {
  const rules = new Map(findings.map(({ flaw }) => [flaw.id, flaw]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "thoth",
            version: VERSION,
            rules: [...rules.values()].map(({ id, summary, link, score }) => ({
              id,
              shortDescription: { text: summary === "" ? `Known vulnerability ${id}` : summary },
              helpUri: link,
              ...(score === undefined ? {} : { properties: { "security-severity": score.toFixed(1) } }),
            })),
          },
        },
        results: findings.map(({ name, version, flaw }) => ({
          ruleId: flaw.id,
          level: LEVELS[flaw.severity],
          message: { text: `${name} ${version.text} has ${flaw.id}${endOf(flaw)}.` },
          locations: [{ physicalLocation: { artifactLocation: { uri: path } } }],
        })),
      },
    ],
  };
}

function endOf({ fixedIn }: Flaw): string {
  const end = fixedIn.at(-1);
  return end === undefined ? "; no release is known to end it" : `; ${end} ends it`;
}

function cycloneOf({ packages }: Audited, findings: readonly Finding[]): unknown {
  const urlOf = ({ name, version }: Locked) => `pkg:pypi/${name}@${encodeURIComponent(version.text)}`;
  const byFlaw = Map.groupBy(findings, ({ flaw }) => flaw.id);
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { tools: { components: [{ type: "application", name: "thoth", version: VERSION }] } },
    components: packages.map((item) => ({
      type: "library",
      "bom-ref": urlOf(item),
      name: item.name,
      version: item.version.text,
      purl: urlOf(item),
    })),
    vulnerabilities: [...byFlaw.values()].map((group) => {
      const { epss, flaw } = group[0] as Finding;
      const { id, aliases, severity, score, summary, link } = flaw;
      return {
        id,
        source: { url: link },
        references: aliases
          .filter((alias) => alias !== id)
          .map((alias) => ({ id: alias, source: { name: alias } })),
        ratings: [
          { severity, ...(score === undefined ? {} : { score }) },
          ...(epss === undefined
            ? []
            : [{ source: { name: "EPSS" }, method: "other", score: epss.probability }]),
        ],
        ...(summary === "" ? {} : { description: summary }),
        affects: group.map((item) => ({ ref: urlOf(item) })),
      };
    }),
  };
}
