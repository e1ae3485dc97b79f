// The ways to meet a dependency that rules give: to do without it, or to have another package instead.

import { type Choice, type Dependency, has } from "@thoth/solver";
import type { RulePseudonym, RuleSkip } from "./rule-changes.ts";
import { conditionHolds, type RuleCondition, type RulePattern } from "./rule-condition.ts";
import type { Universe } from "./universe.ts";

type Way = readonly Dependency[];

/** What may be a reward counts from the best of each package. */
const REWARDED = ["rule", "slowness"] as const;

export class RuleWays {
  readonly #universe: Universe;
  /** By package: all who need it have the same instead. */
  readonly #together = new Map<string, object>();

  constructor(universe: Universe) {
    this.#universe = universe;
  }

  without(dependency: Dependency, skips: readonly RuleSkip[]): Way | Choice {
    if (skips.some((skip) => isWhole(skip.skips) && skip.given.length === 0 && skip.allowOther)) return [];
    let ways: readonly Way[] | undefined;
    const known = () => {
      ways ??= skips.reduce<readonly Way[]>(
        (all, skip) => all.flatMap((way) => this.#waysWithout(way, dependency.package, skip)),
        [[dependency]],
      );
      return ways;
    };
    return { awaits: [dependency.package], ways: known };
  }

  /** A way in which the package is needed, with the ways to do without. */
  #waysWithout(way: Way, id: number, skip: RuleSkip): readonly Way[] {
    const needed = way.find((one) => one.package === id && one.optional !== true);
    if (needed === undefined) return [way];
    const others = way.filter((one) => one !== needed);
    const given = skip.given.map((one) => ({ ...this.#universe.condition(one.name, one), optional: true }));
    const free = this.#freeWays(needed, skip).map((one) => [...one, ...others, ...given]);
    const held = skip.given.map((one) => [needed, ...others, this.#otherThan(one)]);
    return [...free, ...held];
  }

  #freeWays(needed: Dependency, { skips, of, allowOther }: RuleSkip): readonly Way[] {
    const { package: id, range } = needed;
    const isOwn = this.#test(id, skips);
    const admitted = this.#universe.admitted(range);
    const rest = isWhole(skips)
      ? undefined
      : this.#universe.rangeOfThose(id, (_, candidate) => has(admitted, candidate) && !isOwn(candidate));
    const stays = rest === undefined ? [] : [[{ package: id, range: rest }]];
    const count = this.#universe.package(id)?.releases ?? 0;
    const isSkippable = Array.from({ length: count }, (_, candidate) => candidate).some(
      (candidate) => has(admitted, candidate) && isOwn(candidate),
    );
    if (!isSkippable && rest !== undefined) return stays;
    if (allowOther) return [...stays, []];
    // Whoever else needs it takes a release that would do.
    return [...stays, [{ package: id, range: of === undefined ? (rest ?? range) : range, optional: true }]];
  }

  either(dependency: Dependency, pseudonyms: readonly RulePseudonym[]): Choice {
    const { name, extra } = this.#universe.packageOf(dependency.package);
    let together = this.#together.get(name);
    if (together === undefined) {
      together = {};
      this.#together.set(name, together);
    }
    let ways: readonly Way[] | undefined;
    const known = () => {
      ways ??= [
        [dependency],
        ...pseudonyms.map((one) => [
          extra === undefined ? this.#instead(dependency, one) : this.#nothing(dependency),
        ]),
      ];
      return ways;
    };
    const others = pseudonyms.map(({ by }) => this.#universe.condition(by.name, by).package);
    const awaits = [dependency.package, ...others];
    return { awaits, ways: known, together, costs: () => this.#costsOf(awaits) };
  }

  /** Rules on single releases count from the best of each package; this is how far the packages are apart. */
  #costsOf(packages: readonly number[]): readonly (Float64Array | undefined)[] {
    const { ruleWeights, levels } = this.#universe;
    const costs = levels.map((): Float64Array | undefined => undefined);
    for (const counted of REWARDED) {
      const best = packages.map((id) => this.#universe.bestRuleCost(id, counted));
      const least = Math.min(...best);
      for (const [level, weight] of ruleWeights[counted].entries()) {
        if (weight === 0) continue;
        const sum = costs[level];
        costs[level] = Float64Array.from(best, (cost, at) => (sum?.[at] ?? 0) + weight * (cost - least));
      }
    }
    return costs;
  }

  #instead(dependency: Dependency, { replaces, by, matchedVersion }: RulePseudonym): Dependency {
    const matched = this.#matchedVersions(dependency, replaces);
    if (matched.size === 0) return this.#nothing(dependency);
    const { package: id, range } = this.#universe.condition(by.name, by);
    if (!matchedVersion) return { package: id, range };
    return {
      package: id,
      range: this.#universe.rangeOfThose(
        id,
        ({ record, releases }, candidate) =>
          matched.has(record.versionText(releases[candidate] as number)) &&
          conditionHolds(by, this.#universe.ruled(by.name, record, releases[candidate] as number)),
      ),
    };
  }

  #matchedVersions({ package: id, range }: Dependency, replaces: RulePattern): ReadonlySet<string> {
    const candidates = this.#universe.candidatesOf(this.#universe.packageOf(id).name);
    const admitted = this.#universe.admitted(range);
    const isOwn = this.#test(id, replaces);
    const versions = new Set<string>();
    for (let candidate = 0; candidate < (candidates?.count ?? 0); candidate++) {
      if (candidates === undefined || !has(admitted, candidate) || !isOwn(candidate)) continue;
      versions.add(candidates.record.versionText(candidates.releases[candidate] as number));
    }
    return versions;
  }

  #nothing({ package: id }: Dependency): Dependency {
    return { package: id, range: this.#universe.rangeOfThose(id, () => false) };
  }

  #otherThan(condition: RuleCondition): Dependency {
    const { package: id } = this.#universe.condition(condition.name, condition);
    const range = this.#universe.rangeOfThose(
      id,
      ({ record, releases }, candidate) =>
        !conditionHolds(
          condition,
          this.#universe.ruled(condition.name, record, releases[candidate] as number),
        ),
    );
    return { package: id, range, optional: true };
  }

  #test(id: number, pattern: RulePattern): (candidate: number) => boolean {
    const { name } = this.#universe.packageOf(id);
    const candidates = this.#universe.candidatesOf(name);
    if (candidates === undefined) return () => false;
    const { record, releases } = candidates;
    return (candidate) =>
      conditionHolds(pattern, this.#universe.ruled(name, record, releases[candidate] as number));
  }
}

function isWhole({ specifiers, index, develop }: RulePattern): boolean {
  return specifiers === undefined && index === undefined && develop === undefined;
}
