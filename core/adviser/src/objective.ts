// The objective as cost rows: what each candidate of a package pays on each level (recommendation.md). A level is a
// weighted sum of terms; levels are minimised one after the other.

import { quote, ThothError } from "@thoth/pep";
import type { Level, Term } from "./level.ts";
import type { Policy, Project, RecommendationType } from "./project.ts";
import { COUNTED, type Counted } from "./rules.ts";
import {
  backwardRow,
  breakageRow,
  buildRow,
  changeRow,
  immaturityRow,
  lagRow,
  type Priced,
  prereleaseRow,
  type Row,
  rankRow,
  rewardedRow,
  type SeverityFloor,
  staleRow,
  surfaceRow,
  unprovenRow,
  vulnerabilityRow,
  yankedRow,
} from "./terms.ts";

export interface Objective {
  readonly levels: readonly string[];
  /** How much a rule counts on each level, by what it counts as. */
  readonly ruleWeights: Readonly<Record<Counted, readonly number[]>>;
  /** Cost of each candidate on each level; undefined where a level does not concern the package. */
  rows(priced: Priced, direct: boolean): readonly Row[];
}

const HIGH = "vulnerability(≥ high)";

/** The levels of each type, first to last. */
export const LEVELS: Readonly<Record<RecommendationType, readonly string[]>> = {
  latest: ["prerelease", "lag(direct)", "rank(direct)", "lag(rest)", "rank(rest)"],
  testing: ["lag(direct)", "rank(direct)", "lag(rest)", "rank(rest)"],
  stable: [
    "breakage",
    HIGH,
    "rule",
    "stale",
    "vulnerability(all)",
    "immaturity",
    "build",
    "lag(direct)",
    "lag(rest)",
  ],
  security: [
    HIGH,
    "stale",
    "vulnerability(all)",
    "unproven",
    "immaturity",
    "rule",
    "breakage",
    "lag(direct)",
    "lag(rest)",
    // Last, though it was meant to stand before the lag: docs/decisions/0016.
    "surface",
  ],
  performance: ["breakage", HIGH, "rule", "slowness", "lag(direct)", "lag(rest)"],
};

class PricedTerm implements Priced {
  readonly candidates: Priced["candidates"];
  readonly traits: Priced["traits"];
  readonly admitted: Uint8Array;
  readonly policy: Policy;
  /** False: some candidate has no upload time. */
  readonly timed: boolean;
  readonly lowest: boolean;
  #lag: Float64Array | undefined;

  constructor({ candidates, traits, admitted, policy }: Priced, timed: boolean, lowest: boolean) {
    this.candidates = candidates;
    this.traits = traits;
    this.admitted = admitted;
    this.policy = policy;
    this.timed = timed;
    this.lowest = lowest;
  }

  /** How late each candidate is, worked out once. */
  get lag(): Float64Array {
    this.#lag ??= lagRow(this);
    return this.#lag;
  }
}

const vulnerability = (floor: SeverityFloor) => (priced: Priced) => vulnerabilityRow(priced, floor);

const ROWS = {
  prerelease: prereleaseRow,
  yanked: yankedRow,
  "vulnerability(≥ critical)": vulnerability("critical"),
  [HIGH]: vulnerability("high"),
  "vulnerability(≥ medium)": vulnerability("medium"),
  "vulnerability(≥ low)": vulnerability("low"),
  "vulnerability(all)": vulnerability("all"),
  breakage: breakageRow,
  rule: (priced: PricedTerm) => rewardedRow(priced, "rule"),
  unproven: unprovenRow,
  slowness: (priced: PricedTerm) => rewardedRow(priced, "slowness"),
  stale: (priced: PricedTerm) => (priced.timed ? staleRow(priced.lag) : undefined),
  immaturity: immaturityRow,
  build: buildRow,
  surface: surfaceRow,
  change: changeRow,
  backward: backwardRow,
  // Towards the lowest there is no date to be late for: the place in the order is the whole objective.
  lag: (priced: PricedTerm) => (priced.timed && !priced.lowest ? priced.lag : rankRow(priced)),
  rank: rankRow,
} as const satisfies Readonly<Record<string, (priced: PricedTerm) => Row>>;

type TermName = keyof typeof ROWS;

/**
 * The objective of a policy. `timed` is false when some candidate has no upload time: the rank then stands in
 * for the lag of every package, so that unlike units are never added.
 */
