// `thoth advise`: the greatest stack by a stated objective, what it changes, and why.

import type { PackageAdvice, RecommendationType } from "@thoth/adviser";
import type { Flaw } from "@thoth/knowledge";
import { type PackageName, parseVersion } from "@thoth/pep";
import { findLoosenings, type Gain } from "../../advice/find-loosenings.ts";
import { countFlaws } from "../../advice/flaw-words.ts";
import { dayOf, unknownOf } from "../../advice/known.ts";
import { type Reason, reasonsOf } from "../../advice/reasons.ts";
import type { Advised, Consultation, Locked } from "../../engines/engine.ts";
import { replaceFile } from "../../files/replace-file.ts";
import { type Handler, type Invocation, type OptionValues, textOption } from "../../frame/command.ts";
import { plural, printable, wrap } from "../../frame/printable.ts";
import { formatTable } from "../../frame/table.ts";
import { formOfFile, type LockForm } from "../../locks/lock-forms.ts";
import { readLock } from "../../locks/read-lock.ts";
import type { ProjectInput } from "../../project/project-input.ts";
import { readResolutionSettings } from "../../settings/resolution-settings.ts";
import { formText, type GivenProject, lockGiven } from "./lock.ts";

export const adviseCommand: Handler = async (invocation) => {
  const { terminal, environment } = invocation;
  const options: OptionValues = { recommendationType: "stable", ...defined(invocation.options) };
  const settings = readResolutionSettings(options, environment);
  let gains: readonly Gain[] = [];
  const consult = async (consultation: Consultation) => {
    if (options["relax"] !== false) gains = await findLoosenings(consultation, terminal);
  };
  const given = await lockGiven(invocation, settings, { consult });
  const before = await versionsBefore(invocation, given.input);
  const report = { ...reportOf(given, before), gains };
  await write(invocation, given);
  terminal.document(documentOf(report, given.locked));
  terminal.result(textOf(invocation, report));
  return 0;
};

