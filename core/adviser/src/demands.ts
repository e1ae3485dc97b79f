// What the user says of packages, as far as it applies in the environment.

import type { PackageName, Requirement, Specifiers } from "@thoth/pep";
import { applies } from "./declarations.ts";
import type { Loosening } from "./loosening.ts";
import { developmentOnly, type Project } from "./project.ts";
import type { Wishes } from "./wishes.ts";

const NOTHING: readonly Specifiers[] = [];

export class Demands {
  /** They hold packages in the stack. Those that wishes loosen are as loose as they may become. */
  readonly requirements: readonly Requirement[];
  /** They bind what is there. */
  readonly constraints: readonly Requirement[];
  readonly #project: Project;
  readonly #wishes: Wishes | undefined;
  readonly #direct: ReadonlySet<PackageName>;
  readonly #said: ReadonlyMap<PackageName, readonly Specifiers[]>;
  readonly #develop: ReadonlySet<PackageName>;

  constructor(project: Project, wishes?: Wishes) {
    this.#project = project;
    this.#wishes = wishes;
    const required = project.requirements
      .map((item) => item.requirement)
      .filter((item) => applies(item, project));
    this.requirements = required.map((item) => {
      const specifiers = wishes?.loosest(item.name);
      return specifiers === undefined ? item : { ...item, specifiers };
    });
    this.constraints = project.constraints.filter((item) => applies(item, project));
    this.#direct = new Set(required.map(({ name }) => name));
    const said = Map.groupBy([...required, ...this.constraints], ({ name }) => name);
    this.#said = new Map([...said].map(([name, all]) => [name, all.map(({ specifiers }) => specifiers)]));
    this.#develop = developmentOnly(project);
  }

  /** URLs that the user named. */
  get urls(): ReadonlyMap<PackageName, string> {
    return new Map(this.requirements.flatMap(({ name, url }) => (url === undefined ? [] : [[name, url]])));
  }

  isDirect(name: PackageName): boolean {
    return this.#direct.has(name);
  }

  /** Required for development alone. */
  isForDevelopment(name: PackageName): boolean {
    return this.#develop.has(name);
  }

  /** All that is said of the versions of a package, whatever wishes are looked at. */
  saidOf(name: PackageName): readonly Specifiers[] {
    return this.#said.get(name) ?? NOTHING;
  }

  /** The same, with a wish in place of what it loosens. */
  boundsOn(name: PackageName, wish: Loosening | undefined): readonly Specifiers[] {
    if (wish?.name !== name || !this.isDirect(name)) return this.saidOf(name);
    const constraints = this.constraints.filter((item) => item.name === name);
    return [wish.specifiers, ...constraints.map(({ specifiers }) => specifiers)];
  }

  /** With the wish that is looked at. */
  boundsNow(name: PackageName): readonly Specifiers[] {
    return this.boundsOn(name, this.#wishes?.turned);
  }

  /** Both universes have the objective of one policy, and nothing beside. */
  isAskedAlike(other: Demands): boolean {
    const beside = [this.#project, other.#project].flatMap((one) => [one.apartFrom, one.atMost]);
    return this.#project.policy === other.#project.policy && beside.every((extra) => extra === undefined);
  }

  /** The user says the same of a package. */
  isSaidAlike(other: Demands, name: PackageName): boolean {
    const [bounds, others] = [this.boundsNow(name), other.boundsNow(name)];
    return (
      this.isDirect(name) === other.isDirect(name) &&
      this.isForDevelopment(name) === other.isForDevelopment(name) &&
      bounds.length === others.length &&
      bounds.every(({ text }, at) => text === others[at]?.text)
    );
  }
}
