// Two advices side by side: by their names at the service, or out of files of one's own, which stay in this browser.

import type { ComparisonDocument } from "@thoth/contract/service";
import * as React from "react";
import { api } from "../api/client.ts";
import { Refused, useAnswer, Waiting } from "../api/use-answer.tsx";
import { addressOf, navigate } from "../frame/place.ts";
import { Title } from "../frame/title.tsx";
import { parseResult } from "../report/model.ts";
import { ChooseSide, type Chosen } from "./choose-side.tsx";
import { compareReports, type Side } from "./compare-reports.ts";
import { Comparison } from "./comparison.tsx";

interface ComparePageProps {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function ComparePage({ before, after }: ComparePageProps): React.ReactElement {
  return (
    <>
      <Title name="Compare">Two advices side by side</Title>
      <Choose key={`${before} ${after}`} before={before} after={after} />
      {before !== undefined && after !== undefined && <Asked before={before} after={after} />}
    </>
  );
}

function Asked({ before, after }: { readonly before: string; readonly after: string }): React.ReactElement {
  const [answer, again] = useAnswer(`${before} ${after}`, (signal) =>
    api.compareResults({ query: { before, after }, signal }),
  );
  switch (answer.kind) {
    case "waiting":
      return <Waiting what="Comparing" />;
    case "refused":
      return <Refused refusal={answer} again={again} />;
    case "answered":
      return <Comparison comparison={answer.value} />;
    default:
      return answer satisfies never;
  }
}

function Choose({ before, after }: ComparePageProps): React.ReactElement {
  const [chosen, setChosen] = React.useState<readonly [Chosen, Chosen]>([
    { kind: "name", id: before ?? "" },
    { kind: "name", id: after ?? "" },
  ]);
  const [comparison, setComparison] = React.useState<ComparisonDocument>();
  const [trouble, setTrouble] = React.useState("");
  const [first, second] = chosen;
  const compare = async (event: React.FormEvent) => {
    event.preventDefault();
    setTrouble("");
    setComparison(undefined);
    if (first.kind === "name" && second.kind === "name") {
      if (first.id === "" || second.id === "") return setTrouble("Name two advices, or choose two reports.");
      return navigate(addressOf.comparison(first.id, second.id));
    }
    const [old, fresh] = await Promise.all([first, second].map(sideOf));
    if (typeof old === "string") return setTrouble(old);
    if (typeof fresh === "string") return setTrouble(fresh);
    if (old !== undefined && fresh !== undefined) setComparison(compareReports(old, fresh));
  };
  return (
    <>
      <form onSubmit={(event) => void compare(event)} className="ask" noValidate>
        <div className="row sides">
          <ChooseSide label="Before" chosen={first} choose={(side) => setChosen([side, second])} />
          <ChooseSide label="After" chosen={second} choose={(side) => setChosen([first, side])} />
        </div>
        <p role="alert" className={trouble === "" ? "" : "trouble"}>
          {trouble}
        </p>
        <div className="actions">
          <button type="submit" className="primary">
            Compare
          </button>
        </div>
      </form>
      {comparison !== undefined && <Comparison comparison={comparison} />}
    </>
  );
}

/** A sentence where it cannot be had. */
async function sideOf(chosen: Chosen): Promise<Side | string> {
  if (chosen.kind === "file") return chosen.side;
  if (chosen.id === "") return "Name two advices, or choose two reports.";
  const outcome = await api.readResult({ places: { id: chosen.id } });
  if (outcome.kind === "refused") return `${chosen.id}: ${outcome.message}.`;
  const result = parseResult(outcome.value);
  return result.kind === "advice"
    ? { name: chosen.id, report: result.report }
    : `${chosen.id} has no stack that could be compared.`;
}
