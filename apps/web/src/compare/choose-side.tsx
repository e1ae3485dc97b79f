// One side of a comparison: an advice that was asked for here, one whose name is known, or a report out of a file.

import * as React from "react";
import { ownQuestions } from "../ask/own-questions.ts";
import { parseHarmless } from "../frame/harmless.ts";
import { momentOf } from "../frame/sentence.tsx";
import { parseResult } from "../report/model.ts";
import type { Side } from "./compare-reports.ts";

/** An advice by its name, or a report out of a file. */
export type Chosen =
  | { readonly kind: "name"; readonly id: string }
  | { readonly kind: "file"; readonly side: Side };

interface ChooseSideProps {
  readonly label: string;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
}

export function ChooseSide({ label, chosen, choose }: ChooseSideProps): React.ReactElement {
  const [trouble, setTrouble] = React.useState("");
  const chooser = React.useRef<HTMLInputElement>(null);
  const names = React.useId();
  const read = async (event: React.ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    event.target.value = "";
    if (file === undefined) return;
    const result = parseResult(parseHarmless(await file.text()));
    if (result.kind !== "advice")
      return setTrouble(`${file.name} is no report of advice (thoth advise --json).`);
    setTrouble("");
    choose({ kind: "file", side: { name: file.name, report: result.report } });
  };
  return (
    <fieldset>
      <legend>{label}</legend>
      <label className="field">
        Name of an advice
        <input
          type="text"
          list={names}
          spellCheck={false}
          autoComplete="off"
          value={chosen.kind === "name" ? chosen.id : ""}
          onChange={(event) => choose({ kind: "name", id: idIn(event.target.value) })}
        />
      </label>
      <datalist id={names}>
        {ownQuestions().map(({ id, title, at }) => (
          <option key={id} value={id}>{`${title} · ${momentOf(at)}`}</option>
        ))}
      </datalist>
      <p className="quiet">
        <button type="button" onClick={() => chooser.current?.click()}>
          Choose a report
        </button>{" "}
        {chosen.kind === "file" ? <strong>{chosen.side.name}</strong> : "It is not sent to anybody."}
      </p>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={`Report: ${label}`}
        accept=".json,application/json"
        onChange={(event) => void read(event)}
      />
      <p role="alert" className={trouble === "" ? "" : "trouble"}>
        {trouble}
      </p>
    </fieldset>
  );
}

/** Whoever has the address of an advice may paste it as it is. */
function idIn(text: string): string {
  return /\/advice\/([^/?#]+)/.exec(text)?.[1] ?? text.trim();
}
