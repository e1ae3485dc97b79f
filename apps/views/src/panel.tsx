// The panel "Manage dependencies": the state and what helps first, then the packages, then how to choose.

import * as React from "react";
import { type Failure, type PackageRow, type PanelModel, type Step, TYPES } from "./model.ts";

export function Panel({ model }: { readonly model: PanelModel }): React.ReactElement {
  const { title, state, action, packages, work, failure, outcome, undo } = model;
  const isBusy = work !== undefined;
  return (
    <section className="thoth-panel" aria-label={`Dependencies of ${title}`} aria-busy={isBusy}>
      <h2>{title}</h2>
      <p className="thoth-state" role="status">
        {state}
      </p>
      {action !== undefined && !isBusy && (
        <button type="button" className="thoth-primary" onClick={() => action.run()}>
          {action.label}
        </button>
      )}
      {!isBusy &&
        model.offers.map(({ text, action: { label, run } }) => (
          <div key={text} className="thoth-offer" role="status">
            <p>{text}</p>
            <button type="button" onClick={() => run()}>
              {label}
            </button>
          </div>
        ))}
      {work !== undefined && <Work steps={work.steps} cancel={() => work.cancel()} />}
      {failure !== undefined && <Trouble failure={failure} />}
      <p className="thoth-outcome" role="status">
        {outcome}
      </p>
      {undo !== undefined && !isBusy && (
        <button type="button" onClick={() => undo.run()}>
          {undo.label}
        </button>
      )}
      <Adding isBusy={isBusy} add={(requirement) => model.add(requirement)} />
      <Packages rows={packages} isBusy={isBusy} remove={(name) => model.remove(name)} />
      <Choice type={model.type} isBusy={isBusy} choose={(type) => model.choose(type)} />
    </section>
  );
}

function Work({ steps, cancel }: { readonly steps: readonly Step[]; cancel(): void }): React.ReactElement {
  return (
    <div className="thoth-work">
      <ol aria-label="Progress">
        {steps.map(({ label, done, total, text, over }) => (
          <li key={label} className={over ? "thoth-over" : ""}>
            <span className="thoth-label">{label}</span>{" "}
            {over ? null : (
              <progress aria-label={label} {...(total > 0 ? { value: done, max: total } : {})} />
            )}{" "}
            <span>{text}</span>
          </li>
        ))}
      </ol>
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

function Trouble({ failure: { message, hint, ways } }: { readonly failure: Failure }): React.ReactElement {
  return (
    <div className="thoth-failure" role="alert">
      {message.split("\n").map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name.
        <p key={at}>{line}</p>
      ))}
      {hint !== undefined && <p className="thoth-hint">{hint}</p>}
      {ways.map(({ label, run }) => (
        <button key={label} type="button" onClick={() => run()}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Adding({
  isBusy,
  add,
}: {
  readonly isBusy: boolean;
  add(requirement: string): void;
}): React.ReactElement {
  const [text, setText] = React.useState("");
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    add(text.trim());
    setText("");
  };
  return (
    <form className="thoth-add" onSubmit={submit}>
      <label>
        Add a package
        <input
          type="text"
          value={text}
          placeholder="pandas>=2"
          disabled={isBusy}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" disabled={isBusy || text.trim() === ""}>
        Add
      </button>
    </form>
  );
}

interface PackagesProps {
  readonly rows: readonly PackageRow[];
  readonly isBusy: boolean;
  remove(name: string): void;
}

function Packages({ rows, isBusy, remove }: PackagesProps): React.ReactElement | null {
  if (rows.length === 0) return null;
  const own = rows.filter(({ asked }) => asked !== undefined);
  const others = rows.filter(({ asked }) => asked === undefined);
  return (
    <>
      <Table caption="Packages" rows={own} isBusy={isBusy} remove={remove} />
      {others.length > 0 && (
        <details>
          <summary>{`${others.length} more that they need`}</summary>
          <Table caption="What they need" rows={others} isBusy={isBusy} />
        </details>
      )}
    </>
  );
}

interface TableProps {
  readonly caption: string;
  readonly rows: readonly PackageRow[];
  readonly isBusy: boolean;
  remove?(name: string): void;
}

function Table({ caption, rows, isBusy, remove }: TableProps): React.ReactElement {
  return (
    <table className="thoth-packages">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Locked</th>
          {remove !== undefined && (
            <th scope="col">
              <span className="thoth-hidden">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, asked, locked, installed }) => (
          <tr key={name}>
            <th scope="row">{asked ?? name}</th>
            <td>{standing(locked, installed)}</td>
            {remove !== undefined && (
              <td>
                <button
                  type="button"
                  disabled={isBusy}
                  aria-label={`Remove ${name}`}
                  onClick={() => remove(name)}
                >
                  ×
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is locked, and what is installed where that is another. */
function standing(locked: string | undefined, installed: string | undefined): string {
  if (locked === undefined) return installed === undefined ? "–" : `– (${installed} is installed)`;
  if (installed === undefined) return `${locked} (not installed)`;
  return installed === locked ? locked : `${locked} (${installed} is installed)`;
}

interface ChoiceProps {
  readonly type: string;
  readonly isBusy: boolean;
  choose(type: string): void;
}

function Choice({ type, isBusy, choose }: ChoiceProps): React.ReactElement {
  const [, means] = TYPES.find(([name]) => name === type) ?? ["", ""];
  return (
    <div className="thoth-choice">
      <label>
        Recommendation
        <select value={type} disabled={isBusy} onChange={(event) => choose(event.target.value)}>
          {TYPES.map(([name]) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p>{means}</p>
    </div>
  );
}
