// Stacks to try: solutions of a project's requirements that hold certain releases and else stay near another stack, with their
// locks.

import {
  fittingReleases,
  lockOf,
  missingHashes,
  type Policy,
  type Product,
  type Project,
  parseObjective,
} from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import { type Pins, type Stack, stackDigest } from "@thoth/inspection";
import { normalizeName, type Pylock, parseRequirement, parseVersion, ThothError } from "@thoth/pep";
import { deadlineOf } from "../engines/deadline.ts";
import { hashOfFile } from "../files/hash-file.ts";
import { learnProject, releaseOf } from "../session/learn-projects.ts";

/** Of what may move, as few packages as can be, and those to what is newest. */
const NEAR = "prerelease, change, lag(direct), lag(rest)";

/** Seconds: what was uploaded in the week after it belongs to it. */
const DAYS_AFTER = 7 * 86_400;

export interface StackMaking {
  readonly project: Project;
  readonly session: IndexSession;
  readonly signal: AbortSignal;
  /** Of one resolution. */
  readonly seconds: number;
  /** Requirements that only run the rest: in stacks of former days they and what they need stay as they are. */
  readonly apart?: readonly string[];
}

export interface MadeStack {
  readonly stack: Stack;
  readonly product: Product;
}

export class StackMaker {
  readonly #making: StackMaking;
  readonly #made = new Map<string, Product>();
  readonly #asked = new Map<string, Promise<Stack | undefined>>();

  constructor(making: StackMaking) {
    this.#making = making;
  }

  get project(): Project {
    return this.#making.project;
  }

