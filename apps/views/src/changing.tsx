// The versions of a package that may be locked: written by hand, or put together from those that there are.

import * as React from "react";
import type { Editing } from "./model.ts";
import type { Translator } from "./translate.ts";

const RELATIONS = ["==", ">=", "~=", "<=", "<", "!="];

interface ChangingProps {
  readonly trans: Translator;
  readonly editing: Editing;
  readonly isBusy: boolean;
}

export function Changing({ trans, editing, isBusy }: ChangingProps): React.ReactElement {
  const { name, versions, specifiers } = editing;
  const [text, setText] = React.useState(specifiers);
  const [relation, setRelation] = React.useState("==");
  const [chosen, setChosen] = React.useState("");
  const section = React.useRef<HTMLElement>(null);
  React.useEffect(() => section.current?.focus(), []);
  const version = chosen === "" ? (versions?.find(({ fits }) => fits)?.version ?? "") : chosen;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    editing.apply(text.trim());
  };
  const title = trans.__("Versions of %1", name);
  return (
    <section ref={section} tabIndex={-1} className="thoth-told" aria-label={title}>
      <h3>{title}</h3>
      <form onSubmit={submit}>
        <label className="thoth-field">
          {trans.__("Admitted, such as >=2,<3; empty: any")}
          <input
            type="text"
            value={text}
            spellCheck={false}
            disabled={isBusy}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {versions === undefined ? (
          <p role="status">{trans.__("Asking the index which versions there are …")}</p>
        ) : (
          <div className="thoth-versions">
            <select
              aria-label={trans.__("Relation")}
              value={relation}
              onChange={(event) => setRelation(event.target.value)}
            >
              {RELATIONS.map((sign) => (
                <option key={sign}>{sign}</option>
              ))}
            </select>
            <select
              aria-label={trans.__("Version")}
              value={version}
              onChange={(event) => setChosen(event.target.value)}
            >
              {versions.map((one) => (
                <option key={one.version} value={one.version}>
                  {one.text === "" ? one.version : `${one.version} · ${one.text}`}
                </option>
              ))}
            </select>
            <button type="button" disabled={version === ""} onClick={() => setText(relation + version)}>
              {trans.__("Take")}
            </button>
            <button type="button" disabled={version === "" || isBusy} onClick={() => editing.whyNot(version)}>
              {trans.__("Why not this one?")}
            </button>
          </div>
        )}
        <button type="submit" className="thoth-primary" disabled={isBusy || text.trim() === specifiers}>
          {trans.__("Change")}
        </button>
        <button type="button" onClick={() => editing.close()}>
          {trans.__("Close")}
        </button>
      </form>
    </section>
  );
}
