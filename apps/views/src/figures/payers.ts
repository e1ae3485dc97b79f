// Who pays how much on a level of the objective.

export interface Payer {
  readonly name: string;
  readonly cost: number;
}

interface Paid {
  readonly level: string;
  readonly value: number;
}

interface Paying {
  readonly name: string;
  readonly pays: readonly { readonly level: string; readonly cost: number }[];
}

const MOST_PAYERS = 5;

/** The dearest first; what is left over is told together. */
export function payersOf({ level, value }: Paid, packages: readonly Paying[]): readonly Payer[] {
  const payers = packages
    .map(({ name, pays }) => ({
      name,
      cost: pays.reduce((sum, item) => sum + (item.level === level ? item.cost : 0), 0),
    }))
    .filter(({ cost }) => cost > 0)
    .toSorted((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1));
  const rest = payers.slice(MOST_PAYERS);
  const total = (items: readonly Payer[]) => items.reduce((sum, { cost }) => sum + cost, 0);
  const together = value - total(payers);
  return [
    ...payers.slice(0, MOST_PAYERS),
    ...(rest.length === 0
      ? []
      : [{ name: rest.length === 1 ? "1 other" : `${rest.length} others together`, cost: total(rest) }]),
    ...(together > 0 ? [{ name: "several packages together", cost: together }] : []),
  ];
}
