// What notebooks use, matched with releases, beside what Python says of the same uses in environments that have them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { notebookUsage, parseNotebook } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import { type Finding, matchUsage, type Surface, type Use, usageOf } from "@thoth/python";
import { dataFolder } from "@thoth/testkit";
import { readOracle } from "../../core/notebook/test/oracle.ts";
import { BREAKS } from "./breaks.ts";
import { ask, type Environment } from "./environments.ts";

export interface Verdict {
  /** Uses that were asked of Python, each once. */
  uses: number;
  /** Of those, the ones that fail, and those of them that were told with certainty, or at all. */
  failing: number;
  told: number;
  remarked: number;
  /** Certain findings, each once, that Python could judge, and those that are right. */
  certain: number;
  right: number;
  wrong: string[];
  missed: string[];
}

export interface Code {
  readonly name: string;
  readonly usages: readonly (readonly Use[])[];
}

export function corpus(): Code {
  const folder = join(dataFolder(), "notebooks");
  const usages = readOracle(folder).flatMap(({ file }) => {
    try {
      return [notebookUsage(parseNotebook(readFileSync(join(folder, file))))];
    } catch (error) {
      if (error instanceof ThothError) return [];
      throw error;
    }
  });
  return { name: "notebooks", usages };
}

export function breaks(): Code {
  return { name: "known breaks", usages: BREAKS.map((text, cell) => usageOf([{ cell, text }])) };
}

interface Question {
  readonly [key: string]: unknown;
}

interface Answer {
  readonly there: boolean | null;
  readonly keywords?: Readonly<Record<string, boolean>>;
  readonly fits?: boolean | null;
}

export interface Sides {
  readonly environment: Environment;
  readonly surface: Surface;
  /** Of the other environment. */
  readonly other: Surface;
}

/** `surface` holds all packages of the environment. */
export function judge({ usages }: Code, sides: Sides): Verdict {
  const verdict: Verdict = {
    uses: 0,
    failing: 0,
    told: 0,
    remarked: 0,
    certain: 0,
    right: 0,
    wrong: [],
    missed: [],
  };
  const { environment, surface, other } = sides;
  const cases = usages.map((usage) => {
    const match = matchUsage(usage, surface, other);
    if (match.kind !== "matched") throw new Error("a fact needs no texts");
    const { findings } = match;
    const uses = once(
      usage.filter((use) => isPlain(use, surface)),
      keyOfUse,
    );
    const certain = once(
      findings.filter((each) => each.certain),
      ({ kind, owner, name }) => [kind, owner, name].join(" "),
    );
    return { findings, uses, certain };
  });
  const questions = cases.flatMap(({ uses, certain }) => [...uses.map(askUse), ...certain.map(askFinding)]);
  const answers = ask(environment, "truth.py", {
    input: questions.map((each) => `${JSON.stringify(each)}\n`).join(""),
    words: enablers(usages),
  })
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
  for (const { findings, uses, certain } of cases) {
    for (const use of uses) judgeUse(use, answers.shift()!, { findings, verdict });
    for (const finding of certain) judgeFinding(finding, answers.shift()!, { environment, verdict });
  }
  return verdict;
}

/** A use of a package of the environment, of which it is known what it means. */
function isPlain({ paths, guarded }: Use, surface: Surface): boolean {
  return guarded !== true && paths.length === 1 && surface.has(paths[0]!.split(/[.:]/, 1)[0]!);
}

function keyOfUse({ paths, call }: Use): string {
  return JSON.stringify([paths, call]);
}

/** Modules that are imported for what they do to others. */
function enablers(usages: readonly (readonly Use[])[]): string[] {
  const paths = usages
    .flat()
    .flatMap(({ how, paths }) => (how === "from" ? [paths[0]!.replace(":", ".")] : []));
  return [...new Set(paths)].filter((path) => path.includes(".enable_"));
}

function once<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function askUse({ paths, call }: Use): Question {
  return { path: paths[0], keywords: call?.keywords ?? [], positionals: call?.positionals ?? 0 };
}

function askFinding({ kind, owner, name }: Finding): Question {
  if (kind === "keyword-missing") return { callable: owner, keywords: [name] };
  if (kind === "too-many-positionals") return { callable: owner, positionals: Number(name) };
  return { owner, name };
}

function judgeUse(
  { paths, call }: Use,
  answer: Answer,
  { findings, verdict }: { findings: readonly Finding[]; verdict: Verdict },
): void {
  if (answer.there === null) return;
  verdict.uses++;
  const path = paths[0]!;
  const rejected = Object.entries(answer.keywords ?? {}).flatMap(([name, taken]) => (taken ? [] : [name]));
  const crowded = call !== undefined && answer.fits === false;
  if (answer.there && rejected.length === 0 && !crowded) return;
  verdict.failing++;
  const about = findings.filter(
    (each) =>
      path === each.path || (/^[.:(]/.test(path.slice(each.path.length)) && path.startsWith(each.path)),
  );
  if (about.length > 0) verdict.remarked++;
  if (about.some(({ certain }) => certain)) verdict.told++;
  else
    verdict.missed.push(
      `${path}${rejected.length > 0 ? ` ${rejected.join()}=` : crowded ? " positionals" : ""}`,
    );
}

function judgeFinding(
  { kind, path, owner, name }: Finding,
  answer: Answer,
  { environment, verdict }: { environment: Environment; verdict: Verdict },
): void {
  const said =
    kind === "keyword-missing"
      ? answer.keywords?.[name]
      : kind === "too-many-positionals"
        ? answer.fits
        : answer.there;
  if (said === null || said === undefined) return;
  verdict.certain++;
  if (said) verdict.wrong.push(`${environment.name}: ${kind} ${path} (${owner} ${name})`);
  else verdict.right++;
}
