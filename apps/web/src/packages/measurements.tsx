// Measurements as plots: for each release the median and its interval, on a common scale that begins with zero.

import type { PackageDocument } from "@thoth/contract/service";
import * as React from "react";
import { rounded } from "../frame/sentence.tsx";
import { Row, Table } from "../frame/table.tsx";

type Measurement = PackageDocument["measurements"][number];

export function Measurements({ measurements }: Pick<PackageDocument, "measurements">): React.ReactElement {
  if (measurements.length === 0) return <p>Nobody has measured it. That says nothing about its speed.</p>;
  return (
    <>
      {[...groups(measurements)].map(([key, [first, ...others]]) =>
        first === undefined ? null : <Plot key={key} first={first} all={[first, ...others]} />,
      )}
    </>
  );
}

/** What was measured alike, and in the same place, may be compared. */
function groups(measurements: readonly Measurement[]): Map<string, readonly Measurement[]> {
  const found = new Map<string, readonly Measurement[]>();
  for (const item of measurements) {
    const key = JSON.stringify([item.indicator, item.metric, item.unit, item.environment]);
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}

interface PlotProps {
  readonly first: Measurement;
  readonly all: readonly Measurement[];
}

function Plot({ first, all }: PlotProps): React.ReactElement {
  const { indicator, metric, unit, environment, higherIsBetter } = first;
  const most = Math.max(
    ...all.map(({ median, interval }) => Math.max(median, ...interval)),
    Number.MIN_VALUE,
  );
  return (
    <>
      <h3>
        {indicator}: {metric}
      </h3>
      <p className="quiet">
        In {unit}; {higherIsBetter ? "more" : "less"} is better. The dot is the median, the line its interval
        of 95 %. Measured on {environment}.
      </p>
      <Table caption={`${metric} by release`} headings={["version", "plot", unit]}>
        <tbody>
          {all.map((item) => (
            <Row
              key={item.version}
              header={item.version}
              cells={[
                <Interval key="plot" item={item} most={most} />,
                <React.Fragment key="numbers">
                  {rounded(item.median)} <span className="quiet">({intervalText(item)})</span>
                  {item.noisy && <span className="quiet block">noisy: differences may be chance</span>}
                </React.Fragment>,
              ]}
            />
          ))}
        </tbody>
      </Table>
    </>
  );
}

function ends({ interval, median }: Measurement): readonly [number, number] {
  return [interval[0] ?? median, interval[1] ?? median];
}

function intervalText(item: Measurement): string {
  const [low, high] = ends(item);
  return `${rounded(low)} to ${rounded(high)}`;
}

const WIDTH = 220;
const EDGE = 6;

function Interval({ item, most }: { readonly item: Measurement; readonly most: number }): React.ReactElement {
  const x = (value: number) => EDGE + (Math.max(0, value) / most) * (WIDTH - 2 * EDGE);
  const [low, high] = ends(item);
  const label = `${item.version}: ${rounded(item.median)} ${item.unit}, from ${intervalText(item)}`;
  return (
    <svg
      className="interval"
      width={WIDTH}
      height={18}
      viewBox={`0 0 ${WIDTH} 18`}
      role="img"
      aria-label={label}
    >
      <path className="grid" d={`M${EDGE} 9H${WIDTH - EDGE}`} />
      <path className="whisker" d={`M${x(low)} 4v10M${x(low)} 9H${x(high)}M${x(high)} 4v10`} />
      <circle className="point" cx={x(item.median)} cy={9} r={4} />
    </svg>
  );
}
