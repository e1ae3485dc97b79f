// The front of two levels as a picture: each stack that no other betters, the steps between them, and where the advised stack and
// the one that the reader has lie.

import * as React from "react";
import { Scrolled } from "../frame/scrolled.tsx";
import { plural } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import { BOTTOM, HEIGHT, LEFT, type Plan, planOf, RIGHT, TOP, WIDTH } from "./front-plan.ts";
import type { Front, Pair, Stack } from "./model.ts";

interface FrontProps {
  readonly front: Front;
  /** The advised one. */
  readonly stack: Stack;
}

export function FrontView({ front, stack }: FrontProps): React.ReactElement | null {
  const { levels, points, complete } = front;
  const isPair = (pair: readonly unknown[] | null) => pair === null || pair.length === 2;
  const pairs = [levels, front.advised, front.yours, ...points.map(({ values }) => values)];
  if (points.length === 0 || !pairs.every(isPair)) return null;
  return (
    <Section id="front" title={`The trade-off between ${levels[0]} and ${levels[1]}`}>
      <p>{introOf(front)}</p>
      <Scrolled label="Picture of the trade-off" className="chart">
        <Picture front={front} />
      </Scrolled>
      <Table
        caption="From the least of the first level to the least of the second"
        headings={[...levels, "against the advised stack"]}
      >
        <tbody>
          {points.map(({ values: [first, second], packages }) => (
            <Row
              key={`${first} ${second}`}
              header={first}
              cells={[second, differenceText(stack, packages)]}
            />
          ))}
        </tbody>
      </Table>
      {!complete && <p>There may be other stacks between these.</p>}
    </Section>
  );
}

function introOf({ levels: [first, second], points, complete }: Front): string {
  const all = points.length === 1 ? "That there is no other is proved." : "That these are all is proved.";
  const proof = complete ? ` ${all}` : "";
  return points.length === 1
    ? `One stack is best on both levels: nothing has to be traded.${proof}`
    : `${plural(points.length, "stack")}, each the best there is for somebody: whoever wants less of ${first} pays more of ${second}.${proof}`;
}

const MOST_MOVED = 6;

/** How a stack differs from another, in words: what moved, what is new, what is gone. */
export function differenceText(from: Stack, to: Stack): string {
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

function Picture({ front }: { readonly front: Front }): React.ReactElement {
  const plan = React.useMemo(() => planOf(front), [front]);
  const { columns, rows, names, region, steps, x, y } = plan;
  const label = `${front.levels[0]} against ${front.levels[1]}: ${plural(front.points.length, "stack")}; the table below has the numbers`;
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {columns.map((value) => (
        <React.Fragment key={value}>
          <path className="grid" d={`M${x(value)} ${TOP}V${HEIGHT - BOTTOM}`} />
          <text className="tick" x={x(value)} y={HEIGHT - BOTTOM + 17} textAnchor="middle">
            {value}
          </text>
        </React.Fragment>
      ))}
      {rows.map((value) => (
        <React.Fragment key={value}>
          <path className="grid" d={`M${LEFT} ${y(value)}H${WIDTH - RIGHT}`} />
          <text className="tick" x={LEFT - 8} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </React.Fragment>
      ))}
      <path className="frame" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
      <text className="axis" x={WIDTH - RIGHT} y={HEIGHT - 10} textAnchor="end">
        {names[0]} →
      </text>
      <text className="axis" x={8} y={18}>
        ↑ {names[1]}
      </text>
      <path className="possible" d={region} />
      <path className="steps" d={steps} />
      {front.points.map(({ values: [first, second] }) => (
        <circle key={`${first} ${second}`} className="point" cx={x(first)} cy={y(second)} r={4.5} />
      ))}
      <Marks front={front} plan={plan} />
    </svg>
  );
}

function Marks({ front: { advised, yours }, plan }: { readonly front: Front; readonly plan: Plan }) {
  const isBoth = advised !== null && yours !== null && advised[0] === yours[0] && advised[1] === yours[1];
  if (isBoth) return <Mark kind="advised" words="advised, and what you have" pair={advised} plan={plan} />;
  return (
    <>
      {advised !== null && <Mark kind="advised" words="advised" pair={advised} plan={plan} />}
      {yours !== null && <Mark kind="yours" words={yoursWords(yours, plan)} pair={yours} plan={plan} />}
    </>
  );
}

function yoursWords([first, second]: Pair, { x, y }: Plan): string {
  const isOutside = x(first) > WIDTH - RIGHT || y(second) < TOP;
  return isOutside ? `what you have: far off, ${first} and ${second}` : "what you have";
}

interface MarkProps {
  readonly kind: "advised" | "yours";
  readonly words: string;
  readonly pair: Pair;
  readonly plan: Plan;
}

/** On the side on which there is room for the words. */
function Mark({ kind, words, pair: [first, second], plan: { x, y } }: MarkProps): React.ReactElement {
  const [left, top] = [Math.min(x(first), WIDTH - RIGHT - 9), Math.max(y(second), TOP + 9)];
  const isRight = left > WIDTH / 2;
  return (
    <>
      {kind === "advised" ? (
        <circle className="here advised" cx={left} cy={top} r={9} />
      ) : (
        <path
          className="here yours"
          d={`M${left} ${top - 9}L${left + 9} ${top}L${left} ${top + 9}L${left - 9} ${top}z`}
        />
      )}
      <text
        className="label"
        x={isRight ? left - 14 : left + 14}
        y={top - 8}
        textAnchor={isRight ? "end" : "start"}
      >
        {words}
      </text>
    </>
  );
}
