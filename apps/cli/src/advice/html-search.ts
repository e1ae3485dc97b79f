// What was searched beside the proof, as sections of the page: how a learned search went.

import { type Point, plotRun } from "@thoth/adviser/predictors";
import { mask, plural } from "../frame/printable.ts";
import { escapeHtml, sectionHtml } from "./html-page.ts";

export interface SearchPart {
  readonly predictor: string;
  readonly seed: number;
  readonly stacks: number;
  readonly stacksPerSecond: number;
  readonly exhausted: boolean;
  readonly gap?: { readonly level: string; readonly found: number; readonly optimum: number } | null;
  readonly curve: readonly {
    readonly stack: number;
    readonly score: number;
    readonly best: number;
    readonly temperature: number | null;
    readonly acceptance: number | null;
    readonly reward: number | null;
  }[];
}

export function searchSection(part: SearchPart | undefined): readonly string[] {
  return part === undefined ? [] : [sectionHtml("search", "How a learned search went", searchHtml(part))];
}

function searchHtml(part: SearchPart): string {
  const { predictor, seed, stacks, stacksPerSecond, exhausted, gap, curve } = part;
  const words = [
    `${predictor} scored ${plural(stacks, "stack")}, ${stacksPerSecond.toLocaleString("en")} a second${exhausted ? ", and had nothing left to try" : ""}.`,
    gapText(gap),
    "A score is 0 where nothing is paid, and the lower the more is.",
  ];
  const points = curve.map(
    (point): Point => ({
      ...point,
      temperature: point.temperature ?? Number.NaN,
      acceptance: point.acceptance ?? Number.NaN,
      reward: point.reward ?? Number.NaN,
    }),
  );
  return `<p>${escapeHtml(words.join(" "))}</p>
<figure class="chart">${plotRun(mask(`${predictor}, seed ${seed}`), points)}</figure>`;
}

function gapText(gap: SearchPart["gap"]): string {
  if (gap === undefined) return "Nothing is proved of its best.";
  if (gap === null) return "Its best is the proven optimum.";
  return `Its best pays ${gap.found} of ${gap.level}, and the proven optimum ${gap.optimum}.`;
}
