// The outcome of `fix`, one row a lock, and what did not come out well in words.

import type { Trial } from "../installing/environment.ts";
import type { Row } from "./row.ts";

const HEAD = [
  "lock",
  "packages",
  "known",
  "stays",
  "changed (for others)",
  "backward",
  "proof",
  "smaller, by uv",
  "seconds",
  "installed: thoth, pip",
  "imported",
  "pip check",
];

export function fixTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${cells(row).join(" | ")} |`);
  return [`| ${HEAD.join(" | ")} |`, `|${HEAD.map(() => "---").join("|")}|`, ...lines].join("\n");
}

function cells({ name, locked, packages, fixed, search, seconds, trial, pip }: Row): string[] {
  const left = fixed.left.flatMap(({ vulnerabilities }) => vulnerabilities).length;
  const stays = fixed.left.map(({ name: kept, vulnerabilities }) => `${kept} ${vulnerabilities.length}`);
  const others = fixed.changes.filter(({ cleared }) => cleared.length === 0).length;
  const backward = fixed.objective.find(({ level }) => level === "backward")?.value;
  return [
    `${name} ${locked}`,
    String(packages),
    `${fixed.before} → ${left}`,
    stays.join(", ") || "–",
    `${fixed.changes.length} (${others})`,
    String(backward ?? "?"),
    fixed.proof,
    search === undefined ? "not asked" : verdict(search),
    seconds.toFixed(1),
    `${installed(trial)}, ${installed(pip)}`,
    `${trial.modules - trial.broken.length} of ${trial.modules}`,
    check(trial),
  ];
}

function verdict({ asked, smaller, broken, undecided }: NonNullable<Row["search"]>): string {
  if (asked === 0) return "impossible";
  if (smaller.length > 0) return `${smaller.length} found`;
  const words = [
    ...(broken.length > 0 ? [`${broken.length}, cannot be imported`] : []),
    ...(undecided > 0 ? [`${undecided} of ${asked} undecided`] : []),
  ];
  return words.join("; ") || "none";
}

function installed(trial: Trial | undefined): string {
  if (trial === undefined) return "–";
  return trial.failure === undefined ? "yes" : "no";
}

export function check({ conflicts, failure }: Trial): string {
  if (failure !== undefined) return "–";
  return conflicts.length === 0 ? "passes" : `${conflicts.length} amiss`;
}

export function tellFindings(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const { name, fixed, least, known, rehashed, search, trial, pip } = row;
    const points = fixed.objective.find(({ level }) => level === "vulnerability(all)");
    const stays = fixed.left.map(
      ({ name: kept, version, vulnerabilities }) => `${kept} ${version} keeps ${vulnerabilities.join(", ")}`,
    );
    return [
      `${name}: ${points?.value ?? "?"} points stay, the requirements alone cannot pay less than ${least.bound}; ${known} known in the written lock`,
      ...stays,
      ...rehashed.map((each) => `hashes of ${each} are not those of its release`),
      ...(search?.smaller ?? []).map((change) => `smaller: ${change}`),
      ...(search?.broken ?? []).map((change) => `smaller, but cannot be imported: ${change}`),
      ...[trial, ...(pip === undefined ? [] : [pip])].flatMap(({ failure, broken, conflicts }) => [
        ...(failure === undefined ? [] : [`not installed: ${failure}`]),
        ...broken.map(({ module, symptom }) => `import ${module}: ${symptom}`),
        ...conflicts.map((conflict) => `pip check: ${conflict}`),
      ]),
    ].join("\n  ");
  });
}
