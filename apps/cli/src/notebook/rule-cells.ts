// Where the code stands that a rule speaks of, when the rule is why a newer release is passed over.

import type { PackageAdvice } from "@thoth/adviser";
import type { Use } from "@thoth/python";

/** What a term is called that was found in sources. */
const EVIDENCE = "code with ";

/** A sentence for each package of which a rule names what the code uses; what evidence says of it is told by the evidence. */
export function rulesAboutCells(advice: readonly PackageAdvice[], uses: () => readonly Use[]): string[] {
  return advice.flatMap(({ name, version, newest }) => {
    if (newest === undefined || newest.refusedBy.length > 0) return [];
    if (newest.rules.some(({ unit, score }) => unit.startsWith(EVIDENCE) && score < 0)) return [];
    const rules = newest.rules.filter(({ unit, score }) => !unit.startsWith(EVIDENCE) && score < 0);
    for (const { message } of rules.flatMap(({ justification }) => justification)) {
      const use = useNamedIn(message, uses());
      if (use === undefined) continue;
      const { cell, line } = use;
      return [`${name} ${version}, by a rule about cell ${cell + 1}, line ${line + 1}: ${message}`];
    }
    return [];
  });
}

/** The first use of a name between backticks; the first call with a keyword, where one is there too. */
function useNamedIn(message: string, uses: readonly Use[]): Use | undefined {
  const words = [...message.matchAll(/`([\w.]+)(=?)`/g)];
  const named = new Set(words.flatMap(([, name = "", sign]) => (sign === "" ? [name] : [])));
  const keywords = words.flatMap(([, name = "", sign]) => (sign === "" ? [] : [name]));
  const meant = uses.filter(({ paths }) =>
    paths.some((path) => path.includes(":") && named.has(path.replace(":", "."))),
  );
  const passing = meant.find(({ call }) => keywords.some((keyword) => call?.keywords.includes(keyword)));
  return passing ?? meant[0];
}
