// The stack that the reader has beside the advised one, level by level.

import * as React from "react";
import { Sentence } from "../frame/sentence.tsx";
import { Row, Table } from "../frame/table.tsx";
import type { Yours } from "./model.ts";

export function YoursView({
  yours: { fits, levels, reasons },
}: {
  readonly yours: Yours;
}): React.ReactElement {
  if (fits === null) return <p>It was not scored in time.</p>;
  if (!fits)
    return (
      <>
        <p>What you have is no stack of these requirements:</p>
        <ul>
          {reasons.map((text) => (
            <li key={text}>
              <Sentence text={text} />
            </li>
          ))}
        </ul>
      </>
    );
  const paid = levels.filter(({ yours, advised }) => yours + advised > 0);
  if (paid.length === 0) return <p>Neither it nor the advised stack pays anything.</p>;
  const first = levels.find(({ yours, advised }) => yours !== advised);
  return (
    <Table
      caption="The first level on which they differ decides"
      headings={["level", "you pay", "advised", "change"]}
    >
      <tbody>
        {paid.map(({ level, yours, advised }) => (
          <Row
            key={level}
            header={
              <>
                {level} {level === first?.level && <span className="mark changed">decides</span>}
              </>
            }
            cells={[yours, advised, difference(advised - yours)]}
          />
        ))}
      </tbody>
    </Table>
  );
}

export function difference(value: number): string {
  return value === 0 ? "" : value < 0 ? `−${-value}` : `+${value}`;
}
