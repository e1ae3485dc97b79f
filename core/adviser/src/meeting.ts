// How the needs of a found stack were met: rules may have let go of some, and met others by another package.

import type { PackageName } from "@thoth/pep";
import type { Assignment, ConditionalProblem, Dependency, Dependent } from "@thoth/solver";
import type { Universe } from "./universe.ts";

export interface MetDependency {
  readonly dependency: Dependency;
  /** Undefined: the user. */
  readonly by: Dependent | undefined;
  readonly met: readonly Dependency[];
}

export class Meeting {
  /** Of the packages of the universe alone. */
  readonly assignment: Assignment;
  readonly #universe: Universe;
  readonly #problem: ConditionalProblem | undefined;
  readonly #whole: Assignment;
  readonly #needs = new Map<number, readonly Dependency[]>();
  #declared: readonly MetDependency[] | undefined;

  constructor(universe: Universe, problem: ConditionalProblem | undefined, whole: Assignment) {
    this.#universe = universe;
    this.#problem = problem;
    this.#whole = whole;
    this.assignment = new Map([...whole].filter(([id]) => id >= 0));
  }

  /** What a chosen package needs. */
  needsOf(id: number): readonly Dependency[] {
    let needs = this.#needs.get(id);
    if (needs === undefined) {
      const by = { package: id, release: this.assignment.get(id) ?? -1 };
      needs = this.#met(this.#declaredBy(by), by);
      this.#needs.set(id, needs);
    }
    return needs;
  }

  /** What the user needs. */
  roots(): readonly Dependency[] {
    return this.#met(this.#universe.roots.filter(({ optional }) => optional !== true));
  }

  /** What stands in for packages that the user requires. */
  standIns(): ReadonlyMap<PackageName, PackageName> {
    const found = new Map<PackageName, PackageName>();
    for (const { dependency, by, met } of this.declared()) {
      const [first] = met;
      if (by !== undefined || first === undefined || first.package === dependency.package) continue;
      const nameOf = (id: number) => this.#universe.packageOf(id).name;
      found.set(nameOf(dependency.package), nameOf(first.package));
    }
    return found;
  }

  /** Each declared dependency of the stack, and what came of it. */
  declared(): readonly MetDependency[] {
    this.#declared ??= this.#followAll();
    return this.#declared;
  }

  #followAll(): readonly MetDependency[] {
    const found: MetDependency[] = [];
    const add = (dependencies: readonly Dependency[], by: Dependent | undefined) => {
      for (const dependency of dependencies) {
        if (dependency.optional === true) continue;
        found.push({
          dependency,
          by,
          met: this.#problem?.followed(dependency, this.#whole, by) ?? [dependency],
        });
      }
    };
    add(this.#universe.roots, undefined);
    for (const [id, release] of this.assignment)
      add(this.#declaredBy({ package: id, release }), { package: id, release });
    return found;
  }

  #declaredBy({ package: id, release }: Dependent): readonly Dependency[] {
    const dependencies = this.#universe.dependencies(id, release);
    return dependencies === undefined || dependencies === "unusable" ? [] : dependencies;
  }

  #met(dependencies: readonly Dependency[], by?: Dependent): readonly Dependency[] {
    return this.#problem?.met(dependencies, this.#whole, by) ?? dependencies;
  }
}
