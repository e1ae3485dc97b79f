// Pages of lists: a limit, and a place to go on from.

export interface Page {
  readonly limit: number;
  readonly after: string | undefined;
  /** `rows` may have one more than the limit, by which it is known that there is more. */
  documentOf<Row>(
    rows: readonly Row[],
    itemOf: (row: Row) => unknown,
    placeOf: (row: Row) => string,
  ): { readonly items: readonly unknown[]; readonly next: string | null };
}

const USUAL = 25;

export function pageOf(query: Readonly<Record<string, string | undefined>>): Page {
  const limit = Number(query["limit"] ?? USUAL);
  return {
    limit,
    after: query["after"],
    documentOf: (rows, itemOf, placeOf) => {
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = rows.length > limit && last !== undefined ? placeOf(last) : null;
      return { items: shown.map(itemOf), next };
    },
  };
}
