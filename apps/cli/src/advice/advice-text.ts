// The report of `thoth advise` as a person reads it in a terminal: the table, the guidance, what was traded.

import { plural, printable, wrap } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { Terminal } from "../frame/terminal.ts";
import { sourceText } from "../session/rule-places.ts";
import { type AdviceReport, flawsIn, type Line, type ProductReport } from "./advice-report.ts";
import type { Gain } from "./find-loosenings.ts";
import { countFlaws } from "./flaw-words.ts";
import { frontParts } from "./front-report.ts";
import { dayOf } from "./known.ts";
import type { Reason } from "./reasons.ts";
import { searchText } from "./search-report.ts";
import { yoursParts } from "./yours.ts";

/** What it was made from is for machines. */
type ShownReport = Omit<AdviceReport, "made">;

const MOST_GAINS = 5;

export function adviceParts(terminal: Terminal, report: ShownReport): readonly Part[] {
  const [best, ...others] = report.products;
  const notes = [
    ...summaryLines(report),
    ...report.gains.slice(0, MOST_GAINS).map(gainText),
    ...(report.search === undefined ? [] : [searchText(report.search)]),
    ...others.map((product, at) => otherText(best, product, at + 2)),
  ];
  return [
    ...tableParts(terminal, best.lines),
    ...notes.map((line) => `  ${printable(line)}`),
    ...moreParts(report, best),
  ];
}

/** What was asked for beside the advice. */
function moreParts({ yours, front }: ShownReport, { objective, lines }: ProductReport): readonly Part[] {
  const stack = lines.map(({ advice }) => advice);
  return [
    ...(yours === undefined ? [] : ["", ...yoursParts(yours, objective)]),
    ...(front === undefined ? [] : ["", ...frontParts(front, stack)]),
  ];
}

function tableParts(terminal: Terminal, lines: readonly Line[]): readonly Part[] {
  const shown = lines.filter(
    ({ advice, before, reasons }) => reasons.length > 0 || (before ?? advice.version) !== advice.version,
  );
  if (shown.length === 0) return [];
  const width = Math.max(30, terminal.width - 2 - widthOf(shown));
  const rows = shown.flatMap(({ advice, before, reasons }) =>
    wrap(reasons.map(reasonText).join("; "), width).map((text, at) =>
      at === 0 ? [`  ${advice.name}`, before ?? "", advice.version, text] : ["", "", "", text],
    ),
  );
  return [{ headings: ["", "you have", "advised", "why"], rows }, ""];
}

function widthOf(lines: readonly Line[]): number {
  const widest = (texts: readonly string[]) => Math.max(8, ...texts.map(({ length }) => length));
  return (
    widest(lines.map(({ advice }) => `  ${advice.name}`)) +
    widest(lines.map(({ before }) => before ?? "")) +
    widest(lines.map(({ advice }) => advice.version)) +
    6
  );
}

/** A rule tells where it is from; flaws are found by their names. */
function reasonText({ message, link, isRule }: Reason): string {
  return printable(isRule === true && link !== undefined && link !== "" ? `${message} ↗ ${link}` : message);
}

function summaryLines({ type, products: [best], advisories, rules, unknown }: ShownReport): string[] {
  const { lines, proof, stackInfo } = best;
  const compared = lines.filter(({ before }) => before !== undefined);
  const changed = compared.filter(({ advice, before }) => before !== advice.version).length;
  const newest = advisories?.newest ?? 0;
  return [
    [
      `${type}: ${proof === "optimal" ? "optimal (proved)" : "the best found, not proved"}`,
      flawsText(lines, compared),
      `${plural(lines.length, "package")}${compared.length > 0 ? `, ${changed} changed` : ""}`,
      ...(newest === 0 ? [] : [`advisories of ${dayOf(newest)}`]),
    ].join(" · "),
    `paid: ${paidText(best)}`,
    ...rules.map((source) => `rules of ${sourceText(source)}`),
    ...stackInfo.map(
      ({ type, message, link }) => `${type.toLowerCase()}: ${message}${link === "" ? "" : ` ↗ ${link}`}`,
    ),
    ...unknown.map((text) => `not known: ${text}`),
  ];
}

function flawsText(lines: readonly Line[], compared: readonly Line[]): string {
  const left = flawsIn(lines);
  if (compared.length === 0) return countFlaws(left);
  const had = compared.reduce((sum, line) => sum + line.had.length, 0);
  const all = compared.length < lines.length ? ` in what you have, ${left} in all` : "";
  return `known vulnerabilities ${had} → ${flawsIn(compared)}${all}`;
}

function paidText({ objective }: ProductReport): string {
  const paid = objective.filter(({ value }) => value > 0);
  return paid.length === 0 ? "nothing" : paid.map(({ level, value }) => `${level} ${value}`).join(" · ");
}

function gainText({ loosening: { from, to }, level, before, after, flaws, proof }: Gain): string {
  const known = `${countFlaws(flaws)} in all${proof === "optimal" ? ", proved" : ""}`;
  return `your \`${from}\` costs ${before - after} of ${level}: \`${to}\` would pay ${after} instead of ${before} (${known})`;
}

/** How another stack differs from the best. */
function otherText(best: ProductReport, other: ProductReport, number: number): string {
  const versions = new Map(best.lines.map(({ advice }) => [advice.name, advice.version]));
  const moved = other.lines
    .filter(({ advice }) => versions.get(advice.name) !== advice.version)
    .map(({ advice }) => `${advice.name} ${advice.version}`);
  const gone = best.lines.filter(
    ({ advice }) => !other.lines.some((line) => line.advice.name === advice.name),
  );
  const parts = [...moved, ...gone.map(({ advice }) => `no ${advice.name}`)];
  return `stack ${number}${other.proof === "optimal" ? " (proved next)" : ""}: ${parts.join(", ")} · paid: ${paidText(other)}`;
}
