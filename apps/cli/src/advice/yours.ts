// The stack that the user has, by the same objective as the advised one: what it pays, and what the advice gains.

import type { ObjectiveLevel } from "@thoth/adviser";
import { printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import type { Score } from "./score-stack.ts";

export interface YourLevel {
  readonly level: string;
  readonly yours: number;
  readonly advised: number;
}

export function levelsBeside(
  yours: readonly ObjectiveLevel[],
  advised: readonly ObjectiveLevel[],
): readonly YourLevel[] {
  return advised.map(({ level, value }, at) => ({ level, yours: yours[at]?.value ?? 0, advised: value }));
}

export function yoursDocument(score: Score, advised: readonly ObjectiveLevel[]) {
  switch (score.kind) {
    case "scored":
      return { fits: true, levels: levelsBeside(score.objective, advised), reasons: [] };
    case "unfit":
      return { fits: false, levels: [], reasons: score.sentences };
    case "unknown":
      return { fits: null, levels: [], reasons: [] };
    default:
      return score satisfies never;
  }
}

function verdictOn(first: YourLevel | undefined): string {
  if (first === undefined) return "what you have is as good as the advised stack";
  const { level, yours, advised } = first;
  return yours > advised
    ? `the advised stack gains ${yours - advised} of ${level}`
    : `what you have pays ${advised - yours} less of ${level}: the advice may not take what it holds`;
}

/** Levels on which neither pays are left out. */
export function yoursParts(score: Score, advised: readonly ObjectiveLevel[]): readonly Part[] {
  if (score.kind === "unknown") return ["  what you have: not scored in time"];
  if (score.kind === "unfit")
    return [
      "what you have is no stack of these requirements:",
      ...score.sentences.map((text) => `  ${text}`),
    ].map((line) => printable(`  ${line}`));
  const levels = levelsBeside(score.objective, advised);
  const paid = levels.filter(({ yours, advised: value }) => yours + value > 0);
  const first = levels.find(({ yours, advised: value }) => yours !== value);
  const verdict = verdictOn(first);
  const rows = paid.map(({ level, yours, advised: value }) => [`  ${level}`, `${yours}`, `${value}`]);
  const table = rows.length === 0 ? [] : [{ headings: ["", "you pay", "advised"], rows }];
  return [...table, `  ${verdict}`];
}
