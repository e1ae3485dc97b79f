// What is known against a lock: its releases beside the advisories, in the forms that people and other tools read.
// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/

import type { AdvisoryReader, Flaw } from "@thoth/knowledge";
import type { PackageName, Version } from "@thoth/pep";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural, printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import { VERSION } from "../frame/version.ts";
import { now } from "../settings/as-of.ts";
import { countFlaws } from "./flaw-words.ts";
import { dayOf, knowledgeOf, unknownOf } from "./known.ts";

export interface Locked {
  readonly name: PackageName;
  readonly version: Version;
}

interface Finding extends Locked {
  readonly flaw: Flaw;
}

export interface Audited {
  /** As the user named it. */
  readonly path: string;
  readonly packages: readonly Locked[];
  readonly advisories: AdvisoryReader;
}

/** 1 where something is known. */
export function tellAudit(invocation: Invocation, audited: Audited): 0 | 1 {
  const { terminal, options } = invocation;
  const findings = findingsOf(audited);
  terminal.document(documentOf(audited, findings));
  terminal.result(...formOf(textOption(options, "format") ?? "table", audited, findings));
  return findings.length === 0 ? 0 : 1;
}

const ORDER = ["critical", "high", "medium", "unknown", "low"];

/** The worst first, then by package. */
function findingsOf({ packages, advisories }: Audited): readonly Finding[] {
  const findings = packages.flatMap(({ name, version }) =>
    advisories
      .flaws(name)
      .filter((flaw) => flaw.affects(version))
      .map((flaw) => ({ name, version, flaw })),
  );
  const rank = ({ flaw }: Finding) => (flaw.malware ? -1 : ORDER.indexOf(flaw.severity));
  return findings.sort(
    (a, b) => rank(a) - rank(b) || compare(a.name, b.name) || compare(a.flaw.id, b.flaw.id),
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
  const rows = findings.map(({ name, version, flaw }) => [
    name,
    version.text,
    flaw.malware ? "malware" : flaw.severity + (flaw.exploited ? ", exploited" : ""),
    flaw.id,
    flaw.fixedIn.at(-1) ?? "no release",
    flaw.link,
  ]);
  const headings = ["package", "version", "severity", "known vulnerability", "ended by", "more"];
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

function documentOf({ path, packages, advisories }: Audited, findings: readonly Finding[]): unknown {
  return {
    lock: path,
    packages: packages.length,
    vulnerabilities: findings.map(({ name, version, flaw }) => ({
      package_name: name,
      version: version.text,
      id: flaw.id,
      aliases: flaw.aliases,
      severity: flaw.severity,
      score: flaw.score ?? null,
      exploited: flaw.exploited,
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
      const { id, aliases, severity, score, summary, link } = (group[0] as Finding).flaw;
      return {
        id,
        source: { url: link },
        references: aliases
          .filter((alias) => alias !== id)
          .map((alias) => ({ id: alias, source: { name: alias } })),
        ratings: [{ severity, ...(score === undefined ? {} : { score }) }],
        ...(summary === "" ? {} : { description: summary }),
        affects: group.map((item) => ({ ref: urlOf(item) })),
      };
    }),
  };
}
