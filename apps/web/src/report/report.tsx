// The report of an advice: the answer, what changes and why, what was traded, what is known and what is not.

import * as React from "react";
import { questionOf } from "../ask/own-questions.ts";
import { Outside } from "../frame/link.tsx";
import { Sentence } from "../frame/sentence.tsx";
import { Section } from "../frame/table.tsx";
import { Again } from "./again.tsx";
import { Answer } from "./answer.tsx";
import { Changes } from "./changes.tsx";
import { Evidence } from "./evidence.tsx";
import { FrontView } from "./front.tsx";
import { Graph } from "./graph.tsx";
import { Loosening } from "./loosening.tsx";
import type { AdvisedStack, Report } from "./model.ts";
import { Objective } from "./objective.tsx";
import { Stack } from "./stack.tsx";
import { Take } from "./take.tsx";
import { Unknown, unknownOf } from "./unknown.tsx";
import { YoursView } from "./yours.tsx";

interface ReportProps {
  /** Of the job; absent for a report out of a file. */
  readonly id?: string;
  readonly report: Report;
  /** The document as it came. */
  readonly source: unknown;
}

export function ReportView({ id, report, source }: ReportProps): React.ReactElement {
  const [shown, setShown] = React.useState(0);
  const stack = report.products[shown];
  if (stack === undefined) return <p className="answer">No stack was found.</p>;
  const { front, yours, products } = report;
  return (
    <>
      <Answer report={report} stack={stack} />
      {products.length > 1 && <Others count={products.length} shown={shown} show={setShown} />}
      <Take id={id} stack={stack} source={source} name={`advice-${report.recommendationType}`} />
      <Contents report={report} stack={stack} />
      <Section id="changes" title="What changes, and why">
        <Changes stack={stack} />
      </Section>
      <Rules stack={stack} />
      {yours !== undefined && (
        <Section id="yours" title="What you have, by the same measure">
          <YoursView yours={yours} />
        </Section>
      )}
      <Section id="vulnerabilities" title="Known vulnerabilities">
        <Evidence knowledge={report.knowledge} stack={stack} />
      </Section>
      <Section id="graph" title="What needs what">
        <Graph packages={stack.packages} />
      </Section>
      <Section id="objective" title="What is paid, level by level">
        <Objective stack={stack} />
      </Section>
      {front !== undefined && <FrontView front={front} stack={stack.packages} />}
      <Section id="loosening" title="What loosening a requirement would gain">
        <Loosening stack={stack} question={id === undefined ? undefined : questionOf(id)} />
      </Section>
      <Unknown unknown={unknownOf(report, stack)} />
      <Section id="again" title="How to get this advice again">
        <Again report={report} stack={stack} />
      </Section>
      <Section id="stack" title="The whole stack">
        <Stack packages={stack.packages} />
      </Section>
    </>
  );
}

interface OthersProps {
  readonly count: number;
  readonly shown: number;
  readonly show: (at: number) => void;
}

function Others({ count, shown, show }: OthersProps): React.ReactElement {
  return (
    <label className="field inline">
      Stack
      <select value={shown} onChange={(event) => show(Number(event.target.value))}>
        {Array.from({ length: count }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: stacks are told apart by their rank.
          <option key={at} value={at}>
            {at === 0 ? "the best" : `the best apart from ${at} before it`}
          </option>
        ))}
      </select>
    </label>
  );
}

function Contents({ report, stack }: { readonly report: Report; readonly stack: AdvisedStack }) {
  const parts = [
    ["changes", "What changes"],
    ...(stack.stackInfo.length > 0 ? [["rules", "Rules"]] : []),
    ...(report.yours === undefined ? [] : [["yours", "What you have"]]),
    ["vulnerabilities", "Known vulnerabilities"],
    ["graph", "What needs what"],
    ["objective", "What is paid"],
    ...(report.front === undefined ? [] : [["front", "Trade-off"]]),
    ["loosening", "Loosening"],
    ["unknown", "What is not known"],
    ["again", "Again"],
    ["stack", "Whole stack"],
  ];
  return (
    <nav aria-label="On this page" className="contents">
      <ul>
        {parts.map(([id, words]) => (
          <li key={id}>
            <a href={`#${id}`}>{words}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Rules({ stack: { stackInfo } }: { readonly stack: AdvisedStack }): React.ReactElement | null {
  if (stackInfo.length === 0) return null;
  return (
    <Section id="rules" title="What rules say of the whole stack">
      <ul className="points">
        {stackInfo.map(({ type, message, link }) => (
          <li key={`${type} ${message}`}>
            {type !== "INFO" && <strong>{type.toLowerCase()}: </strong>}
            <Sentence text={message} /> <Outside to={link} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
