// A learned search on the problem that a resolution has. Where the exact search asks only for what could matter, an episode
// may meet any release: facts are asked for up front, of the newest releases of each package, and what is not known then
// counts as not installable.

import type { KnowledgeReader, Needs } from "@thoth/knowledge";
import { type ConditionalProblem, Episodes, has, knownPart, withConditions } from "@thoth/solver";
import { Meeting } from "../meeting.ts";
import { needsOf } from "../needs.ts";
import { buildProduct } from "../product.ts";
import type { ObjectiveLevel, Product, Project } from "../project.ts";
import type { ResolutionOptions } from "../resolution.ts";
import { RuleNeeds } from "../rule-needs.ts";
import { Universe } from "../universe.ts";
import type { Stack } from "./best-stacks.ts";
import type { Names } from "./policy.ts";
import type { Predictor } from "./predictor.ts";
import { type Learned, type LearningBudget, LearningRun } from "./search-by-learning.ts";

export interface LearnedOptions extends Pick<ResolutionOptions, "advisories" | "rules"> {
  /** Newest releases of a package whose needs are asked for. */
  readonly latest?: number;
  /** Releases whose needs are asked for, in all. */
  readonly most?: number;
}

export interface LearnedAnswer extends Learned {
  /** Best first. */
  readonly products: readonly Product[];
}

/** What a predictor can be told of the packages. */
export interface Surroundings {
  readonly names: Names;
  /** The packages that the user names, in that order. */
  readonly direct: readonly number[];
}

const LATEST = 12;
const MOST = 1_500;

export class LearnedResolution {
  readonly #universe: Universe;
  readonly #project: Project;
  readonly #options: LearnedOptions;
  /** Releases whose needs were asked for. */
  readonly #asked = new Set<string>();
  #ruleNeeds: RuleNeeds;
  #conditional: ConditionalProblem | undefined;

  constructor(project: Project, knowledge: KnowledgeReader, options: LearnedOptions = {}) {
    const { advisories, rules } = options;
    this.#project = project;
    this.#options = options;
    this.#universe = new Universe({ project, knowledge, advisories, rules });
    this.#ruleNeeds = new RuleNeeds(this.#universe, rules);
  }

  /** What should be known before the run; undefined where that is enough. */
  needs(): Needs | undefined {
    const { packages, releases } = this.#missing();
    return packages.length + releases.length === 0
      ? undefined
      : needsOf(this.#universe, { packages, releases });
  }

  get surroundings(): Surroundings {
    const universe = this.#universe;
    const direct = universe.roots.filter(({ optional }) => optional !== true).map((root) => root.package);
    return {
      names: {
        package: (id) => (id < 0 ? undefined : nameOf(universe, id)),
        version: (id, release) => {
          const candidates = universe.candidatesOf(universe.packageOf(id).name);
          return candidates?.record.version(candidates.releases[release] as number).text ?? "";
        },
      },
      direct: [...new Set(direct)],
    };
  }

  run(predictor: Predictor, budget: LearningBudget, proved?: readonly ObjectiveLevel[]): LearnedAnswer {
    return this.answer(this.begin(predictor, budget).goOn() as Learned, proved);
  }

  begin(predictor: Predictor, budget: LearningBudget): LearningRun {
    return new LearningRun(this.#episodes(), predictor, budget);
  }

  /** `proved`: what the exact search says of the same problem. */
  answer(learned: Learned, proved?: readonly ObjectiveLevel[]): LearnedAnswer {
    return { ...learned, products: learned.best.map((stack) => this.#product(stack, proved)) };
  }

  #episodes(): Episodes {
    for (;;) {
      const { timed } = this.#universe;
      const { roots, levels } = this.#universe;
      const plain = { facts: this.#universe, roots, levels: levels.length };
      this.#ruleNeeds = new RuleNeeds(this.#universe, this.#options.rules);
      this.#conditional = this.#options.rules && withConditions(plain, this.#ruleNeeds);
      const episodes = new Episodes(knownPart(this.#conditional ?? plain));
      // Facts that were read on the way may have shown that no day can be counted.
      if (this.#universe.timed === timed) return episodes;
    }
  }

  /** Breadth first from what the user asks for, among the newest releases that some dependent admits. */
  #missing(): { packages: number[]; releases: { package: number; release: number }[] } {
    const universe = this.#universe;
    const { latest = LATEST } = this.#options;
    const packages: number[] = [];
    const releases: { package: number; release: number }[] = [];
    const seen = new Set<string>();
    const queue: { readonly package: number; readonly range: number | undefined }[] = [...universe.roots];
    for (const { package: id, range } of queue) {
      if (seen.has(`${id} ${range}`)) continue;
      seen.add(`${id} ${range}`);
      const facts = universe.package(id);
      if (facts === undefined) {
        if (!packages.includes(id)) packages.push(id);
        continue;
      }
      if (facts.mirrors !== undefined) queue.push({ package: facts.mirrors, range: undefined });
      for (const release of this.#newest(facts.releases, range, latest)) {
        const needs = universe.dependencies(id, release);
        if (needs === undefined && this.#mayAsk(id, release)) releases.push({ package: id, release });
        if (needs !== undefined && needs !== "unusable") queue.push(...needs);
      }
    }
    return { packages, releases };
  }

  #mayAsk(id: number, release: number): boolean {
    const key = `${id} ${release}`;
    if (this.#asked.size >= (this.#options.most ?? MOST)) return this.#asked.has(key);
    this.#asked.add(key);
    return true;
  }

  *#newest(releases: number, range: number | undefined, latest: number): Generator<number> {
    let left = latest;
    const admitted = range === undefined ? undefined : this.#universe.admitted(range);
    for (let release = 0; release < releases && left > 0; release++) {
      if (admitted !== undefined && !has(admitted, release)) continue;
      left--;
      yield release;
    }
  }

  #product({ assignment, vector }: Stack, proved: readonly ObjectiveLevel[] | undefined): Product {
    const isOptimal = proved?.every(({ bound }, level) => bound === vector[level]) ?? false;
    let isLeast = true;
    const levels = vector.map((value, level) => {
      const bound = isLeast ? (proved?.[level]?.bound ?? 0) : 0;
      isLeast &&= bound === value;
      return { value, bound };
    });
    return buildProduct({
      universe: this.#universe,
      project: this.#project,
      rules: this.#options.rules,
      meeting: new Meeting(this.#universe, this.#conditional, assignment),
      needs: this.#ruleNeeds,
      levels,
      proof: isOptimal ? "optimal" : "feasible",
    });
  }
}

function nameOf(universe: Universe, id: number): string {
  const { name, extra } = universe.packageOf(id);
  return extra === undefined ? name : `${name}[${extra}]`;
}
