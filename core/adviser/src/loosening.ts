// Requirements of the user's own that keep a stack from being better: ways to loosen one of them, the smallest change
// first. What each would gain is for a resolution to tell; nothing is ever loosened unasked.

import {
  compareVersions,
  formatRequirement,
  makeSpecifiers,
  type PackageName,
  parseSpecifiers,
  parseVersion,
  type Requirement,
  type Specifier,
  type Specifiers,
} from "@thoth/pep";
import { applies } from "./declarations.ts";
import type { ObjectiveLevel, Product, Project } from "./project.ts";

export interface Loosening {
  readonly name: PackageName;
  /** The requirement as it is, and instead. */
  readonly from: string;
  readonly to: string;
  readonly specifiers: Specifiers;
  readonly project: Project;
}

/** Ways to loosen the requirements on one package, the smallest change first. */
export type Loosenings = readonly Loosening[];

/** For each package, of these if they are given, that the user holds to a version or below one; as the requirements stand. */
export function looseningsOf(project: Project, packages?: ReadonlySet<PackageName>): readonly Loosenings[] {
  const applying = project.requirements
    .map(({ requirement }) => requirement)
    .filter((requirement) => packages?.has(requirement.name) !== false && applies(requirement, project));
  return [...Map.groupBy(applying, ({ name }) => name).values()].flatMap((all) => {
    if (all.some(({ url }) => url !== undefined)) return [];
    // All requirements on a package give way together: they are one wish.
    const [first] = all as [Requirement];
    const clauses = all.flatMap(({ specifiers }) => specifiers.clauses);
    const each = new Map(clauses.map((clause) => [clause.operator + clause.version, clause])).values();
    const wish = { ...first, specifiers: makeSpecifiers([...each]) };
    const ways = looserTexts(wish.specifiers.clauses).map(
      (text) => new LooserRequirement(project, wish, text),
    );
    return ways.length === 0 ? [] : [ways];
  });
}

/**
 * Those that may gain something on a level of worth. Where all that is paid there is paid by packages that the user pins, only
 * the pins of these can: whatever else gives way, they stay as they are.
 */
export function worthTrying(project: Project, product: Product): readonly Loosenings[] {
  const paid = new Map<string, number>();
  const payers = new Set<PackageName>();
  for (const { name, pays } of product.advice()) {
    for (const { level, cost } of pays.filter((payment) => OF_WORTH.test(payment.level))) {
      paid.set(level, (paid.get(level) ?? 0) + cost);
      payers.add(name);
    }
  }
  const isAllTheirs = product.objective.every(
    ({ level, value }) => !OF_WORTH.test(level) || value === (paid.get(level) ?? 0),
  );
  const areAllPinned = [...payers].every((name) => isPinned(project, name));
  return looseningsOf(project, isAllTheirs && areAllPinned ? payers : undefined);
}

/** Whatever the environment is. */
function isPinned({ requirements }: Project, wanted: PackageName): boolean {
  return requirements.some(
    ({ requirement: { name, marker, specifiers } }) =>
      name === wanted && marker === undefined && specifiers.clauses.some(isExact),
  );
}

function isExact({ operator, wildcard }: Specifier): boolean {
  return operator === "===" || (operator === "==" && !wildcard);
}

/** `==1.2.3` → within 1.2, within 1, from 1.2.3 on; other upper bounds are dropped. */
export function looserTexts(clauses: readonly Specifier[]): readonly string[] {
  const [only, ...others] = clauses;
  if (only === undefined) return [];
  const pinned = isExact(only) && others.length === 0 ? only.parsed : undefined;
  if (pinned !== undefined) {
    const { text, release } = pinned;
    const [major, minor] = release;
    const within =
      release.length > 2
        ? [`>=${text},==${major}.${minor}.*`, `>=${text},==${major}.*`]
        : [`>=${text},==${major}.*`];
    return [...within, `>=${text}`];
  }
  const lower = highestOnly(clauses.flatMap((clause) => lowerPart(clause)));
  return clauses.every(({ operator }) => !UPPER.has(operator)) ? [] : [lower.join(",")];
}

