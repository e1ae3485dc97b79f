// A universe as a problem of the solver, with what rules say of several packages together.

import { type ConditionalProblem, type Problem, withConditions } from "@thoth/solver";
import type { Project } from "./project.ts";
import { RuleNeeds } from "./rule-needs.ts";
import type { RuleBook } from "./rules.ts";
import type { Universe } from "./universe.ts";

export interface PosedProblem {
  readonly problem: Problem;
  /** The same; undefined where nothing is conditional. */
  readonly conditional: ConditionalProblem | undefined;
  readonly ruleNeeds: RuleNeeds;
}

export function poseProblem(universe: Universe, project: Project, rules: RuleBook | undefined): PosedProblem {
  const { roots, levels, limits } = universe;
  const plain = { facts: universe, roots, levels: levels.length, limits };
  const ruleNeeds = new RuleNeeds(universe, rules);
  const conditional =
    rules === undefined && project.apartFrom === undefined ? undefined : withConditions(plain, ruleNeeds);
  return { problem: conditional ?? plain, conditional, ruleNeeds };
}
