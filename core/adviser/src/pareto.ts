// The Pareto front of two levels of an objective: stacks of which no other is better on one level without being worse on the
// other. Each is the best of its kind by the levels that the policy has besides.

import { type Front, type FrontAnswer, type FrontQuestion, walkFront } from "@thoth/solver";
import type { Level } from "./level.ts";
import { levelsOf } from "./objective.ts";
import type { ObjectiveLevel, Product, Project } from "./project.ts";

export type LevelPair = readonly [Level, Level];

export interface FrontPoint extends FrontAnswer {
  /** Its objective begins with the two levels. */
  readonly product: Product;
}

export type ParetoFront = Front<FrontPoint>;

/** Asks for the best stack of one project after the other; undefined: there was none, or no time for it. */
export function* paretoFront(
  project: Project,
  levels: LevelPair,
  most: number,
): Generator<Project, ParetoFront, Product | undefined> {
  const questions = walkFront<FrontPoint>(most);
  let step = questions.next();
  while (step.done !== true) {
    const product = yield frontProject(project, levels, step.value);
    step = questions.next(product && frontPoint(product, step.value));
  }
  return step.value;
}

/** The project whose best stack answers a question of the walk. */
function frontProject(project: Project, levels: LevelPair, { first, limit }: FrontQuestion): Project {
  const [one, other] = first === 0 ? levels : [levels[1], levels[0]];
  const rest = levelsOf(project.policy).filter(({ text }) => levels.every((level) => level.text !== text));
  return {
    ...project,
    atMost: limit === undefined ? [] : [{ level: other, most: limit }],
    policy: { ...project.policy, objective: [one, other, ...rest] },
  };
}

/** The best stack of such a project as a point of the front. */
function frontPoint(product: Product, { first, limit }: FrontQuestion): FrontPoint {
  const [one, other, ...rest] = product.objective.slice(limit === undefined ? 0 : 1) as [
    ObjectiveLevel,
    ObjectiveLevel,
    ...ObjectiveLevel[],
  ];
  const pair: readonly [ObjectiveLevel, ObjectiveLevel] = first === 0 ? [one, other] : [other, one];
  const proved = one.value === one.bound && other.value === other.bound;
  return {
    values: [pair[0].value, pair[1].value],
    proved,
    // What the second may not exceed is no bound of what it could be.
    product: { ...product, objective: [...pair, ...rest] },
  };
}
