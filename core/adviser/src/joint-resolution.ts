// One project resolved for several environments together: each gets a stack of its own, and they differ in as few
// packages as they can. A package that is chosen alike everywhere is one entry of a lock for many machines.
//
// What has to be had first is a release that installs: the levels `prerelease`, where the objective begins with it, and
// `build` come before `differences`, and the rest of the objective after it. Where there is a lock already, what differs
// from it comes between these. Every level is the sum over the environments.

import type { AdvisoryReader, KnowledgeReader, Needs, ProjectRecord } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import {
  type Assignment,
  type Budget,
  type JointProblem,
  joinProblems,
  type LevelResult,
  type Shared,
  Solver,
  type StepResult,
} from "@thoth/solver";
import type { Failure } from "./failure.ts";
import type { Level } from "./level.ts";
import { Meeting } from "./meeting.ts";
import { type Asked, needsOf } from "./needs.ts";
import { levelsOf, parseObjective } from "./objective.ts";
import { type PosedProblem, poseProblem } from "./posed-problem.ts";
import { buildProduct } from "./product.ts";
import type { ObjectiveLevel, Policy, Product, Project } from "./project.ts";
import { Resolution } from "./resolution.ts";
import { refusalBy } from "./rule-changes.ts";
import type { RuleBook } from "./rules.ts";
import { Universe } from "./universe.ts";

/** The level that counts packages of which environments get different releases. */
export const DIFFERENCES = "differences";

/** The project for one of the environments. All of them ask for the same under one policy; what there is, each has for itself. */
export interface JointProject {
  readonly project: Project;
  readonly rules?: RuleBook | undefined;
  /** Instead of those of all. */
  readonly advisories?: AdvisoryReader | undefined;
}

export interface JointProduct {
  /** One for each environment. Their levels are those of all together. */
  readonly products: readonly Product[];
  readonly proof: Product["proof"];
  readonly objective: readonly ObjectiveLevel[];
}

export type JointStep =
  | { readonly kind: "needs"; readonly needs: Needs }
  /** With what was known of each environment. */
  | { readonly kind: "solved"; readonly joint: JointProduct; readonly universes: readonly Universe[] }
  /** An environment for which there is no stack at all, and why. */
  | { readonly kind: "unsatisfiable"; readonly failure: Failure; readonly environment: number }
  | { readonly kind: "paused"; readonly best?: JointProduct };

export interface JointOptions {
  readonly budget?: Budget | undefined;
  readonly advisories?: AdvisoryReader | undefined;
}

interface Side extends PosedProblem {
  readonly project: Project;
  readonly rules: RuleBook | undefined;
  readonly universe: Universe;
}

interface Search {
  readonly sides: readonly Side[];
  readonly problem: JointProblem;
  readonly solver: Solver;
  /** Number of levels before the differences. */
  readonly before: number;
}

/** Looks for an environment without a stack. */
interface Inquest {
  readonly environment: number;
  readonly resolution: Resolution;
}

export class JointResolution {
  readonly #asked: readonly JointProject[];
  readonly #knowledge: KnowledgeReader;
  readonly #options: JointOptions;
  readonly #levels: JointLevels;
  #timed: boolean;
  #search: Search | undefined;
  #inquest: Inquest | undefined;

  constructor(asked: readonly JointProject[], knowledge: KnowledgeReader, options: JointOptions = {}) {
    const [first] = asked;
    if (first === undefined) throw new Error("a joint resolution is for one environment or more");
    this.#asked = asked;
    this.#knowledge = knowledge;
    this.#options = options;
    this.#levels = jointLevels(first.project.policy);
    this.#timed = first.project.policy.timed ?? true;
  }

  step(): JointStep {
    if (this.#inquest !== undefined) return this.#inquire(this.#inquest);
    this.#search ??= this.#begin();
    const refused = this.#search.sides.findIndex(isRefused);
    if (refused >= 0) {
      this.#inquest = this.#inquestOn(refused);
      return this.step();
    }
    const { sides, solver } = this.#search;
    const result = solver.step();
    if (this.#timed && sides.some(({ universe }) => !universe.timed)) {
      this.#timed = false;
      this.#search = undefined;
      return this.step();
    }
    return this.#translate(result, this.#search);
  }

  #begin(): Search {
    const { budget } = this.#options;
    const { objective, before } = this.#levels;
    const knowledge = this.#knowledge;
    const sides = this.#asked.map(
      ({ project: asked, rules, advisories = this.#options.advisories }): Side => {
        const timed = this.#timed ? asked.policy.timed : false;
        const project = { ...asked, policy: { ...asked.policy, objective, timed } };
        const universe = new Universe({ project, knowledge, advisories, rules });
        return { project, rules, universe, ...poseProblem(universe, project, rules) };
      },
    );
    const problem = joinProblems(
      sides.map((side) => side.problem),
      { level: before, shared: (at, id) => sharedOf(sides[at] as Side, id) },
    );
    return { sides, problem, solver: new Solver(problem, { budget, tiesLast: true }), before };
  }

