// How to choose: what makes a stack the best one, and what is seldom changed.

import * as React from "react";
import {
  type Choices,
  enginesIn,
  type Option,
  type PanelModel,
  platformsIn,
  prereleasesIn,
  typesIn,
} from "./model.ts";

interface ChoosingProps extends Pick<PanelModel, "trans" | "choices" | "choose"> {
  readonly isBusy: boolean;
}

export function Choosing({ trans, choices, isBusy, choose }: ChoosingProps): React.ReactElement {
  const choice = (
    label: string,
    key: "type" | "engine" | "platform" | "prerelease",
    among: readonly Option[],
  ) => (
    <Choice
      label={label}
      value={choices[key]}
      among={among}
      isBusy={isBusy}
      choose={(chosen) => choose({ [key]: chosen } as Partial<Choices>)}
    />
  );
  return (
    <>
      {choice(trans.__("Recommendation"), "type", typesIn(trans))}
      <details>
        <summary>{trans.__("More options")}</summary>
        {choice(trans.__("Engine"), "engine", enginesIn(trans))}
        <div className="thoth-choice">
          <label>
            {trans.__("Python")}
            <input
              type="text"
              value={choices.python}
              placeholder={trans.__("the one that the notebook says, else this machine's")}
              disabled={isBusy}
              spellCheck={false}
              onChange={(event) => choose({ python: event.target.value })}
            />
          </label>
        </div>
        {choice(trans.__("Platform"), "platform", platformsIn(trans))}
        {choice(trans.__("Pre-releases"), "prerelease", prereleasesIn(trans))}
        <div className="thoth-choice">
          <label>
            {trans.__("As of")}
            <input
              type="text"
              value={choices.asOf}
              placeholder={trans.__("today")}
              disabled={isBusy}
              spellCheck={false}
              onChange={(event) => choose({ asOf: event.target.value })}
            />
          </label>
          <p>
            {trans.__(
              "a date, such as 2021-06-30: nothing newer counts; auto: when the notebook was last run",
            )}
          </p>
        </div>
        <label className="thoth-check">
          <input
            type="checkbox"
            checked={choices.review}
            disabled={isBusy}
            onChange={(event) => choose({ review: event.target.checked })}
          />
          {trans.__("Show me what was chosen before it is installed")}
        </label>
      </details>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly among: readonly Option[];
  readonly isBusy: boolean;
  choose(name: string): void;
}

function Choice({ label, value, among, isBusy, choose }: ChoiceProps): React.ReactElement {
  const [, means] = among.find(([name]) => name === value) ?? ["", ""];
  return (
    <div className="thoth-choice">
      <label>
        {label}
        <select value={value} disabled={isBusy} onChange={(event) => choose(event.target.value)}>
          {among.map(([name, text]) => (
            <option key={name} value={name}>
              {name === "" ? text : name}
            </option>
          ))}
        </select>
      </label>
      <p>{value === "" ? "" : means}</p>
    </div>
  );
}
