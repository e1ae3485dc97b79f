// The tables of the benchmark `quality`, and its totals in words.

import { type Answers, type Case, countKnown, type Failure, failed, type Stack } from "./answers.ts";

/** One row per set: the dates stand in one cell, the earliest first. */
export function setTable(cases: readonly Case[]): string {
  const rows = [...Map.groupBy(cases, ({ set }) => set)].map(([set, own]) => {
    const cell = (tell: (one: Case) => string) => own.map(tell).join(" / ");
    return [
      set,
      cell(({ pins }) => String(Object.keys(pins).length)),
      cell(({ newest }) => known(newest)),
      cell(({ security }) => known(security)),
      cell(leastOf),
      own.some(({ relaxed }) => relaxed) ? cell(relaxedKnown) : "",
      cell(({ newest }) => later(newest)),
      cell(({ security }) => later(security)),
      own.some(({ relaxed }) => relaxed) ? cell(({ relaxed }) => later(relaxed?.stack)) : "",
      cell(({ security }) => of(security, ({ changes }) => Object.keys(changes).length)),
      cell(({ security }) => of(security, ({ objective }) => lag(objective))),
      cell(({ security }) => of(security, ({ seconds }) => seconds.toFixed(1))),
    ];
  });
  return table(
    [
      "set",
      "packages",
      "known: newest-first",
      "`security`",
      "least points",
      "loosened",
      "met later: newest-first",
      "`security`",
      "loosened",
      "changed",
      "days behind",
      "seconds",
    ],
    rows,
  );
}

/** One row per case, with severities and proofs. */
export function caseTable(cases: readonly Case[]): string {
  const rows = cases.map((one) => [
    one.set,
    one.asOf,
    one.python,
    String(Object.keys(one.pins).length),
    of(one.newest, (stack) => `${countKnown(stack.known)} (${countKnown(stack.known, true)})`),
    of(one.security, (stack) => `${countKnown(stack.known)} (${countKnown(stack.known, true)})`),
    points(one.security),
    leastOf(one),
    of(one.security, ({ proof }) => proof),
    of(one.newest, ({ objective }) => lag(objective)),
    of(one.security, ({ objective }) => lag(objective)),
    relaxedKnown(one),
  ]);
  const heads = ["set", "date", "Python", "packages", "newest-first (≥ high)", "`security` (≥ high)"];
  const tails = [
    "points",
    "least points",
    "proof",
    "days behind: newest-first",
    "`security`",
    "loosened (steps)",
  ];
  return table([...heads, ...tails], rows);
}

export function tellTotals({ cases, advisoriesTo }: Answers): string {
  const kinds = ["fresh", "pinned"] as const;
  return kinds.map((kind) => tellKind(kind, cases, advisoriesTo)).join("\n");
}

/** Known vulnerabilities of the cases that both types answer, those high or critical in brackets. */
export function totalTable({ cases, advisoriesTo }: Answers): string {
  const lines = [
    `| sets | cases | known at the date: newest-first | \`security\` | the least possible | loosened as advised | known at ${advisoriesTo}: newest-first | \`security\` | loosened |`,
    "|---|---:|---:|---:|---|---:|---:|---:|---:|",
  ];
  for (const kind of ["fresh", "pinned"] as const) {
    const own = cases.filter((one) => one.kind === kind);
    const both = own.filter((one) => !failed(one.newest) && !failed(one.security));
    const total = (tell: (one: Case) => Stack | Failure | undefined, count: (stack: Stack) => number) =>
      both.reduce((all, one) => {
        const stack = tell(one);
        return stack === undefined || failed(stack) ? all : all + count(stack);
      }, 0);
    const known = (tell: (one: Case) => Stack | Failure | undefined) =>
      `${total(tell, ({ known: it }) => countKnown(it))} (${total(tell, ({ known: it }) => countKnown(it, true))})`;
    const later = (tell: (one: Case) => Stack | Failure | undefined) =>
      total(tell, ({ later: it }) => countKnown(it));
    const isLeast =
      sum(both, pointsOf) === sum(both, leastPoints) && sum(both, graveOf) === sum(both, leastGrave);
    const newest = ({ newest: it }: Case) => it;
    const security = ({ security: it }: Case) => it;
    const loosened = ({ relaxed }: Case) => relaxed?.stack;
    const pinned = kind === "pinned";
    lines.push(
      `| ${new Set(own.map(({ set }) => set)).size} ${kind} | ${both.length} | ${known(newest)} | ${known(security)} | ${isLeast ? "proved, every time" : "not every time"} | ${pinned ? known(loosened) : ""} | ${later(newest)} | ${later(security)} | ${pinned ? later(loosened) : ""} |`,
    );
  }
  return lines.join("\n");
}

