// What a pull request says. Its words come from files of strangers and from rules: nothing of them may become markup, call
// somebody by name or close an issue.

import type { Advice } from "../advice.ts";
import type { Changed, Levels } from "../stack-change.ts";

export interface PullWords {
  readonly title: string;
  readonly body: string;
  readonly message: string;
}

export interface PullFacts {
  readonly advice: Advice;
  readonly job: string;
  readonly changed: readonly Changed[];
  readonly levels: Levels;
  readonly lockPath: string;
}

/** By which a commit is known to be ours. */
export const TRAILER = "Thoth-Job:";

/** GitHub takes 65,536 characters. */
const MOST_BODY = 60_000;
const MOST_TITLE = 120;
const MOST_REASON = 400;

export function pullWordsOf({ advice, job, changed, levels, lockPath }: PullFacts): PullWords {
  const cleared = changed.reduce((sum, item) => sum + item.cleared.length, 0);
  const title = titleOf(changed, cleared);
  const lines = changed.map(({ name, from, to }) => `- ${name} ${from ?? "(new)"} -> ${to ?? "(gone)"}`);
  const facts = [
    `The best stack for the goal \`${advice.recommendationType}\`, as of ${advice.asOf}, is not yet that of \`${lockPath}\`.`,
    "",
    "| Package | From | To | Why |",
    "| --- | --- | --- | --- |",
    ...changed.map(rowOf),
    "",
    ...levelLines(levels),
    `Job: \`${job}\``,
  ];
  return {
    title,
    body: cut(facts.join("\n"), MOST_BODY),
    message: `${title}\n\n${cut(lines.join("\n"), MOST_BODY)}\n\n${TRAILER} ${job}\n`,
  };
}

function titleOf(changed: readonly Changed[], cleared: number): string {
  const [only] = changed;
  const what =
    changed.length === 1 && only !== undefined
      ? `${only.name} ${only.to === null ? "goes" : `to ${only.to}`}`
      : `${changed.length} packages`;
  const flaws =
    cleared === 0 ? "" : `, ${cleared} known ${cleared === 1 ? "vulnerability" : "vulnerabilities"} less`;
  return cut(`Update the locked stack: ${what}${flaws}`, MOST_TITLE);
}

function rowOf({ name, from, to, cleared, added, reasons }: Changed): string {
  const why = [
    ...(cleared.length === 0 ? [] : [`clears ${cleared.map(plain).join(", ")}`]),
    ...(added.length === 0 ? [] : [`has ${added.map(plain).join(", ")}`]),
    ...reasons.map(({ message, link }) => plain(cut(message, MOST_REASON)) + linkText(link)),
  ];
  return `| ${plain(name)} | ${plain(from ?? "")} | ${plain(to ?? "")} | ${why.join("<br>")} |`;
}

function levelLines(levels: Levels): readonly string[] {
  if (levels.length === 0) return [];
  return [
    "| By what is known now | Before | After |",
    "| --- | --- | --- |",
    ...levels.map(({ level, before, after }) => `| ${plain(level)} | ${before} | ${after} |`),
    "",
  ];
}

/** As text: a character that GitHub could take for markup is written by its number, or parted from what follows. */
export function plain(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ")
    .replace(/[&<>|`*_[\]\\~!]|[@#]|:(?=\S)/g, (character) =>
      /[@#:]/.test(character) ? `${character}\u200b` : `&#${character.charCodeAt(0)};`,
    );
}

function linkText(link: string | undefined): string {
  const url = link === undefined ? null : URL.parse(link);
  if (url?.protocol !== "https:") return "";
  return ` ([more](<${url.href.replaceAll(/[<>|\\]/g, encodeURIComponent)}>))`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
