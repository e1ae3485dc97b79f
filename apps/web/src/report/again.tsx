// How to get the same advice again: the date, the place, and the command.

import * as React from "react";
import { knowledgeText } from "./answer.tsx";
import type { AdvisedStack, Report } from "./model.ts";

interface AgainProps {
  readonly report: Report;
  readonly stack: AdvisedStack;
}

export function Again({ report, stack: { lock } }: AgainProps): React.ReactElement {
  const { asOf, made, rules = [], knowledge } = report;
  const { python_full_version: python, sys_platform: platform, platform_machine: machine } = lock.environment;
  const target = [
    python === undefined || python === "" ? undefined : `Python ${python}`,
    platform,
    machine,
  ].filter((word) => word !== undefined && word !== "");
  return (
    <>
      <p>
        As of {asOf}: nothing uploaded later counts. {target.length > 0 && `For ${target.join(", ")}. `}
        {knowledgeText(knowledge)}
        {made !== undefined && ` It was made by Thoth ${made.thoth}.`}
      </p>
      {rules.map(({ source, commit }) => (
        <p key={source}>
          Its rules are those of {source} at commit {commit}.
        </p>
      ))}
      <p>Download the report as JSON, and ask the command whether the answer is still the same:</p>
      <pre>
        <code>thoth advise --replay {fileOf(report)}</code>
      </pre>
      {made !== undefined && made.requirements.length > 0 && (
        <details>
          <summary>What was asked for</summary>
          <pre>
            <code>{made.requirements.map(({ requirement }) => requirement).join("\n")}</code>
          </pre>
        </details>
      )}
    </>
  );
}

export function fileOf({ recommendationType }: Report): string {
  return `advice-${recommendationType}.json`;
}
