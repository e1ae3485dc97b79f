// Why there is no answer: the facts that cannot hold together, and the ways out of them.

import type { AdviceRequest, JobDocument } from "@thoth/contract/service";
import * as React from "react";
import { Refused } from "../api/use-answer.tsx";
import { type Change, changed } from "../ask/given-file.ts";
import { keepDraft, questionOf } from "../ask/own-questions.ts";
import { useAsking } from "../ask/use-asking.ts";
import { Link } from "../frame/link.tsx";
import { addressOf, navigate } from "../frame/place.ts";
import { capital, Sentence } from "../frame/sentence.tsx";
import type { FailureReport } from "../report/model.ts";

interface FailedProps {
  readonly id: string;
  readonly job: JobDocument;
  /** Absent where the job has no document. */
  readonly failure: FailureReport | undefined;
}

export function Failed({ id, job, failure }: FailedProps): React.ReactElement {
  const question = questionOf(id);
  const told: FailureReport | undefined = failure ?? job.failure ?? undefined;
  if (told === undefined) return <Ended job={job} question={question} />;
  const [first = "", ...facts] = told.message.split("\n").map((line) => line.trim());
  const ways = waysIn(told);
  const hints = (told.hint ?? "").split("\n").filter((line) => line !== "" && !isWay(line, ways));
  return (
    <div className="failure">
      <p className="first">
        <Sentence text={capital(first)} /> <span className="code">{told.code}</span>
      </p>
      {facts.length > 0 && (
        <ul className="facts">
          {facts.map((fact) => (
            <li key={fact}>
              <Sentence text={fact} />
            </li>
          ))}
        </ul>
      )}
      <Ways ways={ways} question={question} />
      {hints.map((hint) => (
        <p key={hint}>
          <Sentence text={hint} />
        </p>
      ))}
      <Edit question={question} />
    </div>
  );
}

/** Each way is some changes of requirements that were seen to have an answer. */
function waysIn(failure: FailureReport): readonly (readonly Change[])[] {
  const { changes } = (failure.details ?? {}) as { readonly changes?: unknown };
  if (!Array.isArray(changes)) return [];
  return changes.filter((way): way is readonly Change[] => Array.isArray(way) && way.every(isChange));
}

function isChange(value: unknown): value is Change {
  const { from, to } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof from === "string" && typeof to === "string";
}

/** What the buttons say already. */
function isWay(line: string, ways: readonly (readonly Change[])[]): boolean {
  return ways.some((way) => way.every(({ from, to }) => line.includes(`\`${to}\` instead of \`${from}\``)));
}

interface WaysProps {
  readonly ways: readonly (readonly Change[])[];
  readonly question: AdviceRequest | undefined;
}

function Ways({ ways, question }: WaysProps): React.ReactElement | null {
  const { ask, refusal, isAsking } = useAsking();
  if (ways.length === 0) return null;
  return (
    <>
      <p>{ways.length === 1 ? "This would do; it was tried:" : "Each of these would do; they were tried:"}</p>
      <ul className="ways">
        {ways.map((way) => {
          const other = question && changed(question, way);
          const words = way.map(({ from, to }) => `\`${to}\` instead of \`${from}\``).join(" and ");
          return (
            <li key={words}>
              <Sentence text={words} />{" "}
              {other !== undefined && (
                <button type="button" disabled={isAsking} onClick={() => void ask(other)}>
                  Ask again with {way.map(({ to }) => to).join(" and ")}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {refusal !== undefined && <Refused refusal={refusal} />}
    </>
  );
}

function Ended({
  job,
  question,
}: {
  readonly job: JobDocument;
  readonly question: AdviceRequest | undefined;
}) {
  return (
    <div className="failure">
      <p className="first">
        {job.state === "cancelled"
          ? "Somebody cancelled it before there was an answer."
          : "It was begun several times and never came to an end."}
      </p>
      <Edit question={question} />
    </div>
  );
}

export function Edit({ question }: { readonly question: AdviceRequest | undefined }): React.ReactElement {
  const edit = (known: AdviceRequest) => {
    keepDraft(known);
    navigate(addressOf.ask);
  };
  return (
    <div className="actions">
      {question === undefined ? (
        <Link to={addressOf.ask}>Ask for advice</Link>
      ) : (
        <button type="button" onClick={() => edit(question)}>
          Change the question
        </button>
      )}
    </div>
  );
}