export function createObjective(
  policy: Policy,
  timed: boolean,
  { apartFrom = [], atMost = [] }: Pick<Project, "apartFrom" | "atMost"> = {},
): Objective {
  const repeats = apartFrom.length > 0 ? [{ text: REPEAT, terms: [] }] : [];
  const levels = [...atMost.map(({ level }) => level), ...repeats, ...levelsOf(policy)];
  const { resolution } = policy;
  const plans = new Map([true, false].map((direct) => [direct, planOf(levels, direct)]));
  return {
    levels: levels.map(({ text }) => text),
    ruleWeights: Object.fromEntries(
      COUNTED.map((counted) => [counted, weightsOf(levels, counted)]),
    ) as unknown as Objective["ruleWeights"],
    rows(priced, direct) {
      const lowest = resolution === "lowest" || (resolution === "lowest-direct" && direct);
      const term = new PricedTerm(priced, timed, lowest);
      const rows = new Array<Row>(levels.length).fill(undefined);
      for (const { level, weight, make } of plans.get(direct) ?? []) {
        const row = make(term);
        if (row !== undefined) rows[level] = sumOf(rows[level], row, weight);
      }
      return rows;
    },
  };
}

function weightsOf(levels: readonly Level[], counted: Counted): readonly number[] {
  return levels.map(({ terms }) =>
    terms.reduce((sum, { name, weight }) => sum + (name === counted ? weight : 0), 0),
  );
}

interface Step {
  readonly level: number;
  readonly weight: number;
  readonly make: (priced: PricedTerm) => Row;
}

/** The terms that have a say in what direct packages cost, or the others, with their levels. */
function planOf(levels: readonly Level[], direct: boolean): readonly Step[] {
  return levels.flatMap(({ terms }, level) =>
    terms
      .filter(({ scope }) => scope === "all" || (scope === "direct") === direct)
      .map(({ name, weight }) => ({ level, weight, make: ROWS[name as TermName] })),
  );
}

function sumOf(sum: Row, row: Float64Array, weight: number): Row {
  if (sum === undefined && weight === 1) return row;
  return row.map((cost, candidate) => (sum?.[candidate] ?? 0) + weight * cost);
}

/** The level that counts stacks which were found before. */
export const REPEAT = "repeat";

/** The levels that a policy minimises, first to last. */
export function levelsOf({ objective, recommendationType, prerelease }: Policy): readonly Level[] {
  if (objective !== undefined) return objective;
  const texts = LEVELS[recommendationType];
  return texts
    .filter((text) => text !== "prerelease" || prerelease !== "allow")
    .map((text) => ({ text, terms: [parseTerm(text)] }));
}

const MOST_LEVELS = 16;
const MOST_WEIGHT = 1_000_000;

/**
 * `vulnerability(>=high), 10*stale + build, lag(direct)`: levels apart by commas, each a sum of terms with whole weights.
 * Throws usage.
 */
export function parseObjective(text: string): readonly Level[] {
  const pieces = text.split(",").map((piece) => piece.trim());
  if (pieces.length > MOST_LEVELS)
    throw new ThothError("usage", `an objective has at most ${MOST_LEVELS} levels`);
  return pieces.map((piece) => {
    const terms = piece.split("+").map((term) => parseTerm(term.trim()));
    return { text: terms.map(termText).join(" + "), terms };
  });
}

const TERM = /^(?:(\d{1,7})\s*\*\s*)?([a-z]+)(?:\(\s*(?:(?:\u2265|>=)\s*)?([a-z]+)\s*\))?$/;

function parseTerm(text: string): Term {
  const [, times, word = "", inside] = TERM.exec(text) ?? [];
  const weight = times === undefined ? 1 : Number(times);
  const scope = inside === "direct" || inside === "rest" ? inside : "all";
  const name = nameOf(word, scope === "all" ? inside : undefined);
  if (name === undefined || weight < 1 || weight > MOST_WEIGHT)
    throw new ThothError("usage", `${quote(text)} is no term of an objective`, {
      hint: `Terms are ${Object.keys(ROWS).join(", ")}; those of one kind of package are written lag(direct) or lag(rest), and a weight stands before the term: 10*stale.`,
    });
  return { name, scope, weight };
}

function nameOf(word: string, inside: string | undefined): TermName | undefined {
  const floor = inside ?? (word === "vulnerability" ? "all" : undefined);
  const name = floor === undefined ? word : floor === "all" ? `${word}(all)` : `${word}(≥ ${floor})`;
  return Object.hasOwn(ROWS, name) ? (name as TermName) : undefined;
}

function termText({ name, scope, weight }: Term): string {
  const text = scope === "all" ? name : `${name}(${scope})`;
  return weight === 1 ? text : `${weight}*${text}`;
}
