// What the smallest loosening of one requirement would gain, and a way to ask for it.

import type { AdviceRequest } from "@thoth/contract/service";
import * as React from "react";
import { Refused } from "../api/use-answer.tsx";
import { changed } from "../ask/given-file.ts";
import { useAsking } from "../ask/use-asking.ts";
import { Row, Table } from "../frame/table.tsx";
import type { AdvisedStack, Relaxation } from "./model.ts";

interface LooseningProps {
  readonly stack: AdvisedStack;
  /** Where it was asked in this browser. */
  readonly question: AdviceRequest | undefined;
}

export function Loosening({ stack: { relaxations }, question }: LooseningProps): React.ReactElement {
  const { ask, refusal, isAsking } = useAsking();
  if (relaxations.length === 0) return <p>No gain from loosening one of your requirements is reported.</p>;
  const other = ({ requirement, instead }: Relaxation) =>
    question && changed(question, [{ from: requirement, to: instead }]);
  return (
    <>
      <Table
        caption="One requirement at a time; nothing is loosened unasked"
        headings={["your requirement", "instead", "would pay", "known vulnerabilities then", "proof"]}
        isCards
      >
        <tbody>
          {relaxations.map((gain) => (
            <Row
              key={`${gain.requirement} ${gain.instead}`}
              header={<code>{gain.requirement}</code>}
              cells={[
                <Instead key="instead" gain={gain} question={other(gain)} ask={ask} isAsking={isAsking} />,
                `${gain.level}: ${gain.before} → ${gain.after}`,
                gain.vulnerabilities,
                gain.proof === "optimal" ? "proved" : "the best that was found",
              ]}
            />
          ))}
        </tbody>
      </Table>
      {refusal !== undefined && <Refused refusal={refusal} />}
    </>
  );
}

interface InsteadProps {
  readonly gain: Relaxation;
  readonly question: AdviceRequest | undefined;
  readonly ask: (question: AdviceRequest) => Promise<void>;
  readonly isAsking: boolean;
}

function Instead({ gain, question, ask, isAsking }: InsteadProps): React.ReactElement {
  return (
    <>
      <code>{gain.instead}</code>{" "}
      {question !== undefined && (
        <button type="button" disabled={isAsking} onClick={() => void ask(question)}>
          Ask with it
        </button>
      )}
    </>
  );
}
