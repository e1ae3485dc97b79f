// Joins what metadata, script blocks, install commands and imports ask for into one list of requirements.

import {
  type ExtraName,
  formatMarker,
  formatRequirement,
  formatSpecifiers,
  intersectRanges,
  isEmptyRange,
  makeSpecifiers,
  NO_SPECIFIERS,
  quote,
  type Requirement,
  type Specifiers,
  specifiersRange,
} from "@thoth/pep";

/** Who asks, the strongest first: of two versions that exclude one another the stronger's counts. */
export type RequirementSource = "metadata" | "pep723" | "pip" | "conda" | "code";

const STRENGTH: Readonly<Record<RequirementSource, number>> = {
  metadata: 4,
  pep723: 3,
  pip: 2,
  conda: 1,
  code: 0,
};

interface Ask {
  readonly requirement: Requirement;
  readonly source: RequirementSource;
}

export class RequirementSet {
  readonly #asked = new Map<string, Ask[]>();
  readonly warnings: string[] = [];

  add(requirement: Requirement, source: RequirementSource): void {
    const marker = requirement.marker === undefined ? "" : formatMarker(requirement.marker);
    const key = `${requirement.name};${marker}`;
    const asks = this.#asked.get(key);
    if (asks === undefined) this.#asked.set(key, [{ requirement, source }]);
    else asks.push({ requirement, source });
  }

  has(name: string): boolean {
    for (const asks of this.#asked.values()) if (asks[0]!.requirement.name === name) return true;
    return false;
  }

  /** One requirement for each name and marker, sorted. */
  list(): Requirement[] {
    const merged = [...this.#asked.values()].map((asks) => this.#merge(asks));
    return merged.toSorted((one, other) => compare(formatRequirement(one), formatRequirement(other)));
  }

  #merge(asks: readonly Ask[]): Requirement {
    const [first] = asks;
    const extras = [...new Set(asks.flatMap(({ requirement }) => requirement.extras))].toSorted(
      compare,
    ) as ExtraName[];
    // The strongest first; of equals the later command, since pip would have run it last.
    const order = asks.map((ask, index) => ({ ...ask, index }));
    order.sort((one, other) => STRENGTH[other.source] - STRENGTH[one.source] || other.index - one.index);
    const url = order.find(({ requirement }) => requirement.url !== undefined)?.requirement.url;
    const { name, marker } = first!.requirement;
    const base = { name, displayName: name, extras, ...(marker === undefined ? {} : { marker }) };
    if (url !== undefined) return { ...base, specifiers: NO_SPECIFIERS, url };
    return { ...base, specifiers: this.#specifiers(order) };
  }

  #specifiers(order: readonly Ask[]): Specifiers {
    let result = NO_SPECIFIERS;
    for (const { requirement } of order) {
      const { specifiers, name } = requirement;
      if (isEmptyRange(intersectRanges(specifiersRange(result), specifiersRange(specifiers)))) {
        const lost = quote(`${name}${formatSpecifiers(specifiers)}`);
        this.warnings.push(`${lost} is left out: ${quote(`${name}${formatSpecifiers(result)}`)} excludes it`);
      } else result = joined(result, specifiers);
    }
    return result;
  }
}

function joined(one: Specifiers, other: Specifiers): Specifiers {
  if (formatSpecifiers(one) === "") return other;
  if (formatSpecifiers(other) === "" || formatSpecifiers(one) === formatSpecifiers(other)) return one;
  return makeSpecifiers([...one.clauses, ...other.clauses]);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
