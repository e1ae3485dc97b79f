// The front of two levels as a picture: each stack that no other betters, the steps between them, and where the advised
// stack and the one that the user has lie.

import {
  BOTTOM,
  diamond,
  differenceText,
  type Front,
  HEIGHT,
  introOf,
  LEFT,
  type Mark,
  marksOf,
  type Pair,
  type Plan,
  planOf,
  RIGHT,
  TOP,
  WIDTH,
} from "@thoth/views/figures";
import { plural } from "../frame/printable.ts";
import { bodyHtml, escapeHtml, rowHtml, sectionHtml, tableHtml } from "./html-page.ts";

export interface FrontPart extends Front {
  readonly points: readonly {
    readonly values: Pair;
    readonly proved: boolean;
    readonly packages: readonly { readonly name: string; readonly version: string }[];
  }[];
}

export function frontSection(part: FrontPart | undefined, stack: FrontPart["points"][number]["packages"]) {
  if (part === undefined) return [];
  const [first, second] = part.levels;
  return [sectionHtml("front", `The trade-off between ${first} and ${second}`, frontHtml(part, stack))];
}

function frontHtml(part: FrontPart, stack: FrontPart["points"][number]["packages"]): string {
  const { levels, points, complete } = part;
  const rows = points.map(({ values: [first, second], packages }) =>
    rowHtml([`${first}`, `${second}`, escapeHtml(differenceText(stack, packages))]),
  );
  const caption = "From the least of the first level to the least of the second";
  return `<p>${escapeHtml(introOf(part))}</p>
<figure class="chart">${frontSvg(part)}</figure>
${tableHtml(caption, [...levels, "against the advised stack"], [bodyHtml(rows)])}${complete ? "" : "\n<p>There may be other stacks between these.</p>"}`;
}

function frontSvg(part: FrontPart): string {
  const { levels, points } = part;
  const plan = planOf(part);
  const title = escapeHtml(`${levels[0]} against ${levels[1]}: ${plural(points.length, "stack")}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><title>${title}</title>
${[...gridOf(plan), axisNames(plan), regionOf(plan), ...points.map(({ values }) => pointOf(values, plan))].join("\n")}
${marksOf(part, plan).map(markSvg).join("")}
</svg>`;
}

/** A line at each value that occurs, as long as they do not crowd. */
function gridOf({ columns, rows, x, y }: Plan): string[] {
  const bottom = HEIGHT - BOTTOM;
  const upright = columns.map(
    (value) =>
      `<path class="grid" d="M${x(value)} ${TOP}V${bottom}"/><text class="tick" x="${x(value)}" y="${bottom + 17}" text-anchor="middle">${value}</text>`,
  );
  const level = rows.map(
    (value) =>
      `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/><text class="tick" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  return [...upright, ...level, `<path class="frame" d="M${LEFT} ${TOP}V${bottom}H${WIDTH - RIGHT}"/>`];
}

function axisNames({ names: [first, second] }: Plan): string {
  return `<text class="axis" x="${WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="end">${escapeHtml(first)} →</text><text class="axis" x="8" y="18">↑ ${escapeHtml(second)}</text>`;
}

/** What stacks can pay. */
function regionOf({ region, steps }: Plan): string {
  return region === "" ? "" : `<path class="possible" d="${region}"/><path class="steps" d="${steps}"/>`;
}

function pointOf([first, second]: Pair, { x, y }: Plan): string {
  return `<circle class="point" cx="${x(first)}" cy="${y(second)}" r="4.5"><title>${first}, ${second}</title></circle>`;
}

function markSvg(mark: Mark): string {
  const { kind, words, left, top, isRight } = mark;
  const shape =
    kind === "advised"
      ? `<circle class="here advised" cx="${left}" cy="${top}" r="9"/>`
      : `<path class="here yours" d="${diamond(mark)}"/>`;
  const text = `<text class="label" x="${isRight ? left - 14 : left + 14}" y="${top - 8}" text-anchor="${isRight ? "end" : "start"}">${words}</text>`;
  return shape + text;
}
