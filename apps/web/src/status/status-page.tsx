// How the service does.

import type { StatusDocument } from "@thoth/contract/service";
import * as React from "react";
import { api } from "../api/client.ts";
import { Refused, useAnswer, Waiting } from "../api/use-answer.tsx";
import { dayOf, lasted, momentOf, plural } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import { Title } from "../frame/title.tsx";

const EVERY = 10_000;

export function StatusPage(): React.ReactElement {
  const [answer, again] = useAnswer("status", (signal) => api.readStatus({ signal }));
  React.useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") again();
    }, EVERY);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <>
      <Title name="Status">How the service does</Title>
      {answer.kind === "waiting" && <Waiting what="Asking" />}
      {answer.kind === "refused" && <Refused refusal={answer} again={again} />}
      {answer.kind === "answered" && <Status status={answer.value} />}
    </>
  );
}

function Status({ status: { version, knowledge, queue, workers } }: { readonly status: StatusDocument }) {
  const { ready, running, dead, oldestSeconds } = queue;
  const waiting = ready === 0 ? "nobody waits" : `the longest for ${lasted(oldestSeconds)}`;
  return (
    <>
      <p className="answer">
        {workers.length === 0
          ? "No worker is there at the moment: questions are kept until one comes."
          : `${plural(workers.length, "worker")} ${workers.length === 1 ? "is" : "are"} there.`}
      </p>
      <dl className="facts">
        <dt>Waiting</dt>
        <dd>
          {plural(ready, "question")}; {waiting}
        </dd>
        <dt>Being worked on</dt>
        <dd>{plural(running, "question")}</dd>
        <dt>Given up</dt>
        <dd>{plural(dead, "question")}</dd>
        <dt>Advisories</dt>
        <dd>
          {knowledge.advisories.toLocaleString("en")}
          {knowledge.newest !== null && `, the newest of ${dayOf(knowledge.newest)}`}
        </dd>
        <dt>Rules</dt>
        <dd>{knowledge.rules.toLocaleString("en")}</dd>
        <dt>Version</dt>
        <dd>{version}</dd>
      </dl>
      {workers.length > 0 && (
        <Section id="workers" title="Workers">
          <Table caption="Seen lately" headings={["worker", "version", "seen", "works on"]} isCards>
            <tbody>
              {workers.map(({ id, version: own, seen, jobs }) => (
                <Row key={id} header={id} cells={[own, momentOf(seen), plural(jobs, "question")]} />
              ))}
            </tbody>
          </Table>
        </Section>
      )}
    </>
  );
}
