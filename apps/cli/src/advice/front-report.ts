// The front of two levels as data and as a table.

import { printable } from "../frame/printable.ts";
import type { Part } from "../frame/table.ts";
import { type FrontReport, frontWords, type Pair } from "./find-front.ts";

export function frontDocument({ levels, points, complete, advised, yours }: FrontReport) {
  return {
    levels,
    complete,
    advised: advised ?? null,
    yours: yours ?? null,
    points: points.map(({ values, proved, product }) => ({
      values,
      proved,
      objective: product.objective,
      packages: product.packages.map(({ name, version }) => ({ name, version })),
    })),
  };
}

type Packages = readonly { readonly name: string; readonly version: string }[];

const MOST_MOVED = 6;

/** How a stack differs from another, in words: what moved, what is new, what is gone. */
export function differenceText(from: Packages, to: Packages): string {
  const before = new Map(from.map(({ name, version }) => [name, version]));
  const moved = to
    .filter(({ name, version }) => before.get(name) !== version)
    .map(({ name, version }) => `${name} ${version}`);
  const names = new Set(to.map(({ name }) => name));
  const gone = from.filter(({ name }) => !names.has(name)).map(({ name }) => `no ${name}`);
  const all = [...moved, ...gone];
  if (all.length === 0) return "the advised stack";
  const more = all.length > MOST_MOVED ? `, and ${all.length - MOST_MOVED} more` : "";
  return all.slice(0, MOST_MOVED).join(", ") + more;
}

export function frontParts(
  { levels, points, complete, advised, yours }: FrontReport,
  stack: Packages,
): readonly Part[] {
  const rows = points.map(({ values: [first, second], product }) => [
    `  ${first}`,
    `${second}`,
    differenceText(stack, product.packages),
  ]);
  const here = (name: string, pair: Pair | undefined) =>
    pair === undefined
      ? []
      : [`  ${name} pays ${pair[0]} and ${pair[1]}${isOn(pair, points) ? ": on the front" : ""}`];
  return [
    printable(`  front of ${levels[0]} and ${levels[1]}: ${frontWords({ points, complete })}`),
    { headings: [`  ${levels[0]}`, levels[1], "against the advised stack"], rows },
    ...here("the advised stack", advised),
    ...here("what you have", yours),
  ];
}

function isOn([first, second]: Pair, points: FrontReport["points"]): boolean {
  return points.some(({ values }) => values[0] === first && values[1] === second);
}
