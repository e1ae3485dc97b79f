// `thoth advise --predictor`: a learned search on the problem that the exact search has, with what it is worth by the proof.

import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Product, Project } from "@thoth/adviser";
import {
  createPredictor,
  type LearnedAnswer,
  LearnedResolution,
  type LearningBudget,
  loadPolicy,
  type Point,
  PREDICTOR_NAMES,
  type Predictor,
  plotRun,
  savePolicy,
  TemporalDifference,
} from "@thoth/adviser/predictors";
import { quote, ThothError } from "@thoth/pep";
import { deadlineOf } from "../engines/deadline.ts";
import type { Knowledge } from "../engines/engine.ts";
import { readGivenFile } from "../files/read-file.ts";
import { replaceFile } from "../files/replace-file.ts";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { flagOf, wholeNumber } from "./whole-number.ts";

/** Beyond this a predictor has nothing left to learn in a time that anybody waits. */
const MOST_STACKS = 10_000_000;
const DEFAULT_STACKS = 10_000;
const DEFAULT_SECONDS = 10;
const MOST_SECONDS = 3_600;
const MOST_SEED = 2 ** 31 - 1;
/** Packages that package combinations combine. */
const MOST_COMBINED = 4;

export interface SearchWish {
  readonly predictor: string;
  readonly seed: number;
  readonly limit: number;
  readonly seconds: number;
  /** Best stacks that are kept. */
  readonly count: number;
  readonly policy: string | undefined;
}

export interface Gap {
  /** The first level on which the best stack found pays more than the proven optimum. */
  readonly level: string;
  readonly found: number;
  readonly optimum: number;
}

export interface SearchReport {
  /** As it calls itself. */
  readonly predictor: string;
  readonly seed: number;
  readonly limit: number;
  readonly stacks: number;
  readonly deadEnds: number;
  readonly exhausted: boolean;
  readonly seconds: number;
  /** The best first. */
  readonly found: readonly Product[];
  /** Null: it is the optimum. Undefined: nothing is proved. */
  readonly gap: Gap | null | undefined;
  readonly history: readonly Point[];
}

const NEEDS_PREDICTOR = ["seed", "limit", "timeLimit", "policy", "plot"];

/** Undefined where none is asked for. Throws usage. */
export function searchWishOf(
  { options }: Pick<Invocation, "options">,
  count: number,
): SearchWish | undefined {
  const predictor = textOption(options, "predictor");
  if (predictor === undefined) {
    const alone = NEEDS_PREDICTOR.find((name) => options[name] !== undefined);
    if (alone === undefined && options["exact"] !== false) return undefined;
    const flag = alone === undefined ? "no-exact" : flagOf(alone);
    throw new ThothError("usage", `\`--${flag}\` is for a learned search`, {
      hint: `Name one with --predictor: AUTO, ${PREDICTOR_NAMES.join(", ")}.`,
    });
  }
  // What makes no sense is told before anything is fetched.
  const trial = createPredictor(predictor, { combined: [0] });
  const policy = textOption(options, "policy");
  if (policy !== undefined && !(trial instanceof TemporalDifference))
    throw new ThothError(
      "usage",
      `${quote(trial.name)} learns nothing that could be kept in ${quote(policy)}`,
      {
        hint: "TemporalDifference and MCTS do.",
      },
    );
  const number = (name: string, fallback: number, most: number, least = 1) =>
    wholeNumber(options, name, { fallback, least, most });
  return {
    predictor,
    seed: number("seed", 0, MOST_SEED, 0),
    limit: number("limit", DEFAULT_STACKS, MOST_STACKS),
    seconds: number("timeLimit", DEFAULT_SECONDS, MOST_SECONDS),
    count,
    policy,
  };
}

