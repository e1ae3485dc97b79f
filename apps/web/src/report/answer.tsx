// The answer in one sentence, and what it rests on in another.

import { isChanged } from "@thoth/views/figures";
import * as React from "react";
import { flaws, plural } from "../frame/sentence.tsx";
import { type AdvisedPackage, type AdvisedStack, countFlaws, flawsBefore, type Report } from "./model.ts";

interface AnswerProps {
  readonly report: Report;
  readonly stack: AdvisedStack;
}

export function Answer({ report, stack }: AnswerProps): React.ReactElement {
  const { recommendationType, asOf, knowledge } = report;
  const { packages, proof } = stack;
  const compared = packages.filter(({ before }) => before !== undefined);
  const changed = compared.filter(isChanged).length;
  return (
    <>
      <p className="answer">
        By the type <strong>{recommendationType}</strong>, this stack of{" "}
        <strong>{plural(packages.length, "package")}</strong>{" "}
        {proof === "optimal" ? (
          <>
            is <strong>optimal (proved)</strong>
          </>
        ) : (
          <>
            is <strong>the best that was found</strong>; a better one is not ruled out
          </>
        )}
        :{" "}
        {knowledge.advisories === 0 ? (
          "no advisories were looked at"
        ) : (
          <Flaws packages={packages} compared={compared} />
        )}
        {compared.length > 0 && (
          <>
            ; <strong>{plural(changed, "package")}</strong> changed
          </>
        )}
        .
      </p>
      <p className="quiet">
        As of {asOf}. {knowledgeText(knowledge)}
      </p>
    </>
  );
}

interface FlawsProps {
  readonly packages: readonly AdvisedPackage[];
  readonly compared: readonly AdvisedPackage[];
}

function Flaws({ packages, compared }: FlawsProps): React.ReactElement {
  const all = countFlaws(packages);
  const before = compared.map(flawsBefore);
  if (compared.length === 0 || before.includes(undefined)) return <strong>{flaws(all)}</strong>;
  const had = before.reduce((sum, known) => sum + (known?.length ?? 0), 0);
  const rest =
    compared.length === packages.length
      ? ""
      : ` in the ${plural(compared.length, "package")} that you have, ${all} in all`;
  return (
    <>
      known vulnerabilities{" "}
      <strong>
        {had} → {countFlaws(compared)}
      </strong>
      {rest}
    </>
  );
}

export function knowledgeText({ advisories, newest }: Report["knowledge"]): string {
  if (advisories === 0)
    return "No advisories were looked at, so nothing is said about known vulnerabilities.";
  const age = newest === null ? "" : `, the newest of ${newest}`;
  return `The advice rests on ${plural(advisories, "advisory", "advisories")}${age}.`;
}
