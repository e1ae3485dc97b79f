// Where the values of a front lie in its picture.

export type Pair = readonly [number, number];

export interface Front {
  readonly levels: readonly [string, string];
  readonly complete: boolean;
  readonly advised: Pair | null;
  readonly yours: Pair | null;
  readonly points: readonly { readonly values: Pair }[];
}

export const WIDTH = 640;
export const HEIGHT = 340;
export const LEFT = 76;
export const RIGHT = 24;
export const TOP = 44;
export const BOTTOM = 52;
/** What is left free between the outermost points and the frame. */
const ROOM = 0.12;
/** Farther off than so many times what the others span. */
const FAR = 2;
/** Half of the points within so small a part of an axis. */
const CROWDED = 0.1;

export interface Plan {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Values with a line of the grid. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  /** Of the axes. */
  readonly names: readonly [string, string];
  /** What stacks can pay: everything up and to the right of the steps. */
  readonly region: string;
  readonly steps: string;
}

export function planOf({ levels, points, advised, yours }: Front): Plan {
  const pairs = points.map(({ values }) => values);
  const near = [...pairs, ...(advised === null ? [] : [advised])];
  // What is far off would leave nothing to see of the others; it is shown at the edge.
  const all = yours !== null && isNear(yours, near) ? [...near, yours] : near;
  const [across, up] = [scaleOf(all.map(([first]) => first)), scaleOf(all.map(([, second]) => second))];
  const x = (value: number) => round(LEFT + across.share(value) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => round(HEIGHT - BOTTOM - up.share(value) * (HEIGHT - TOP - BOTTOM));
  const steps = stepsOf(pairs, x, y);
  return {
    x,
    y,
    columns: apart([...new Set(all.map(([first]) => first))], x, 44),
    rows: apart([...new Set(all.map(([, second]) => second))], y, 16),
    names: [across.name(levels[0]), up.name(levels[1])],
    steps,
    region: steps === "" ? "" : `${steps}V${TOP}z`,
  };
}

export function introOf({ levels: [first, second], points, complete }: Front): string {
  const all = points.length === 1 ? "That there is no other is proved." : "That these are all is proved.";
  const proof = complete ? ` ${all}` : "";
  return points.length === 1
    ? `One stack is best on both levels: nothing has to be traded.${proof}`
    : `${points.length.toLocaleString("en")} stacks, each the best there is for somebody: whoever wants less of ${first} pays more of ${second}.${proof}`;
}

export interface Mark {
  readonly kind: "advised" | "yours";
  readonly words: string;
  readonly left: number;
  readonly top: number;
  /** The words stand on the side on which there is room for them. */
  readonly isRight: boolean;
}

/** Where the advised stack and the one that the reader has lie. */
export function marksOf({ advised, yours }: Front, plan: Plan): readonly Mark[] {
  const isBoth = advised !== null && yours !== null && advised[0] === yours[0] && advised[1] === yours[1];
  if (isBoth) return [markOf("advised", "advised, and what you have", advised, plan)];
  return [
    ...(advised === null ? [] : [markOf("advised", "advised", advised, plan)]),
    ...(yours === null ? [] : [markOf("yours", yoursWords(yours, plan), yours, plan)]),
  ];
}

function yoursWords([first, second]: Pair, { x, y }: Plan): string {
  const isOutside = x(first) > WIDTH - RIGHT || y(second) < TOP;
  return isOutside ? `what you have: far off, ${first} and ${second}` : "what you have";
}

function markOf(kind: Mark["kind"], words: string, [first, second]: Pair, { x, y }: Plan): Mark {
  const [left, top] = [Math.min(x(first), WIDTH - RIGHT - 9), Math.max(y(second), TOP + 9)];
  return { kind, words, left, top, isRight: left > WIDTH / 2 };
}

/** A diamond: a `d` of SVG. */
export function diamond({ left, top }: Mark): string {
  return `M${left} ${top - 9}L${left + 9} ${top}L${left} ${top + 9}L${left - 9} ${top}z`;
}

type Along = (value: number) => number;

function stepsOf(pairs: readonly Pair[], x: Along, y: Along): string {
  const [start, ...others] = pairs;
  if (start === undefined) return "";
  const steps = others.map(([first, second]) => `H${x(first)}V${y(second)}`).join("");
  return `M${x(start[0])} ${TOP}V${y(start[1])}${steps}H${WIDTH - RIGHT}`;
}

function isNear(pair: Pair, pairs: readonly Pair[]): boolean {
  return ([0, 1] as const).every((axis) => {
    const most = Math.max(...pairs.map((other) => other[axis]));
    const span = most - Math.min(...pairs.map((other) => other[axis]));
    return pair[axis] - most <= FAR * Math.max(span, 1);
  });
}

/** Of some values those that lie so many pixels apart. */
function apart(values: readonly number[], at: Along, pixels: number): number[] {
  const kept: number[] = [];
  for (const value of values.toSorted((a, b) => a - b)) {
    const last = kept.at(-1);
    if (last === undefined || Math.abs(at(value) - at(last)) >= pixels) kept.push(value);
  }
  return kept;
}

interface Scale {
  /** 0 at the frame's beginning, 1 at its end. */
  readonly share: (value: number) => number;
  readonly name: (level: string) => string;
}

/** Logarithmic where most values would else lie in one corner. */
function scaleOf(values: readonly number[]): Scale {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const middle = sorted[sorted.length >> 1] ?? 0;
  const high = sorted.at(-1) ?? 0;
  const isSkewed = values.length > 2 && middle - low < CROWDED * (high - low);
  const stretch = (value: number) => (isSkewed ? Math.log1p(value) : value);
  const [start, end] = spanOf(values.map(stretch));
  return {
    share: (value) => (stretch(value) - start) / (end - start),
    name: (level) => (isSkewed ? `${level}, logarithmic` : level),
  };
}

function spanOf(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = high > low ? (high - low) * ROOM : Math.max(1, high * ROOM);
  return [low - room, high + room];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
