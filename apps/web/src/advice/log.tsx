// What was said while a question was worked on: asked for when somebody wants to read it.

import * as React from "react";
import { api } from "../api/client.ts";
import { Refused, useAnswer, Waiting } from "../api/use-answer.tsx";
import { momentOf } from "../frame/sentence.tsx";

export function Log({ id }: { readonly id: string }): React.ReactElement {
  const [isOpen, setOpen] = React.useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What was said while it was worked on</summary>
      {isOpen && <Lines id={id} />}
    </details>
  );
}

function Lines({ id }: { readonly id: string }): React.ReactElement {
  const [answer, again] = useAnswer(id, (signal) => api.readLog({ places: { id }, signal }));
  if (answer.kind === "waiting") return <Waiting what="Looking" />;
  if (answer.kind === "refused") return <Refused refusal={answer} again={again} />;
  const { lines } = answer.value;
  if (lines.length === 0) return <p>Nothing was said.</p>;
  return (
    <ol className="log">
      {lines.map(({ at, text }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same may be said twice at a time.
        <li key={place}>
          <span className="quiet">{momentOf(at)}</span> {text}
        </li>
      ))}
    </ol>
  );
}
