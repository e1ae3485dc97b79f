// The course of a run as one SVG text: what each stack scored and the best so far, and what the predictor did meanwhile.
// It needs nothing beside it, and stands in a page as well as alone. Long runs are thinned to what a line can show.

import type { Point } from "./history.ts";

interface Line {
  readonly label: string;
  readonly kind: "stack" | "best" | "other";
  readonly value: (point: Point) => number;
}

interface Panel {
  readonly title: string;
  readonly height: number;
  /** What the axis shows at least. */
  readonly span?: readonly [number, number];
  /** Costs of the first levels are so large that nothing else could be seen beside them. */
  readonly isLogarithmic?: boolean;
  readonly lines: readonly Line[];
}

const only = (label: string, value: Line["value"]): readonly Line[] => [{ label, kind: "other", value }];

const PANELS: readonly Panel[] = [
  {
    title: "score, logarithmic: 0 would be perfect",
    height: 240,
    isLogarithmic: true,
    lines: [
      { label: "each stack", kind: "stack", value: (point) => point.score },
      { label: "best so far", kind: "best", value: (point) => point.best },
    ],
  },
  { title: "temperature", height: 110, lines: only("temperature", (point) => point.temperature) },
  {
    title: "probability of leaving the best",
    height: 110,
    span: [0, 1],
    lines: only("probability", (point) => point.acceptance),
  },
  {
    title: "reward of a step on average, logarithmic",
    height: 110,
    isLogarithmic: true,
    lines: only("reward", (point) => point.reward),
  },
];

const WIDTH = 800;
const LEFT = 84;
const RIGHT = 16;
const TOP = 34;
/** Above and below the lines of a panel. */
const HEAD = 26;
const FOOT = 26;

const STYLE = `.run { color-scheme: light dark; --run-ground: #fff; --run-ink: #1c2126; --run-quiet: #57606a; --run-line: #d4d9de; --run-stack: #8fb3d9; --run-best: #0b57a4; --run-other: #a8511d; }
@media screen and (prefers-color-scheme: dark) { .run { --run-ground: #14181c; --run-ink: #e3e7eb; --run-quiet: #a0a9b2; --run-line: #39414a; --run-stack: #4c6c8f; --run-best: #8fc1f7; --run-other: #eea063; } }
.run text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--run-quiet); }
.run .run-title { fill: var(--run-ink); font-weight: 600; } .run .run-name { fill: var(--run-ink); font-size: 14px; font-weight: 600; }
.run polyline { fill: none; stroke-width: 1.4; stroke-linejoin: round; } .run-axis { stroke: var(--run-line); }
.run-stack { stroke: var(--run-stack); } .run-best { stroke: var(--run-best); } .run polyline.run-best { stroke-width: 2.2; }
.run-other { stroke: var(--run-other); }`;

/** Panels without a single number, such as the temperature of what never cools, are left out. */
export function plotRun(title: string, history: readonly Point[]): string {
  const panels = PANELS.filter(({ lines }) =>
    lines.some(({ value }) => history.some((point) => Number.isFinite(value(point)))),
  );
  const height = TOP + Math.max(40, sumOf(panels));
  const body = panels.map((panel, at) => plotPanel(panel, history, TOP + sumOf(panels.slice(0, at))));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="run" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeText(title)}">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="var(--run-ground)"/>`,
    `<text class="run-name" x="8" y="20">${escapeText(title)}</text>`,
    ...(panels.length === 0 ? [`<text x="${LEFT}" y="${TOP + 20}">no stacks</text>`] : body),
    "</svg>",
    "",
  ].join("\n");
}

function sumOf(panels: readonly Panel[]): number {
  return panels.reduce((sum, { height }) => sum + height, 0);
}

function plotPanel(panel: Panel, history: readonly Point[], top: number): string {
  const { title, height, lines, span = [], isLogarithmic = false } = panel;
  // Scores and rewards are 0 or negative.
  const stretch = (value: number) => (isLogarithmic ? -Math.log10(1 - value) : value);
  const shrink = (place: number) => (isLogarithmic ? 1 - 10 ** -place : place);
  const values = lines.flatMap(({ value }) => history.map(value)).filter((value) => Number.isFinite(value));
  const [low, high] = spanOf([...values, ...span].map(stretch));
  const [first, last] = spanOf(history.map((point) => point.stack));
  const x = (stack: number) => round(LEFT + ((stack - first) / (last - first)) * (WIDTH - LEFT - RIGHT));
  const bottom = top + height - FOOT;
  const y = (value: number) =>
    round(bottom - ((stretch(value) - low) / (high - low)) * (height - HEAD - FOOT));
  const drawn = lines.map(({ kind, value }) => {
    const points = history.filter((point) => Number.isFinite(value(point)));
    const path = points.map((point) => `${x(point.stack)},${y(value(point))}`).join(" ");
    return `<polyline class="run-${kind}" points="${path}"/>`;
  });
  const marks = [low, (low + high) / 2, high]
    .map(shrink)
    .map(
      (value) =>
        `<path class="run-axis" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${shorten(value)}</text>`,
    );
  return [
    `<text class="run-title" x="${LEFT}" y="${top + 14}">${title}</text>`,
    ...(lines.length > 1 ? [legend(lines, top + 10)] : []),
    ...marks,
    `<text x="${LEFT}" y="${bottom + 17}">stack ${shorten(first)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${bottom + 17}" text-anchor="end">${shorten(last)}</text>`,
    ...drawn,
  ].join("\n");
}

const LEGEND_STEP = 110;

function legend(lines: readonly Line[], y: number): string {
  return lines
    .map(({ label, kind }, at) => {
      const x = WIDTH - RIGHT - (lines.length - at) * LEGEND_STEP;
      return `<path class="run-${kind}" stroke-width="3" d="M${x} ${y}h18"/><text x="${x + 24}" y="${y + 4}">${label}</text>`;
    })
    .join("");
}

/** Least and greatest of some numbers, apart from each other. */
function spanOf(values: readonly number[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? [low, high] : [low, low + 1];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Three digits: 0.25, 1,200, 3.46e12. */
function shorten(value: number): string {
  const short = Number(value.toPrecision(3));
  if (Math.abs(short) >= 1e6) return short.toExponential().replace("e+", "e");
  return Number.isInteger(short) ? String(short).replace(/\B(?=(\d{3})+$)/g, ",") : String(short);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  const seen = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, " ");
  return seen.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
