// The front of two levels as a picture: each stack that no other betters, the steps between them, and where the advised stack and
// the one that the reader has lie.

import {
  BOTTOM,
  diamond,
  differenceText,
  HEIGHT,
  introOf,
  LEFT,
  marksOf,
  planOf,
  RIGHT,
  type Stack,
  TOP,
  WIDTH,
} from "@thoth/views/figures";
import * as React from "react";
import { Scrolled } from "../frame/scrolled.tsx";
import { plural } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import type { Front } from "./model.ts";

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
      {marksOf(front, plan).map((mark) => {
        const { kind, words, left, top, isRight } = mark;
        return (
          <React.Fragment key={kind}>
            {kind === "advised" ? (
              <circle className="here advised" cx={left} cy={top} r={9} />
            ) : (
              <path className="here yours" d={diamond(mark)} />
            )}
            <text
              className="label"
              x={isRight ? left - 14 : left + 14}
              y={top - 8}
              textAnchor={isRight ? "end" : "start"}
            >
              {words}
            </text>
          </React.Fragment>
        );
      })}
    </svg>
  );
}
