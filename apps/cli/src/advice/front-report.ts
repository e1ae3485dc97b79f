// The front of two levels as data and as a table.

import { differenceText, type Stack } from "@thoth/views/figures";
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

export function frontParts(
  { levels, points, complete, advised, yours }: FrontReport,
  stack: Stack,
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