/** `proved` is the answer of the exact search. Throws limit-exceeded where no stack was found and nothing is proved. */
export async function runSearch(
  invocation: Invocation,
  wish: SearchWish,
  {
    project,
    known,
    proved,
  }: { readonly project: Project; readonly known: Knowledge; readonly proved?: Product },
): Promise<SearchReport> {
  const { session, advisories, rules } = known;
  const { signal, terminal } = invocation;
  const stage = terminal.stage("search");
  try {
    const resolution = new LearnedResolution(project, session, { advisories, rules });
    for (let needs = resolution.needs(); needs !== undefined; needs = resolution.needs()) {
      stage.update(0, 0, `reading what ${plural(session.asked.metadata, "release")} need`);
      await session.supply(needs, signal);
    }
    const { names, direct } = resolution.surroundings;
    const policy = wish.policy === undefined ? undefined : await readPolicy(wish.policy);
    const combined = direct.slice(0, MOST_COMBINED);
    const predictor = createPredictor(wish.predictor, { names, policy, prioritized: direct, combined });
    stage.update(0, 0, `${predictor.name}, up to ${wish.limit} stacks`);
    const began = performance.now();
    const { limit: stacks, seed, count } = wish;
    const budget = deadlineOf(wish.seconds, signal);
    const run = resolution.begin(predictor, { stacks, seed, count, budget });
    let learned = run.goOn(slice());
    for (; learned === undefined; learned = run.goOn(slice())) {
      stage.update(run.stacks, stacks, `${plural(run.stacks, "stack")} by ${predictor.name}`);
      await setImmediate();
      signal.throwIfAborted();
    }
    const answer = resolution.answer(learned, proved?.objective);
    const report = reportOf(wish, answer, { proved, seconds: (performance.now() - began) / 1_000 });
    if (wish.policy !== undefined) await keepPolicy(wish.policy, predictor);
    stage.end(`${predictor.name}: ${plural(answer.stacks, "stack")}, ${speedOf(report)} a second`);
    return report;
  } finally {
    stage.end();
  }
}

/** After that long whatever else waits gets its turn: an interruption. */
const SLICE_MILLISECONDS = 50;

function slice(): NonNullable<LearningBudget["budget"]> {
  const end = performance.now() + SLICE_MILLISECONDS;
  return { spent: () => performance.now() >= end };
}

function reportOf(
  { seed, limit }: SearchWish,
  { predictor, stacks, deadEnds, exhausted, products, history }: LearnedAnswer,
  { proved, seconds }: { readonly proved: Product | undefined; readonly seconds: number },
): SearchReport {
  const gap = proved?.proof === "optimal" ? gapOf(products[0], proved) : undefined;
  return { predictor, seed, limit, stacks, deadEnds, exhausted, seconds, found: products, gap, history };
}

function gapOf(found: Product | undefined, proved: Product): Gap | null | undefined {
  if (found === undefined) return undefined;
  const at = proved.objective.findIndex(({ value }, level) => found.objective[level]?.value !== value);
  const level = proved.objective[at];
  if (level === undefined) return null;
  return { level: level.level, found: found.objective[at]?.value ?? 0, optimum: level.value };
}

/** Stacks a second, in three digits. */
export function speedOf({ stacks, seconds }: SearchReport): string {
  const speed = stacks / Math.max(seconds, 1e-3);
  return Number(speed.toPrecision(3)).toLocaleString("en");
}

async function readPolicy(path: string) {
  return existsSync(path) ? loadPolicy(await readGivenFile(path)) : undefined;
}

async function keepPolicy(path: string, predictor: Predictor): Promise<void> {
  const learned = predictor instanceof TemporalDifference ? predictor.learned : undefined;
  if (learned === undefined) throw new Error("nothing was learned");
  await replaceFile(path, savePolicy(learned));
}

export async function writePlot({ options, terminal }: Invocation, report: SearchReport): Promise<void> {
  const path = textOption(options, "plot");
  if (path === undefined) return;
  await replaceFile(path, curveSvg(report));
  terminal.entry("plot", `written to ${path}`);
}

export function curveSvg({
  predictor,
  seed,
  history,
}: Pick<SearchReport, "predictor" | "seed" | "history">): string {
  return plotRun(`${predictor}, seed ${seed}`, history);
}

/** The learned search stands in for the exact one. */
export function isAlone({ options }: Pick<Invocation, "options">): boolean {
  return options["exact"] === false;
}