function defined(options: OptionValues): OptionValues {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The versions that the user has: those of a lock, else those that the requirements pin. */
async function versionsBefore(
  { options, environment }: Invocation,
  input: ProjectInput,
): Promise<ReadonlyMap<string, string>> {
  const path = textOption(options, "lock");
  if (path === undefined) return pinsOf(input);
  const { versions } = await readLock(path, environment);
  return new Map(versions.map(({ name, version }) => [name, version.text]));
}

function pinsOf({ requirements }: ProjectInput): ReadonlyMap<string, string> {
  const pins = new Map<string, string>();
  for (const { requirement } of requirements) {
    const [only, ...others] = requirement.specifiers.clauses;
    if (only?.operator === "==" && !only.wildcard && others.length === 0 && only.parsed !== undefined)
      pins.set(requirement.name, only.parsed.text);
  }
  return pins;
}

interface Line {
  readonly advice: PackageAdvice;
  readonly before: string | undefined;
  /** Known flaws of the version before. */
  readonly had: readonly Flaw[];
  readonly reasons: readonly Reason[];
}

interface Advice extends Report {
  /** What loosening one requirement would gain. */
  readonly gains: readonly Gain[];
}

interface Report {
  readonly type: RecommendationType;
  readonly asOf: GivenProject["settings"]["asOf"];
  readonly lines: readonly Line[];
  readonly advised: Advised;
  readonly locked: Locked;
  readonly unknown: readonly string[];
}

function reportOf({ locked, settings }: GivenProject, before: ReadonlyMap<string, string>): Report {
  const advised = locked.advised as Advised;
  const { asOf, policy } = settings;
  const lines = advised.packages().map((advice): Line => {
    const had = flawsOf(advised, advice.name, before.get(advice.name), asOf.seconds);
    return { advice, before: before.get(advice.name), had, reasons: reasonsOf(advice, had) };
  });
  const unknown = [
    ...unknownOf(advised.advisories, asOf.seconds),
    `measurements and attestations of ${plural(lines.length, "package")}: none was looked at`,
  ];
  return { type: policy.recommendationType, asOf, lines, advised, locked, unknown };
}

function flawsOf(
  { advisories }: Advised,
  name: PackageName,
  version: string | undefined,
  asOf: number,
): readonly Flaw[] {
  if (advisories === undefined || version === undefined) return [];
  const parsed = parseVersion(version);
  return advisories.flaws(name).filter((flaw) => flaw.published <= asOf && flaw.affects(parsed));
}

async function write({ terminal, options }: Invocation, given: GivenProject): Promise<void> {
  const output = textOption(options, "output");
  if (output === undefined) return;
  const form = (textOption(options, "format") ?? formOfFile(output) ?? "pylock") as LockForm;
  await replaceFile(output, await formText(form, given.locked, given));
  terminal.entry("lock", `written to ${output}`);
}

function textOf({ terminal }: Invocation, report: Advice): string {
  const { lines } = report;
  const shown = lines.filter(
    ({ advice, before, reasons }) => reasons.length > 0 || (before ?? advice.version) !== advice.version,
  );
  const width = Math.max(30, terminal.width - 2 - widthOf(shown));
  const rows = shown.flatMap(({ advice, before, reasons }) => {
    const words = wrap(reasons.map(reasonText).join("; "), width);
    return words.map((text, at) =>
      at === 0 ? [`  ${advice.name}`, before ?? "", advice.version, text] : ["", "", "", text],
    );
  });
  const heading = ["", "you have", "advised", "why"];
  const table =
    rows.length === 0
      ? []
      : [formatTable(heading, rows, { heading: (text) => terminal.style("dim", text) }), ""];
  const notes = [...summaryLines(report), ...report.gains.slice(0, MOST_GAINS).map(gainText)];
  return [...table, ...notes.map((line) => `  ${printable(line)}`)].join("\n");
}

const MOST_GAINS = 5;

function gainText({ loosening, level, before, after, flaws, proof }: Gain): string {
  const { from, to } = loosening;
  const known = `${countFlaws(flaws)} in all${proof === "optimal" ? ", proved" : ""}`;
  return `your \`${from}\` costs ${before - after} of ${level}: \`${to}\` would pay ${after} instead of ${before} (${known})`;
}

/** A rule tells where it is from; flaws are found by their names. */
function reasonText({ message, link, isRule }: Reason): string {
  return printable(isRule === true && link !== undefined && link !== "" ? `${message} ↗ ${link}` : message);
}

function widthOf(lines: readonly Line[]): number {
  const name = Math.max(8, ...lines.map(({ advice }) => advice.name.length + 2));
  const before = Math.max(8, ...lines.map((line) => (line.before ?? "").length));
  return name + before + Math.max(8, ...lines.map(({ advice }) => advice.version.length)) + 6;
}

function flawsIn(lines: readonly Line[]): number {
  return lines.reduce((sum, { advice }) => sum + advice.flaws.length, 0);
}

function summaryLines({ lines, locked, advised, unknown, type }: Report): string[] {
  const left = flawsIn(lines);
  const compared = lines.filter(({ before }) => before !== undefined);
  const had = compared.reduce((sum, line) => sum + line.had.length, 0);
  const changed = compared.filter(({ advice, before }) => before !== advice.version).length;
  const flaws =
    compared.length === 0
      ? countFlaws(left)
      : `known vulnerabilities ${had} → ${flawsIn(compared)}${compared.length < lines.length ? ` in what you have, ${left} in all` : ""}`;
  const paid = locked.objective.filter(({ value }) => value > 0);
  const { newest = 0 } = advised.advisories ?? {};
  return [
    [
      `${type}: ${locked.proof === "optimal" ? "optimal (proved)" : "the best found, not proved"}`,
      flaws,
      `${plural(lines.length, "package")}${compared.length > 0 ? `, ${changed} changed` : ""}`,
      ...(newest === 0 ? [] : [`advisories of ${dayOf(newest)}`]),
    ].join(" · "),
    `paid: ${paid.length === 0 ? "nothing" : paid.map(({ level, value }) => `${level} ${value}`).join(" · ")}`,
    ...unknown.map((text) => `not known: ${text}`),
  ];
}

function documentOf(report: Advice, locked: Locked): unknown {
  const { type, asOf, lines, advised, unknown } = report;
  return {
    recommendationType: type,
    asOf: asOf.text,
    products: [
      {
        proof: locked.proof,
        objective: locked.objective,
        packages: lines.map(({ advice, before, reasons }) => ({
          name: advice.name,
          version: advice.version,
          ...(before === undefined ? {} : { before }),
          requiredBy: advice.demands.map(({ by, specifiers }) => ({ name: by ?? null, specifiers })),
          pays: advice.pays,
          vulnerabilities: advice.flaws.map(({ id, aliases, severity, link, fixedIn }) => ({
            id,
            aliases,
            severity,
            link,
            fixedIn,
          })),
          justification: reasons.map(({ type, message, link }) => ({
            type,
            message,
            ...(link === undefined ? {} : { link }),
            package_name: advice.name,
          })),
        })),
        lock: locked.document(),
        relaxations: report.gains.map(({ loosening, level, before, after, flaws, proof }) => ({
          package_name: loosening.name,
          requirement: loosening.from,
          instead: loosening.to,
          level,
          before,
          after,
          vulnerabilities: flaws,
          proof,
        })),
      },
    ],
    knowledge: {
      advisories: advised.advisories?.count ?? 0,
      newest:
        advised.advisories === undefined || advised.advisories.newest === 0
          ? null
          : dayOf(advised.advisories.newest),
    },
    unknown,
  };
}