/** Of several lower bounds the highest says it all. */
function highestOnly(parts: readonly string[]): readonly string[] {
  const lower = parts.filter((part) => part.startsWith(">="));
  const [highest] = lower
    .map((part) => parseVersion(part.slice(2)))
    .sort((a, b) => compareVersions(b, a))
    .map(({ text }) => `>=${text}`);
  return highest === undefined ? parts : [highest, ...parts.filter((part) => !part.startsWith(">="))];
}

const UPPER = new Set(["<", "<=", "==", "~=", "==="]);

/** What is left of a clause without its upper bound. */
function lowerPart({ operator, version, parsed, wildcard }: Specifier): string[] {
  switch (operator) {
    case "<":
    case "<=":
      return [];
    case "===":
    case "==":
      return wildcard
        ? [`>=${version.replace(/\.\*$/, "")}`]
        : parsed === undefined
          ? []
          : [`>=${parsed.text}`];
    case "~=":
      return [`>=${version}`];
    default:
      return [operator + version];
  }
}

/** What is told of it is worked out when it is first asked for: most come to nothing. */
class LooserRequirement implements Loosening {
  readonly specifiers: Specifiers;
  readonly #project: Project;
  readonly #wish: Requirement;

  constructor(project: Project, wish: Requirement, text: string) {
    this.specifiers = parseSpecifiers(text);
    this.#project = project;
    this.#wish = wish;
  }

  get name(): PackageName {
    return this.#wish.name;
  }

  get from(): string {
    return formatRequirement(this.#wish);
  }

  get to(): string {
    return formatRequirement({ ...this.#wish, specifiers: this.specifiers });
  }

  get project(): Project {
    const { name, specifiers } = this;
    const requirements = this.#project.requirements.map((item) =>
      item.requirement.name === name && applies(item.requirement, this.#project)
        ? { ...item, requirement: { ...item.requirement, specifiers } }
        : item,
    );
    return { ...this.#project, requirements };
  }
}

/** Levels that speak of what is wrong with a stack, not of how new it is. */
const OF_WORTH = /^(?!lag|rank|surface|prerelease)/;

/**
 * The first level of worth on which `after` is better, unless it is worse on one before; undefined where it is not. Levels go
 * by their names: there may be others.
 */
export function firstGain(
  before: readonly ObjectiveLevel[],
  after: readonly ObjectiveLevel[],
): { readonly level: string; readonly before: number; readonly after: number } | undefined {
  for (const { level, value } of before) {
    const now = after.find((item) => item.level === level)?.value ?? value;
    if (!OF_WORTH.test(level)) continue;
    if (now > value) return undefined;
    if (now < value) return { level, before: value, after: now };
  }
  return undefined;
}

/** The same comes to nothing, whatever the levels come to that `settled` does not tell. */
export function isWithoutGain(
  before: readonly ObjectiveLevel[],
  settled: readonly Pick<ObjectiveLevel, "level" | "value">[],
): boolean {
  for (const { level, value } of before) {
    if (!OF_WORTH.test(level)) continue;
    const now = settled.find((item) => item.level === level)?.value;
    if (now === undefined || now < value) return false;
    if (now > value) return true;
  }
  return true;
}

/** All that is told of a gain is settled: every level of worth, and that no flaw is left. */
export function isGainSettled(
  before: readonly ObjectiveLevel[],
  settled: readonly Pick<ObjectiveLevel, "level" | "value">[],
): boolean {
  const values = new Map(settled.map(({ level, value }) => [level, value]));
  return (
    values.get("vulnerability(all)") === 0 &&
    before.every(({ level }) => !OF_WORTH.test(level) || values.has(level))
  );
}

/** Something on a level of worth is paid. */
export function leavesSomething(objective: readonly ObjectiveLevel[]): boolean {
  return objective.some(({ level, value }) => value > 0 && OF_WORTH.test(level));
}
