// The course of a run as one SVG text: scores, temperature and rewards over the stacks. It needs nothing beside it.

import type { Point } from "./history.ts";

interface Line {
  readonly label: string;
  readonly color: string;
  readonly value: (point: Point) => number;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const PANELS: readonly Panel[] = [
  {
    title: "score",
    lines: [
      { label: "stack", color: "#9db7d5", value: (point) => point.score },
      { label: "best so far", color: "#1f5fa8", value: (point) => point.best },
    ],
  },
  {
    title: "temperature",
    lines: [{ label: "temperature", color: "#b5451b", value: (point) => point.temperature }],
  },
  {
    title: "reward per step",
    lines: [{ label: "reward", color: "#3b7d3b", value: (point) => point.reward }],
  },
];

const WIDTH = 800;
const HEIGHT = 180;
const LEFT = 110;
const RIGHT = 20;
const TOP = 30;
const BOTTOM = 30;

/** Panels without a single number, such as the temperature of what never cools, are left out. */
export function plotRun(title: string, history: readonly Point[]): string {
  const panels = PANELS.filter(({ lines }) =>
    lines.some(({ value }) => history.some((point) => Number.isFinite(value(point)))),
  );
  const height = TOP + Math.max(1, panels.length) * HEIGHT;
  const body = panels.map((panel, i) => plotPanel(panel, history, TOP + i * HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escapeText(title)}">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    `<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-size="15">${escapeText(title)}</text>`,
    ...(panels.length === 0 ? [`<text x="${LEFT}" y="${TOP + 40}">no stacks</text>`] : body),
    "</svg>",
    "",
  ].join("\n");
}

function plotPanel({ title, lines }: Panel, history: readonly Point[], top: number): string {
  const values = lines.flatMap(({ value }) => history.map(value)).filter((value) => Number.isFinite(value));
  const [low, high] = spanOf(values);
  const [first, last] = spanOf(history.map((point) => point.stack));
  const x = (stack: number) => round(LEFT + ((stack - first) / (last - first)) * (WIDTH - LEFT - RIGHT));
  const bottom = top + HEIGHT - BOTTOM;
  const y = (value: number) => round(bottom - ((value - low) / (high - low)) * (HEIGHT - BOTTOM - 20));
  const drawn = lines.map(({ color, value }) => {
    const points = history.filter((point) => Number.isFinite(value(point)));
    const path = points.map((point) => `${x(point.stack)},${y(value(point))}`).join(" ");
    return `<polyline fill="none" stroke="${color}" stroke-width="1.2" points="${path}"/>`;
  });
  const legend = lines.map(
    ({ label, color }, i) =>
      `<text x="${WIDTH - RIGHT}" y="${top + 12 + 14 * i}" text-anchor="end" fill="${color}">${label}</text>`,
  );
  return [
    `<path d="M${LEFT} ${y(high)}V${bottom}H${WIDTH - RIGHT}" fill="none" stroke="#888"/>`,
    `<text x="10" y="${top + 12}" font-weight="bold">${title}</text>`,
    `<text x="${LEFT - 6}" y="${y(high) + 4}" text-anchor="end">${number(high)}</text>`,
    `<text x="${LEFT - 6}" y="${bottom}" text-anchor="end">${number(low)}</text>`,
    `<text x="${LEFT}" y="${bottom + 16}">${number(first)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${bottom + 16}" text-anchor="end">stack ${number(last)}</text>`,
    ...drawn,
    ...legend,
  ].join("\n");
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

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
