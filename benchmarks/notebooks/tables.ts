// What is recorded of notebooks, as the tables of a page.

import type { Case, Untried } from "./cases.ts";
import type { Row } from "./row.ts";
import type { Outcome } from "./trial.ts";

export type Verdict = "both run" | "mended" | "both fail" | "made worse";

export function verdictOf({ newest, advised }: Row): Verdict {
  if (newest.kind === "runs") return advised.kind === "runs" ? "both run" : "made worse";
  return advised.kind === "runs" ? "mended" : "both fail";
}

export function brokenTable(cases: readonly Case[], rows: readonly Row[]): string {
  const sources = new Map(cases.map(({ name, source }) => [name, source]));
  const lines = rows.map((row) => {
    const { name, newest, reasons } = row;
    return `| [${name}](${sources.get(name)}) | ${failureText(newest)} | ${advisedText(row)} | ${reasons.map(shortReason).join("; ")} |`;
  });
  return [
    "| notebook | with the newest | with the advised | the reason that advice gives |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}

export function corpusTable(cases: readonly Case[], rows: readonly Row[], untried: Untried): string {
  const left = cases.length - rows.length;
  const count = (verdict: Verdict) => rows.filter((row) => verdictOf(row) === verdict).length;
  const alike = rows.filter(({ differs }) => differs.length === 0).length;
  const verdicts: readonly [string, Verdict][] = [
    ["run with the newest stack and with the advised one", "both run"],
    ["fail with the newest, run with the advised", "mended"],
    ["fail with both", "both fail"],
    ["run with the newest, fail with the advised", "made worse"],
  ];
  const failing = rows.filter((row) => verdictOf(row) !== "both run");
  return [
    `| of ${rows.length} notebooks of others | |`,
    "|---|---|",
    ...verdicts.map(([text, verdict]) => `| ${text} | ${count(verdict)} |`),
    `| have the same stack either way | ${alike} |`,
    ...(left === 0 ? [] : [`| not run yet | ${left} |`]),
    ...[...untried].map(([reason, names]) => `| not tried: ${reason} | ${names.length} |`),
    "",
    "| notebook | with the newest | with the advised | what advice says |",
    "|---|---|---|---|",
    ...failing.map(
      (row) =>
        `| ${row.name} | ${failureText(row.newest)} | ${advisedText(row)} | ${row.reasons.map(shortReason).join("; ")} |`,
    ),
  ].join("\n");
}

function failureText(outcome: Outcome): string {
  if (outcome.kind === "runs") return "runs";
  const { error, text, cell } = outcome;
  const where = cell === undefined ? "" : `cell ${cell}: `;
  const said = text === "" || text.startsWith(error) ? text || error : `${error}: ${text}`;
  return `${where}\`${cleaned(said).slice(0, 100)}\``;
}

function advisedText(row: Row): string {
  const { advised, newest, differs, older } = row;
  if (advised.kind === "runs") {
    const changed = differs.filter(([name]) => row.reasons.some((reason) => reason.startsWith(`${name} `)));
    const moved = changed
      .map(([name, from, to]) => `${name} ${from ?? "(new)"} → ${to ?? "(gone)"}`)
      .join(", ");
    return moved === "" ? "runs" : `runs: ${moved}`;
  }
  const alike = newest.kind === "failed" && newest.error === advised.error && newest.cell === advised.cell;
  const now = alike ? "the same" : failureText(advised);
  if (typeof older === "string") return `${now}; runs on CPython ${older}`;
  return older === null ? `${now}, on older Pythons too` : now;
}

function shortReason(reason: string): string {
  return cleaned(reason).replaceAll("`", "");
}

function cleaned(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("`", "'");
}
