// What is recorded of notebooks of the past, as the table of a page.

import type { Auto, Outcome } from "./trial.ts";

export interface Row {
  readonly name: string;
  /** `offline`: of the corpus, and by its listing it runs offline; `old`: of our own; `other`: of the corpus. */
  readonly group: "offline" | "old" | "other";
  readonly auto: Auto;
  readonly newest: Outcome;
  readonly pipreqs: Outcome;
  /** With the names that pipreqs finds, and no versions. */
  readonly unpinned: Outcome;
}

const GROUPS: readonly (readonly [Row["group"], string])[] = [
  ["offline", "of others, which run offline by their listing"],
  ["old", "of our own, each of which needs packages of its time"],
  ["other", "others of the same listing, most of which are meant to fail or need what is not there"],
];

export function pastTable(rows: readonly Row[]): string {
  const shares = GROUPS.flatMap(([group, text]) => {
    const all = rows.filter((row) => row.group === group);
    if (all.length === 0) return [];
    const share = (runs: (row: Row) => Outcome) => all.filter((row) => runs(row).kind === "runs").length;
    const cells = WAYS.map(([, outcomeOf]) => share(outcomeOf));
    return [`| ${all.length} ${text} | ${cells.join(" | ")} |`];
  });
  const lines = rows
    .filter((row) => WAYS.some(([, outcomeOf]) => outcomeOf(row).kind !== "runs"))
    .map((row) => {
      const { name, auto } = row;
      const taken = auto.python === null ? "" : `, ${stackText(auto)}`;
      const [first, ...others] = WAYS.map(([, outcomeOf]) => outcomeText(outcomeOf(row)));
      return `| ${[name, `${first}${taken}`, ...others].join(" | ")} |`;
    });
  const ways = WAYS.map(([text]) => text).join(" | ");
  return [
    `| notebooks that run to their end | ${ways} |`,
    "|---|---|---|---|---|",
    ...shares,
    "",
    `| that do not run in all ways | ${ways} |`,
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

const WAYS: readonly (readonly [string, (row: Row) => Outcome])[] = [
  ["`--as-of auto --try`", ({ auto }) => auto.outcome],
  ["newest", ({ newest }) => newest],
  ["pipreqs", ({ pipreqs }) => pipreqs],
  ["pipreqs, unpinned", ({ unpinned }) => unpinned],
];

function stackText({ chosen, python, asOf }: Auto): string {
  const packages = asOf === null ? "newest" : `packages of ${asOf.slice(0, 10)}`;
  return chosen === "newest" ? "newest" : `${packages} with Python ${python}`;
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind === "runs") return "runs";
  const { text, cell } = outcome;
  const where = cell === undefined ? "" : `cell ${cell}: `;
  return `${where}\`${text.replaceAll("|", "\\|").replaceAll("`", "'").slice(0, 90)}\``;
}
