// What a lock came to: the versions that are others than before, and why each is what it is.

import * as React from "react";
import { Link } from "./link.tsx";
import type { Change, Reason } from "./model.ts";
import type { Translator } from "./translate.ts";

interface ResultProps {
  readonly trans: Translator;
  readonly changes: readonly Change[];
}

export function Result({ trans, changes }: ResultProps): React.ReactElement | null {
  if (changes.length === 0) return null;
  return (
    <details className="thoth-result">
      <summary>{trans.__("What was chosen, and why")}</summary>
      <ul aria-label={trans.__("What was chosen")}>
        {changes.map((change) => (
          <li key={change.name}>
            <strong>{change.name}</strong> {movement(trans, change)}
            {change.reasons.length > 0 && <Reasons reasons={change.reasons} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

function movement(trans: Translator, { before, version }: Change): string {
  if (version === undefined) return trans.__("%1 is gone", before);
  if (before === undefined || before === version) return version;
  return `${before} → ${version}`;
}

function Reasons({ reasons }: { readonly reasons: readonly Reason[] }): React.ReactElement {
  return (
    <ul>
      {reasons.map(({ text, link }) => (
        <li key={text}>
          <Link to={link}>{text}</Link>
        </li>
      ))}
    </ul>
  );
}
