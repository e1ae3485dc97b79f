// `thoth advise --pareto`: the front of two levels, each point with the best stack that has its values, proved.

import {
  type FrontPoint,
  type LevelPair,
  type ParetoFront,
  type Product,
  paretoFront,
  parseObjective,
} from "@thoth/adviser";
import { quote, ThothError } from "@thoth/pep";
import { deadlineOf } from "../engines/deadline.ts";
import type { Consultation } from "../engines/engine.ts";
import { type Invocation, textOption } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { scoreStack, type Versions } from "./score-stack.ts";
import { wholeNumber } from "./whole-number.ts";

const DEFAULT_POINTS = 20;
const MOST_POINTS = 500;

export interface FrontWish {
  readonly levels: LevelPair;
  readonly most: number;
}

export type Pair = readonly [number, number];

export interface FrontReport {
  readonly levels: readonly [string, string];
  readonly points: readonly FrontPoint[];
  /** There are no others, proved. */
  readonly complete: boolean;
  /** What the advised stack pays, and the one that the user has. */
  readonly advised: Pair | undefined;
  readonly yours: Pair | undefined;
}

/** Undefined where none is asked for. Throws usage. */
export function frontWishOf({ options }: Pick<Invocation, "options">): FrontWish | undefined {
  const text = textOption(options, "pareto");
  const most = wholeNumber(options, "points", { fallback: DEFAULT_POINTS, least: 2, most: MOST_POINTS });
  if (text === undefined) {
    if (options["points"] === undefined) return undefined;
    throw new ThothError("usage", "`--points` is for a Pareto front", { hint: "Ask for one with --pareto." });
  }
  const [first, second, ...others] = parseObjective(text);
  if (first === undefined || second === undefined || others.length > 0 || first.text === second.text)
    throw new ThothError("usage", `${quote(text)} is no pair of levels`, {
      hint: 'Write two, apart by a comma: "vulnerability(all), lag(direct)".',
    });
  return { levels: [first, second], most };
}

interface Around {
  readonly invocation: Invocation;
  /** Time for the whole front. */
  readonly seconds: number;
  readonly before: Versions | undefined;
}

export async function findFront(
  consultation: Consultation,
  wish: FrontWish,
  { invocation: { terminal, signal }, seconds, before }: Around,
): Promise<FrontReport> {
  const { levels } = wish;
  const stage = terminal.stage("front");
  try {
    const deadline = deadlineOf(seconds, signal);
    let front = await walk(consultation, wish, { timed: consultation.product.timed, deadline, stage });
    // Some release of the way has no date: days and ranks are not to be compared.
    if (
      new Set([consultation.product, ...front.points.map(({ product }) => product)].map(({ timed }) => timed))
        .size > 1
    )
      front = await walk(consultation, wish, { timed: false, deadline, stage });
    const [first, second] = levels;
    stage.end(`of ${first.text} and ${second.text}: ${frontWords(front)}`);
    const pairOf = async (versions: Versions | undefined): Promise<Pair | undefined> => {
      const score = versions && (await scoreStack(consultation, versions, levels));
      return score?.kind === "scored"
        ? (score.objective.map(({ value }) => value) as unknown as Pair)
        : undefined;
    };
    return {
      levels: [first.text, second.text],
      ...front,
      advised: await pairOf(versionsOf(consultation.product)),
      yours: await pairOf(before),
    };
  } finally {
    stage.end();
  }
}

interface Walk {
  readonly timed: boolean;
  readonly deadline: ReturnType<typeof deadlineOf>;
  readonly stage: ReturnType<Invocation["terminal"]["stage"]>;
}

async function walk(
  { project, resolve }: Consultation,
  { levels, most }: FrontWish,
  { timed, deadline, stage }: Walk,
): Promise<ParetoFront> {
  const { policy } = project;
  const asked = timed ? project : { ...project, policy: { ...policy, timed: false as const } };
  const questions = paretoFront(asked, levels, most);
  let step = questions.next();
  for (let found = 0; step.done !== true; found++) {
    stage.update(found, most, plural(found, "stack"));
    step = questions.next(deadline.spent(0) ? undefined : await resolve(step.value));
  }
  return step.value;
}

export function versionsOf({ packages }: Pick<Product, "packages">): Versions {
  return new Map(packages.map(({ name, version }) => [name, version]));
}

export function frontWords({ points, complete }: Pick<FrontReport, "points" | "complete">): string {
  const stacks = plural(points.length, "stack");
  if (complete)
    return points.length === 1 ? "one stack is best on both (proved)" : `${stacks}, all there are (proved)`;
  return `${stacks}, and there may be others between`;
}