  /** The same for other requirements. */
  of(requirements: Project["requirements"]): StackMaker {
    return new StackMaker({ ...this.#making, project: { ...this.project, requirements } });
  }

  /** What the project's own policy says is best; undefined: there is no stack, or none was found in time. */
  async best(pins: Pins = new Map()): Promise<Stack | undefined> {
    return await this.#solve(pins, this.project.policy);
  }

  /** As `Court.resolve`. */
  async resolve(pins: Pins, near: Stack): Promise<Stack | undefined> {
    const key = JSON.stringify([[...pins].sort(), stackDigest(near)]);
    const known = this.#asked.get(key);
    if (known !== undefined) return await known;
    const current = new Map(near.map(([name, version]) => [normalizeName(name), parseVersion(version)]));
    const { policy } = this.project;
    const nearby: Policy = {
      ...policy,
      recommendationType: "latest",
      objective: parseObjective(NEAR),
      current,
    };
    // A package that an old release did without would go, and what is asked about with it; but rather so than not at all.
    const names = near.map(([name]) => name);
    const asked = this.#solve(pins, nearby, [...names, ...pins.keys()]).then(
      (found) => found ?? this.#solve(pins, nearby),
    );
    this.#asked.set(key, asked);
    return await asked;
  }

  /** As `Court.former`: of the days on which what is pinned was uploaded, the first on which there is a stack. */
  async former(stack: Stack, pins: Pins = new Map()): Promise<Stack | undefined> {
    const { project } = this.#making;
    const versions = new Map(stack);
    const asked = project.requirements.flatMap(({ requirement: { name, specifiers } }) => {
      const version = versions.get(name);
      return version === undefined || specifiers.text === "" ? [] : [[name as string, version] as const];
    });
    const earliest = Math.max(0, ...(await this.#uploads([...pins])));
    const days = [...(await this.#uploads(asked)), earliest].filter((day) => day > 0 && day >= earliest);
    for (const day of [...new Set(days)].sort((a, b) => a - b)) {
      const asOf = day + DAYS_AFTER;
      if (asOf >= project.policy.asOf) return undefined;
      const policy: Policy = {
        ...project.policy,
        recommendationType: "latest",
        objective: undefined,
        asOf,
        asOfStrict: true,
      };
      const found = await this.#solve(pins, policy);
      if (found === undefined) continue;
      const former = await this.#besideApart(found, stack);
      return stackDigest(former) === stackDigest(stack) ? undefined : former;
    }
    return undefined;
  }

  async #besideApart(former: Stack, stack: Stack): Promise<Stack> {
    const { project, apart = [] } = this.#making;
    if (apart.length === 0) return former;
    const needs = new Map<string, readonly string[]>(
      this.product(former).packages.map(({ name, requires }) => [name, requires]),
    );
    const wanted = new Set<string>();
    const open: string[] = project.requirements.map(({ requirement }) => requirement.name);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (wanted.has(name) || apart.includes(name)) continue;
      wanted.add(name);
      open.push(...(needs.get(name) ?? []));
    }
    return (await this.resolve(new Map(former.filter(([name]) => wanted.has(name))), stack)) ?? former;
  }

  /** When the first file of each release was uploaded, in seconds; 0 where that is not told. */
  async #uploads(releases: Stack): Promise<readonly number[]> {
    const { session, signal } = this.#making;
    const days: number[] = [];
    for (const [name, version] of releases) {
      const record = await learnProject(normalizeName(name), session, signal);
      const release = releaseOf(record, parseVersion(version));
      days.push(release === undefined ? 0 : (record.releases.earliest[release] ?? 0));
    }
    return days;
  }

  /** The stack without what none of it needs. */
  async trimmed(stack: Stack): Promise<Stack> {
    return (await this.#solve(new Map(stack), this.project.policy, [])) ?? stack;
  }

  /** `kept`: packages that must be there. */
  async #solve(
    pins: Pins,
    policy: Policy,
    kept: readonly string[] = [...pins.keys()],
  ): Promise<Stack | undefined> {
    const { HostedResolution } = await import("@thoth/index");
    const { project, session, signal, seconds } = this.#making;
    const suppositions = [...pins].map(([name, version]) => parseRequirement(`${name}==${version}`));
    const deadline = deadlineOf(seconds, signal);
    const requirements = [...project.requirements, ...this.#keeping([...kept])];
    const asked = { ...project, requirements, suppositions, policy };
    const answer = await new HostedResolution(asked, session, {}).run({ budget: deadline, signal });
    if (answer.kind === "unsatisfiable") return undefined;
    const product = answer.kind === "solved" ? answer.product : answer.best;
    return product === undefined ? undefined : this.#keep(product);
  }

  #keeping(names: readonly string[]): Project["requirements"] {
    const { requirements } = this.project;
    const asked = new Set<string>(requirements.map(({ requirement }) => requirement.name));
    return names
      .filter((name) => !asked.has(name))
      .map((name) => ({ requirement: parseRequirement(name), group: "default", source: "the stack" }));
  }

  #keep(product: Product): Stack {
    const stack = product.packages.map(({ name, version }) => [name, version] as const);
    const digest = stackDigest(stack);
    if (!this.#made.has(digest)) this.#made.set(digest, product);
    return stack;
  }

  /** Of a stack that was made here. */
  product(stack: Stack): Product {
    const product = this.#made.get(stackDigest(stack));
    if (product === undefined) throw new Error("that stack was not made here");
    return product;
  }

  async lock(stack: Stack): Promise<Pylock> {
    const product = this.product(stack);
    const hashes = new Map<string, string>();
    for (const file of missingHashes(product)) {
      const path = await this.#making.session.artifact(file, this.#making.signal);
      hashes.set(file.url, await hashOfFile(path));
    }
    return lockOf(product, { hashes });
  }

  /** As `Court.releases`: those that fit the place and that no requirement of the project forbids, but yanked ones. */
  async releases(name: string): Promise<readonly string[]> {
    const { project, session, signal } = this.#making;
    const normalized = normalizeName(name);
    try {
      await learnProject(normalized, session, signal);
    } catch (error) {
      if (error instanceof ThothError && error.code === "package-not-found") return [];
      throw error;
    }
    const fitting = fittingReleases(normalized, { project, knowledge: session, advisories: undefined });
    if (fitting === null || fitting === undefined) return [];
    const { record, excluded, admitted, built } = fitting;
    return Array.from({ length: record.releaseCount }, (_, at) => at)
      .filter((at) => excluded[at] === undefined && admitted[at] === true && built[at] !== true)
      .map((at) => record.version(at).text);
  }
}
