// What was traded: each level, what is paid on it and by whom.

import { meaningOf, type Payer, payersOf } from "@thoth/views/figures";
import * as React from "react";
import { Row, Table } from "../frame/table.tsx";
import type { AdvisedPackage, AdvisedStack, Level } from "./model.ts";

export function Objective({ stack: { objective, packages } }: { readonly stack: AdvisedStack }) {
  const isOpen = objective.some(({ value, bound }) => bound < value);
  const paid = objective.filter(({ value }) => value > 0);
  const all = objective.map(({ level, value }) => `${level} ${value.toLocaleString("en")}`);
  return (
    <>
      <p>In the order in which they count: {all.join(", ")}.</p>
      {paid.length > 0 && <PaidTable paid={paid} isOpen={isOpen} packages={packages} />}
    </>
  );
}

interface PaidTableProps {
  readonly paid: readonly Level[];
  readonly isOpen: boolean;
  readonly packages: readonly AdvisedPackage[];
}

function PaidTable({ paid, isOpen, packages }: PaidTableProps): React.ReactElement {
  return (
    <>
      <p className="quiet">
        Levels are compared from the first to the last, and less is better. A bar is divided among those who
        pay; bars of different levels have different units.
        {isOpen && " A stroke across a bar: no stack can pay less than this."}
      </p>
      <Table
        caption="Levels on which something is paid"
        headings={["level", "paid", "at least", "who pays"]}
        isCards
      >
        <tbody>
          {paid.map((level) => (
            <LevelRow key={level.level} level={level} packages={packages} />
          ))}
        </tbody>
      </Table>
    </>
  );
}

interface LevelRowProps {
  readonly level: Level;
  readonly packages: readonly AdvisedPackage[];
}

function LevelRow({ level, packages }: LevelRowProps): React.ReactElement {
  const { value, bound } = level;
  const meaning = meaningOf(level.level);
  const payers = value > 0 ? payersOf(level, packages) : [];
  return (
    <Row
      header={
        <>
          {level.level}
          {meaning !== undefined && <span className="quiet block">{meaning}</span>}
        </>
      }
      cells={[
        value.toLocaleString("en"),
        bound.toLocaleString("en"),
        <React.Fragment key="payers">
          {value > 0 && <Bar level={level} payers={payers} />}
          <span className="quiet block">{payers.map(({ name, cost }) => `${name} ${cost}`).join(", ")}</span>
        </React.Fragment>,
      ]}
    />
  );
}

const WIDTH = 200;

function Bar({
  level: { level, value, bound },
  payers,
}: {
  readonly level: Level;
  readonly payers: readonly Payer[];
}) {
  const scale = WIDTH / Math.max(value, 1);
  const starts = payers.map((_, at) => payers.slice(0, at).reduce((sum, { cost }) => sum + cost * scale, 0));
  const stroke = Math.min(WIDTH, Math.max(0, bound * scale));
  return (
    <svg
      className="bar"
      width={WIDTH}
      height={16}
      viewBox={`0 0 ${WIDTH} 16`}
      role="img"
      aria-label={`${level}: ${value} paid, at least ${bound} by any stack`}
    >
      {payers.map(({ name, cost }, at) => (
        <rect
          key={name}
          className={at % 2 === 0 ? "slice" : "slice next"}
          x={starts[at]}
          y={2}
          width={Math.max(1, cost * scale - 1)}
          height={12}
        />
      ))}
      {bound < value && <path className="bound" d={`M${stroke} 0V16`} />}
    </svg>
  );
}