  #translate(result: StepResult, search: Search): JointStep {
    switch (result.kind) {
      case "needs":
        return { kind: "needs", needs: jointNeeds(search, result) };
      case "solved":
        return {
          kind: "solved",
          joint: productsOf(search, result, "optimal"),
          universes: search.sides.map(({ universe }) => universe),
        };
      case "unsatisfiable":
        this.#inquest = this.#inquestOn(0);
        return this.step();
      case "paused":
        return result.best === undefined
          ? { kind: "paused" }
          : { kind: "paused", best: productsOf(search, result.best, "feasible") };
      default:
        return result satisfies never;
    }
  }

  #inquestOn(environment: number): Inquest {
    const asked = this.#asked[environment];
    // Stacks may differ: those of all environments together are one for all of them.
    if (asked === undefined)
      throw new Error("every environment has a stack, and all of them together have none");
    const { project, rules, advisories = this.#options.advisories } = asked;
    const { budget } = this.#options;
    const options = { ...(budget === undefined ? {} : { budget }), advisories, rules };
    return { environment, resolution: new Resolution(project, this.#knowledge, options) };
  }

  #inquire({ environment, resolution }: Inquest): JointStep {
    const step = resolution.step();
    switch (step.kind) {
      case "needs":
        return step;
      case "unsatisfiable":
        return { ...step, environment };
      case "paused":
        return { kind: "paused" };
      case "solved":
        this.#inquest = this.#inquestOn(environment + 1);
        return this.step();
      default:
        return step satisfies never;
    }
  }
}

function isRefused({ rules, universe }: Side): boolean {
  return refusalBy(rules?.boots ?? [], (name) => universe.isDirect(name)) !== undefined;
}

interface JointLevels {
  readonly objective: readonly Level[];
  /** Number of levels before the differences. */
  readonly before: number;
}

function jointLevels(policy: Policy): JointLevels {
  const levels = levelsOf(policy);
  const first = levels[0]?.text === "prerelease" ? 1 : 0;
  const kept = policy.current === undefined ? "build" : "build, change";
  const installs = [...levels.slice(0, first), ...parseObjective(kept)];
  return { objective: [...installs, ...levels.slice(first)], before: installs.length };
}

/** Releases are the same where the record of their project says so. */
function sharedOf({ universe }: Side, id: number): Shared | undefined {
  if (id < 0) return undefined;
  const { name, extra } = universe.packageOf(id);
  const candidates = extra === undefined ? universe.candidatesOf(name) : undefined;
  if (candidates === undefined) return undefined;
  const { record, releases } = candidates;
  return { key: name, releases: record.releaseCount, releaseOf: (release) => releases[release] as number };
}

function jointNeeds({ sides, problem }: Search, { packages, releases }: Asked): Needs {
  const asked = sides.map(() => ({ packages: [] as number[], releases: [] as Asked["releases"][number][] }));
  for (const joint of packages) {
    const part = problem.partOf(joint);
    if (part === undefined) continue;
    const id = sides[part.problem]?.conditional?.awaited(part.id) ?? part.id;
    asked[part.problem]?.packages.push(id);
  }
  for (const { package: joint, release } of releases) {
    const part = problem.partOf(joint);
    if (part !== undefined) asked[part.problem]?.releases.push({ package: part.id, release });
  }
  const all = asked.map((one, at) => needsOf((sides[at] as Side).universe, one));
  const projects = new Set<PackageName>(all.flatMap((needs) => needs.projects));
  const metadata = new Map<string, Needs["metadata"][number]>();
  for (const { project, file } of all.flatMap((needs) => needs.metadata))
    for (const one of filesOf(sides, project, file))
      metadata.set(`${project.name} ${one}`, { project, file: one });
  return { projects: [...projects], metadata: [...metadata.values()] };
}

/** What each environment installs of the release of a file: who asks what one of them needs will ask it of the others. */
function filesOf(sides: readonly Side[], record: ProjectRecord, file: number): readonly number[] {
  const others = sides.flatMap(({ universe }) => {
    const candidates = universe.candidatesOf(record.name);
    const candidate = candidates?.candidateOf[record.releaseOf(file)] ?? -1;
    return candidate < 0 ? [] : [candidates?.installs[candidate] as number];
  });
  return [file, ...others];
}

function productsOf(
  { sides, problem, before }: Search,
  { assignment, levels }: { readonly assignment: Assignment; readonly levels: readonly LevelResult[] },
  proof: Product["proof"],
): JointProduct {
  const parts = problem.partsOf(assignment);
  const own = levels.toSpliced(before, 1);
  const products = sides.map((side, at) => {
    const { universe, project, rules, conditional, ruleNeeds: needs } = side;
    const meeting = new Meeting(universe, conditional, parts[at] as Assignment);
    return buildProduct({ universe, project, rules, meeting, needs, levels: own, proof });
  });
  const differences = levels[before] as LevelResult;
  const objective = (products[0] as Product).objective.toSpliced(before, 0, {
    level: DIFFERENCES,
    ...differences,
  });
  return { products, proof, objective };
}