function tellKind(kind: Case["kind"], all: readonly Case[], advisoriesTo: string): string {
  const cases = all.filter((one) => one.kind === kind);
  const both = cases.filter((one) => !failed(one.newest) && !failed(one.security));
  const total = (tell: (one: Case) => Stack | Failure | undefined, count: (stack: Stack) => number) =>
    both.reduce((sum, one) => {
      const stack = tell(one);
      return stack === undefined || failed(stack) ? sum : sum + count(stack);
    }, 0);
  const three = (count: (stack: Stack) => number) => {
    const relaxed = kind === "pinned" ? `, loosened ${total(({ relaxed: it }) => it?.stack, count)}` : "";
    return `newest-first ${total(({ newest }) => newest, count)}, security ${total(({ security }) => security, count)}${relaxed}`;
  };
  const sets = new Set(cases.map(({ set }) => set)).size;
  const proved = both.filter(({ security }) => !failed(security) && security.proof === "optimal").length;
  return [
    `* ${kind}: ${sets} sets, ${cases.length} cases, ${both.length} answered by both types, ${proved} proved optimal.`,
    `  Known at the date: ${three(({ known: it }) => countKnown(it))}; of them high or critical:`,
    `  ${three(({ known: it }) => countKnown(it, true))}. Known at ${advisoriesTo}: ${three(({ later: it }) => countKnown(it))}.`,
    `  Points of security ${sum(both, pointsOf)}, least possible ${sum(both, leastPoints)}; at least high: ${sum(both, graveOf)}, least`,
    `  possible ${sum(both, leastGrave)}. Days behind, direct and all: newest-first ${lags(both, "newest")}, security ${lags(both, "security")}.`,
  ].join("\n");
}

function lags(cases: readonly Case[], type: "newest" | "security"): string {
  const days = (level: string) => sum(cases, (one) => levelOf(one[type], level));
  return `${days("lag(direct)")} and ${days("lag")}`;
}

function sum(cases: readonly Case[], count: (one: Case) => number): number {
  return cases.reduce((total, one) => total + count(one), 0);
}

function pointsOf({ security }: Case): number {
  return levelOf(security, "vulnerability(all)");
}

function graveOf({ security }: Case): number {
  return levelOf(security, "vulnerability(≥ high)");
}

function leastPoints({ least }: Case): number {
  return failed(least) ? 0 : least.all[1];
}

function leastGrave({ least }: Case): number {
  return failed(least) ? 0 : least.grave[1];
}

function levelOf(stack: Stack | Failure, level: string): number {
  return failed(stack) ? 0 : sumOf(stack.objective, level);
}

function sumOf(objective: Stack["objective"], level: string): number {
  return objective.reduce((total, [name, value]) => (name.startsWith(level) ? total + value : total), 0);
}

function lag(objective: Stack["objective"]): number {
  return sumOf(objective, "lag");
}

/** `≥ high; all`, and `?` where the bound does not meet the value. */
function leastOf({ least }: Case): string {
  if (failed(least)) return "–";
  return [least.grave, least.all]
    .map(([, value, bound]) => (value === bound ? String(value) : `${value}?`))
    .join("; ");
}

function points(stack: Stack | Failure): string {
  return of(stack, ({ objective }) =>
    ["vulnerability(≥ high)", "vulnerability(all)"].map((level) => sumOf(objective, level)).join("; "),
  );
}

function relaxedKnown({ relaxed }: Case): string {
  return relaxed === undefined ? "" : `${known(relaxed.stack)} (${relaxed.steps.length})`;
}

function known(stack: Stack | Failure): string {
  return of(stack, ({ known: it }) => countKnown(it));
}

function later(stack: Stack | Failure | undefined): string {
  return stack === undefined ? "" : of(stack, ({ later: it }) => countKnown(it));
}

function of(stack: Stack | Failure, tell: (stack: Stack) => string | number): string {
  return failed(stack) ? "–" : String(tell(stack));
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}
