import * as React from "react";
import type { PanelModel } from "./model.ts";

interface AddingProps extends Pick<PanelModel, "trans" | "found" | "search" | "add"> {
  readonly isBusy: boolean;
}

/** A package to add, its name found as one types. */
export function Adding({ trans, found, isBusy, search, add }: AddingProps): React.ReactElement {
  const [text, setText] = React.useState("");
  const list = React.useId();
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    add(text.trim());
    setText("");
  };
  const type = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <form className="thoth-add" onSubmit={submit}>
      <label>
        {trans.__("Add a package")}
        <input
          type="text"
          list={list}
          autoComplete="off"
          value={text}
          placeholder="pandas>=2"
          disabled={isBusy}
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
        />
      </label>
      <datalist id={list}>
        {found.map(({ name, newest }) => (
          <option key={name} value={name}>
            {newest ?? ""}
          </option>
        ))}
      </datalist>
      <button type="submit" disabled={isBusy || text.trim() === ""}>
        {trans.__("Add")}
      </button>
    </form>
  );
}
