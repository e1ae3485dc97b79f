// An advice under its own address: while it is worked on, and what has come of it.

import * as React from "react";
import { Refused, Waiting } from "../api/use-answer.tsx";
import { Link } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { Title } from "../frame/title.tsx";
import type { Result } from "../report/model.ts";
import { ReportView } from "../report/report.tsx";
import { Failed } from "./failed.tsx";
import { Left } from "./left.tsx";
import { Log } from "./log.tsx";
import { Progress } from "./progress.tsx";
import { ProvenanceView } from "./provenance.tsx";
import { type JobView, useJob } from "./use-job.ts";

export function AdvicePage({ id }: { readonly id: string }): React.ReactElement {
  const [isLeft, setLeft] = React.useState(false);
  return isLeft ? (
    <Left id={id} again={() => setLeft(false)} />
  ) : (
    <Watched id={id} leave={() => setLeft(true)} />
  );
}

interface WatchedProps {
  readonly id: string;
  readonly leave: () => void;
}

function Watched({ id, leave }: WatchedProps): React.ReactElement {
  const [view, again] = useJob(id);
  return (
    <>
      <Title name={titleOf(view)}>{headingOf(view)}</Title>
      {/* One region for all that is said while the page changes by itself. */}
      <p role="status" className="unseen">
        {announcementOf(view)}
      </p>
      <Body id={id} view={view} again={again} leave={leave} />
    </>
  );
}

interface BodyProps extends WatchedProps {
  readonly view: JobView;
  readonly again: () => void;
}

function Body({ id, view, again, leave }: BodyProps): React.ReactElement {
  switch (view.kind) {
    case "waiting":
      return <Waiting what="Looking for the advice" />;
    case "refused":
      return view.status === 404 ? <Missing /> : <Refused refusal={view} again={again} />;
    case "working":
      return <Progress job={view.job} isLost={view.isLost} leave={leave} />;
    case "ended":
      return <Ended id={id} view={view} />;
    default:
      return view satisfies never;
  }
}

function Ended({ id, view }: { readonly id: string; readonly view: JobView & { kind: "ended" } }) {
  const { job, result, text } = view;
  if (result?.kind === "advice") return <ReportView id={id} report={result.report} source={text} />;
  if (result?.kind === "provenance") return <ProvenanceView provenance={result.provenance} />;
  if (result?.kind === "strange")
    return (
      <div className="failure" role="alert">
        <p className="first">The answer is of a form that this page does not know.</p>
        <p>
          It can still be read as <a href={job.links.result}>JSON</a>.
        </p>
      </div>
    );
  const failure = result?.kind === "failure" ? result.failure : undefined;
  return (
    <>
      <Failed id={id} job={job} failure={failure} />
      <Log id={id} />
    </>
  );
}

function Missing(): React.ReactElement {
  return (
    <div className="failure" role="alert">
      <p className="first">There is no advice of this name.</p>
      <p>
        It may have been removed, it may belong to somebody else, or the address was not copied as a whole.{" "}
        <Link to={addressOf.ask}>Ask for advice</Link>
      </p>
    </div>
  );
}

function headingOf(view: JobView): string {
  switch (view.kind) {
    case "waiting":
      return "Advice";
    case "refused":
      return view.status === 404 ? "No such advice" : "Advice";
    case "working":
      return "Your question is being worked on";
    case "ended":
      return view.result === undefined ? endOf(view.job.state) : HEADINGS[view.result.kind](view.result);
    default:
      return view satisfies never;
  }
}

function endOf(state: string): string {
  return state === "cancelled" ? "The question was cancelled" : "There is no answer";
}

const HEADINGS: Readonly<Record<Result["kind"], (result: Result) => string>> = {
  advice: (result) =>
    `Advice: the greatest stack by the type ${result.kind === "advice" ? result.report.recommendationType : ""}`,
  provenance: () => "Where the files of a lock come from",
  failure: () => "There is no answer",
  strange: () => "Advice",
};

function titleOf(view: JobView): string {
  return view.kind === "working" ? "Working" : headingOf(view);
}

function announcementOf(view: JobView): string {
  if (view.kind === "working")
    return view.isLost ? "The service does not answer; trying again." : stepOf(view);
  return view.kind === "ended" ? `Done. ${headingOf(view)}.` : "";
}

/** Only the step, not each of its counts: those would be read out without an end. */
function stepOf({ job }: JobView & { kind: "working" }): string {
  if (job.state === "ready") return "Waiting for its turn.";
  return job.progress === null ? "Working." : `Working: ${job.progress.label}.`;
}
