// One resolution from question to answer, one synchronous step at a time. It says what it needs to know; its
// host fetches and steps again. The order in which facts arrive never changes the answer.

import type { AdvisoryReader, KnowledgeReader, Needs } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import { type Budget, type ConditionalProblem, type Problem, Solver, type StepResult } from "@thoth/solver";
import { type Excerpt, StaleExcerpt } from "./excerpt.ts";
import { writeExcerpt } from "./excerpt-writer.ts";
import { explainFailure, type Failure, refusedFailure } from "./failure.ts";
import type { Loosening } from "./loosening.ts";
import { Meeting } from "./meeting.ts";
import { type Asked, needsOf } from "./needs.ts";
import { poseProblem } from "./posed-problem.ts";
import { buildProduct } from "./product.ts";
import type { Product, Project } from "./project.ts";
import { refusalBy } from "./rule-changes.ts";
import { RuleNeeds } from "./rule-needs.ts";
import type { RuleBook } from "./rules.ts";
import { type Choices, Universe } from "./universe.ts";
import type { Wishes } from "./wishes.ts";

export type ResolutionStep =
  | { readonly kind: "needs"; readonly needs: Needs }
  | { readonly kind: "solved"; readonly product: Product }
  | { readonly kind: "unsatisfiable"; readonly failure: Failure }
  | { readonly kind: "paused"; readonly best?: Product };

/** What a certificate of the answer is written from. */
export interface Evidence {
  readonly universe: Universe;
  readonly problem: Problem;
  readonly solver: Solver;
}

export interface ResolutionOptions {
  readonly budget?: Budget;
  /** What an earlier resolution for the same target read of the same knowledge. */
  readonly excerpt?: Excerpt | undefined;
  /** Undefined: nothing is known of flaws. */
  readonly advisories?: AdvisoryReader | undefined;
  readonly rules?: RuleBook | undefined;
  /** Of another answer with these options, for the same target and policy. */
  readonly kin?: Universe | undefined;
  /**
   * Not the project is asked for, but what one of these requirements would give where it is looser: see `turnTo`. Of the
   * product somebody will only look at the objective, of which the first level says nothing, and the number of flaws; what
   * else it tells is not checked against an excerpt.
   */
  readonly wishes?: Wishes | undefined;
}

export class Resolution {
  #universe: Universe;
  readonly #project: Project;
  readonly #knowledge: KnowledgeReader;
  readonly #options: ResolutionOptions;
  /** Made by the first step: it asks for facts at once. */
  #solver: Solver | undefined;
  #problem: Problem | undefined;
  #timed = true;
  /** Undefined where nothing is conditional. */
  #conditional: ConditionalProblem | undefined;
  #ruleNeeds: RuleNeeds;

  constructor(project: Project, knowledge: KnowledgeReader, options: ResolutionOptions = {}) {
    this.#project = project;
    this.#knowledge = knowledge;
    this.#options = options;
    this.#timed = project.policy.timed ?? true;
    const excerpt = isExcerptible(project) ? options.excerpt : undefined;
    const { advisories, rules, wishes } = options;
    const kin = excerpt === undefined ? undefined : options.kin;
    this.#universe = new Universe({ project, knowledge, excerpt, advisories, rules, kin, wishes });
    this.#ruleNeeds = new RuleNeeds(this.#universe, rules);
  }

