// What one set of advisories has that another has not. A flaw is the same as long as they share one of its names: what
// was published as a GHSA is not new when it gets a CVE.

import type { AdvisoryCatalogue } from "../advisory.ts";

/** Numbers of flaws, each once however many packages have it. */
export interface AdvisoryChanges {
  readonly added: number;
  /** Other names, releases, fixes, links or another severity; what is only text does not count. */
  readonly changed: number;
  /** No longer known under any of their names: withdrawn, or not in this source. */
  readonly gone: number;
}

/** Throws `index-response-invalid` where one of them is damaged. */
export function compareAdvisories(before: AdvisoryCatalogue, after: AdvisoryCatalogue): AdvisoryChanges {
  const former = describeAll(before);
  const present = describeAll(after);
  const formerNames = byAlias(former);
  const presentNames = byAlias(present);
  let added = 0;
  let changed = 0;
  for (const flaw of present) {
    const [known, ...others] = namesakes(flaw, formerNames);
    if (known === undefined) added++;
    else if (others.length > 0 || known.facts.join() !== flaw.facts.join()) changed++;
  }
  const gone = former.filter((flaw) => namesakes(flaw, presentNames).size === 0).length;
  return { added, changed, gone };
}

interface Described {
  readonly aliases: readonly string[];
  /** A line for each package. */
  readonly facts: string[];
}

function describeAll(catalogue: AdvisoryCatalogue): readonly Described[] {
  const found = new Map<string, Described>();
  for (const name of catalogue.packages) {
    for (const flaw of catalogue.flaws(name)) {
      const { id, aliases, severity, score, exploited, malware, published, fixedIn, link, ends } = flaw;
      const facts = JSON.stringify([
        name,
        aliases,
        severity,
        score,
        exploited,
        malware,
        published,
        fixedIn,
        link,
        ends,
      ]);
      const known = found.get(id);
      if (known === undefined) found.set(id, { aliases, facts: [facts] });
      else known.facts.push(facts);
    }
  }
  return [...found.values()];
}

function byAlias(flaws: readonly Described[]): ReadonlyMap<string, Described> {
  return new Map(flaws.flatMap((flaw) => flaw.aliases.map((alias) => [alias, flaw])));
}

function namesakes({ aliases }: Described, names: ReadonlyMap<string, Described>): ReadonlySet<Described> {
  return new Set(aliases.map((alias) => names.get(alias)).filter((flaw) => flaw !== undefined));
}
