// The front of two levels as a picture: each stack that no other betters, the steps between them, and where the advised
// stack and the one that the user has lie.

import { plural } from "../frame/printable.ts";
import { differenceText } from "./front-report.ts";
import { bodyHtml, escapeHtml, rowHtml, sectionHtml, tableHtml } from "./html-page.ts";

type Pair = readonly [number, number];

export interface FrontPart {
  readonly levels: readonly [string, string];
  readonly complete: boolean;
  readonly advised: Pair | null;
  readonly yours: Pair | null;
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

function introOf({ levels: [first, second], points, complete }: FrontPart): string {
  const proof = complete ? " That these are all is proved." : "";
  return points.length === 1
    ? `One stack is best on both levels: nothing has to be traded.${proof}`
    : `${plural(points.length, "stack")}, each the best there is for somebody: whoever wants less of ${first} pays more of ${second}.${proof}`;
}

const WIDTH = 640;
const HEIGHT = 340;
const LEFT = 76;
const RIGHT = 24;
const TOP = 44;
const BOTTOM = 52;
/** What is left free between the outermost points and the frame. */
const ROOM = 0.12;
/** Farther off than so many times what the others span. */
const FAR = 2;
/** Half of the points within so small a part of an axis. */
const CROWDED = 0.1;

interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function frontSvg(part: FrontPart): string {
  const { levels, points, advised, yours } = part;
  const pairs = points.map(({ values }) => values);
  const near = [...pairs, ...(advised === null ? [] : [advised])];
  // What is far off would leave nothing to see of the others; it is shown at the edge.
  const all = yours !== null && isNear(yours, near) ? [...near, yours] : near;
  const [across, up] = [scaleOf(all.map(([first]) => first)), scaleOf(all.map(([, second]) => second))];
  const place: Place = {
    x: (value) => round(LEFT + across.share(value) * (WIDTH - LEFT - RIGHT)),
    y: (value) => round(HEIGHT - BOTTOM - up.share(value) * (HEIGHT - TOP - BOTTOM)),
  };
  const title = escapeHtml(`${levels[0]} against ${levels[1]}: ${plural(points.length, "stack")}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><title>${title}</title>
${[...gridOf(all, place), axisNames([across.name(levels[0]), up.name(levels[1])]), regionOf(pairs, place), ...pairs.map((pair) => pointOf(pair, place))].join("\n")}
${marksOf(part, place)}
</svg>`;
}

function isNear(pair: Pair, pairs: readonly Pair[]): boolean {
  return ([0, 1] as const).every((axis) => {
    const most = Math.max(...pairs.map((other) => other[axis]));
    const span = most - Math.min(...pairs.map((other) => other[axis]));
    return pair[axis] - most <= FAR * Math.max(span, 1);
  });
}

/** A line at each value that occurs, as long as they do not crowd. */
function gridOf(pairs: readonly Pair[], { x, y }: Place): string[] {
  const bottom = HEIGHT - BOTTOM;
  const columns = apart([...new Set(pairs.map(([first]) => first))], x, 44).map(
    (value) =>
      `<path class="grid" d="M${x(value)} ${TOP}V${bottom}"/><text class="tick" x="${x(value)}" y="${bottom + 17}" text-anchor="middle">${value}</text>`,
  );
  const rows = apart([...new Set(pairs.map(([, second]) => second))], y, 16).map(
    (value) =>
      `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/><text class="tick" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  return [...columns, ...rows, `<path class="frame" d="M${LEFT} ${TOP}V${bottom}H${WIDTH - RIGHT}"/>`];
}

/** Of some values those that lie so many pixels apart. */
function apart(values: readonly number[], at: (value: number) => number, pixels: number): number[] {
  const kept: number[] = [];
  for (const value of values.toSorted((a, b) => a - b)) {
    const last = kept.at(-1);
    if (last === undefined || Math.abs(at(value) - at(last)) >= pixels) kept.push(value);
  }
  return kept;
}

function axisNames([first, second]: FrontPart["levels"]): string {
  return `<text class="axis" x="${WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="end">${escapeHtml(first)} →</text><text class="axis" x="8" y="18">↑ ${escapeHtml(second)}</text>`;
}

/** What stacks can pay: everything up and to the right of the steps. */
function regionOf(pairs: readonly Pair[], { x, y }: Place): string {
  const [start, ...others] = pairs;
  if (start === undefined) return "";
  const steps = others.map(([first, second]) => `H${x(first)}V${y(second)}`).join("");
  const line = `M${x(start[0])} ${TOP}V${y(start[1])}${steps}H${WIDTH - RIGHT}`;
  return `<path class="possible" d="${line}V${TOP}z"/><path class="steps" d="${line}"/>`;
}

function pointOf([first, second]: Pair, { x, y }: Place): string {
  return `<circle class="point" cx="${x(first)}" cy="${y(second)}" r="4.5"><title>${first}, ${second}</title></circle>`;
}

function marksOf({ advised, yours }: FrontPart, place: Place): string {
  const both = advised !== null && yours !== null && advised[0] === yours[0] && advised[1] === yours[1];
  if (both) return markOf("advised", "advised, and what you have", advised, place);
  return [
    advised === null ? "" : markOf("advised", "advised", advised, place),
    yours === null ? "" : markOf("yours", yoursWords(yours, place), yours, place),
  ].join("");
}

function isOutside([first, second]: Pair, { x, y }: Place): boolean {
  return x(first) > WIDTH - RIGHT || y(second) < TOP;
}

function yoursWords(yours: Pair, place: Place): string {
  return isOutside(yours, place) ? `what you have: far off, ${yours[0]} and ${yours[1]}` : "what you have";
}

/** On the side on which there is room for the words. */
function markOf(kind: "advised" | "yours", words: string, [first, second]: Pair, { x, y }: Place): string {
  const [left, top] = [Math.min(x(first), WIDTH - RIGHT - 9), Math.max(y(second), TOP + 9)];
  const isRight = left > WIDTH / 2;
  const shape =
    kind === "advised"
      ? `<circle class="here advised" cx="${left}" cy="${top}" r="9"/>`
      : `<path class="here yours" d="M${left} ${top - 9}L${left + 9} ${top}L${left} ${top + 9}L${left - 9} ${top}z"/>`;
  const text = `<text class="label" x="${isRight ? left - 14 : left + 14}" y="${top - 8}" text-anchor="${isRight ? "end" : "start"}">${words}</text>`;
  return shape + text;
}

interface Scale {
  /** 0 at the frame's beginning, 1 at its end. */
  readonly share: (value: number) => number;
  readonly name: (level: string) => string;
}

/** Logarithmic where most values would else lie in one corner. */
function scaleOf(values: readonly number[]): Scale {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, middle, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map(
    (value) => value ?? 0,
  ) as [number, number, number];
  const isSkewed = values.length > 2 && middle - low < CROWDED * (high - low);
  const stretch = (value: number) => (isSkewed ? Math.log1p(value) : value);
  const [start, end] = spanOf(values.map(stretch));
  return {
    share: (value) => (stretch(value) - start) / (end - start),
    name: (level) => (isSkewed ? `${level}, logarithmic` : level),
  };
}

function spanOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? (high - low) * ROOM : Math.max(1, high * ROOM);
  return [low - room, high + room];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