  step(): ResolutionStep {
    const refusal = refusalBy(this.#options.rules?.boots ?? [], (name) => this.#universe.isDirect(name));
    if (refusal !== undefined) return { kind: "unsatisfiable", failure: refusedFailure(refusal) };
    try {
      return this.#step();
    } catch (error) {
      this.#readAnew(error);
      return this.step();
    }
  }

  /** Without an excerpt, where that was the trouble. */
  #readAnew(error: unknown): void {
    if (!(error instanceof StaleExcerpt)) throw error;
    const { advisories, rules, wishes } = this.#options;
    const [project, knowledge] = [this.#project, this.#knowledge];
    this.#universe = new Universe({ project, knowledge, advisories, rules, wishes });
    this.#timed = true;
    this.#solver = undefined;
  }

  /** What a wish, or without it the project, leaves of its package: see `Universe.leaves`. */
  leaves(name: PackageName, wish?: Loosening): string | undefined {
    try {
      return this.#universe.leaves(name, wish);
    } catch (error) {
      this.#readAnew(error);
      return this.#universe.leaves(name, wish);
    }
  }

  /** The next step begins to answer this one of the wishes. */
  turnTo(loosening: Loosening): void {
    const { wishes } = this.#options;
    if (wishes === undefined) throw new Error("there are no wishes");
    const names = [wishes.turned, loosening].flatMap((one) => (one === undefined ? [] : [one.name]));
    wishes.turned = loosening;
    this.#reprice(new Set(names));
  }

  /** More is said of single releases of these packages than when they were priced: the next step answers anew. */
  learnOf(names: readonly PackageName[]): void {
    for (const name of names) this.#universe.renewSaid(name);
    this.#reprice(new Set(names));
  }

  #reprice(names: ReadonlySet<PackageName>): void {
    const packages = [...names].map((name) => this.#universe.reprice(name));
    this.#solver?.reprice(packages);
  }

  /** All that was read, for the next resolution of the kind; undefined where nothing was read that is new. */
  excerpt(choices: Choices = "own"): Uint8Array | undefined {
    return this.#universe.askedKnowledge && isExcerptible(this.#project)
      ? writeExcerpt(this.#universe.reading(choices))
      : undefined;
  }

  /** Only after `solved` or `unsatisfiable`. */
  get evidence(): Evidence {
    if (this.#problem === undefined || this.#solver === undefined) throw new Error("there is no answer yet");
    return { universe: this.#universe, problem: this.#problem, solver: this.#solver };
  }

  #step(): ResolutionStep {
    this.#solver ??= this.#start();
    const result = this.#solver.step();
    if (this.#timed !== this.#universe.timed) {
      this.#timed = this.#universe.timed;
      this.#solver = this.#start();
      return this.#step();
    }
    return this.#translate(result, this.#solver);
  }

  #start(): Solver {
    const posed = poseProblem(this.#universe, this.#project, this.#options.rules);
    this.#ruleNeeds = posed.ruleNeeds;
    this.#conditional = posed.conditional;
    this.#problem = posed.problem;
    const guess = this.#universe.isGuessing
      ? (id: number) => (id < 0 ? undefined : this.#universe.guess(id))
      : undefined;
    const { budget, wishes } = this.#options;
    const suffices =
      wishes && ((settled: readonly number[]) => wishes.isTold(this.#universe.levels, settled));
    return new Solver(this.#problem, { budget, guess, suffices });
  }

  #translate(result: StepResult, solver: Solver): ResolutionStep {
    switch (result.kind) {
      case "needs":
        return { kind: "needs", needs: needsOf(this.#universe, this.#awaited(result)) };
      case "solved":
        return { kind: "solved", product: this.#product(result, "optimal") };
      case "unsatisfiable":
        // What is missing and why stands in the records.
        if (this.#universe.isGuessing) throw new StaleExcerpt("an excerpt cannot explain a failure");
        return { kind: "unsatisfiable", failure: this.#explain(solver) };
      case "paused":
        return result.best === undefined
          ? { kind: "paused" }
          : { kind: "paused", best: this.#product(result.best, "feasible") };
      default:
        return result satisfies never;
    }
  }

  /** What conditions wait for, in place of their own packages. */
  #awaited({ packages, releases }: Asked): Asked {
    return { packages: packages.map((id) => this.#conditional?.awaited(id) ?? id), releases };
  }

  #product(
    found: Pick<Extract<StepResult, { kind: "solved" }>, "assignment" | "levels">,
    proof: Product["proof"],
  ): Product {
    const { levels } = found;
    const product = buildProduct({
      universe: this.#universe,
      project: this.#project,
      rules: this.#options.rules,
      meeting: new Meeting(this.#universe, this.#conditional, found.assignment),
      needs: this.#ruleNeeds,
      levels,
      proof,
    });
    // Where the excerpt turns out to be stale, that is now.
    if (this.#options.wishes === undefined) void product.packages;
    return product;
  }

  #explain(solver: Solver): Failure {
    return explainFailure({
      universe: this.#universe,
      project: this.#project,
      knowledge: this.#knowledge,
      solver,
    });
  }
}

/** Whether what a resolution sees of the projects has nothing to do with who asks for them. */
function isExcerptible({ requirements, constraints, policy }: Project): boolean {
  const named = [...requirements.map(({ requirement }) => requirement), ...constraints];
  if (policy.current !== undefined || policy.resolution === "lowest-direct") return false;
  return named.every(({ url }) => url === undefined);
}
