// A policy over the packages of one problem, as arrays: read from and written to a policy by names once, before and after
// a run.

import type { Episodes } from "@thoth/solver";
import { type Names, Policy } from "./policy.ts";

export class Experiences {
  readonly #start: Int32Array;
  readonly #rewards: Float64Array;
  readonly #counts: Float64Array;

  constructor(episodes: Episodes) {
    this.#start = new Int32Array(episodes.packages);
    let top = 0;
    for (let package_ = 0; package_ < episodes.packages; package_++) {
      this.#start[package_] = top;
      top += episodes.releasesOf(package_);
    }
    this.#rewards = new Float64Array(top);
    this.#counts = new Float64Array(top);
  }

  /** A number for a release of a package. */
  slot(package_: number, release: number): number {
    return (this.#start[package_] as number) + release;
  }

  credit(slot: number, reward: number): void {
    this.#rewards[slot] = (this.#rewards[slot] as number) + reward;
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
  }

  /**
   * Of the releases left to an open package the one with the highest average reward, or -1 where none has one. Averages
   * of few rewards count for more: by `bonus` where there is one reward, by half of it where there are four.
   */
  best(episodes: Episodes, package_: number, bonus = 0): number {
    const start = this.#start[package_] as number;
    const actions = episodes.actions(package_);
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < actions; index++) {
      const release = episodes.action(package_, index);
      const count = this.#counts[start + release] as number;
      if (count === 0) continue;
      const average = (this.#rewards[start + release] as number) / count + bonus / Math.sqrt(count);
      if (average <= most) continue;
      most = average;
      best = release;
    }
    return best;
  }

  load(episodes: Episodes, policy: Policy, names: Names): void {
    this.#each(episodes, names, (slot, name, version) => {
      const known = policy.get(name, version);
      this.#rewards[slot] = known?.rewards ?? 0;
      this.#counts[slot] = known?.count ?? 0;
    });
  }

  /** All that is known of `before`, with what was learned since it was loaded. */
  save(episodes: Episodes, names: Names, before: Policy = new Policy()): Policy {
    const policy = new Policy();
    for (const { name, version, experience } of before.entries()) policy.set(name, version, experience);
    this.#each(episodes, names, (slot, name, version) => {
      const count = this.#counts[slot] as number;
      if (count > 0) policy.set(name, version, { rewards: this.#rewards[slot] as number, count });
    });
    return policy;
  }

  #each(
    episodes: Episodes,
    names: Names,
    visit: (slot: number, name: string, version: string) => void,
  ): void {
    for (let package_ = 0; package_ < episodes.packages; package_++) {
      const id = episodes.idOf(package_);
      const name = names.package(id);
      if (name === undefined) continue;
      for (let release = 0; release < episodes.releasesOf(package_); release++)
        visit(this.slot(package_, release), name, names.version(id, release));
    }
  }
}
