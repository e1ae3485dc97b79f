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
  const isChanged = ({ before, version }: Change) => before !== version;
  const changed = changes.filter(isChanged);
  const kept = changes.filter((change) => !isChanged(change));
  return (
    <details className="thoth-result" open={changed.some(({ before }) => before !== undefined)}>
      <summary>{trans.__("What was chosen, and why")}</summary>
      <List trans={trans} label={trans.__("Changed")} changes={changed} />
      <List trans={trans} label={trans.__("As before")} changes={kept} />
    </details>
  );
}

function List({
  trans,
  label,
  changes,
}: ResultProps & { readonly label: string }): React.ReactElement | null {
  if (changes.length === 0) return null;
  return (
    <ul aria-label={label}>
      {changes.map((change) => (
        <li key={change.name}>
          <strong>{change.name}</strong> {movement(trans, change)}
          {change.reasons.length > 0 && <Reasons reasons={change.reasons} />}
        </li>
      ))}
    </ul>
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
