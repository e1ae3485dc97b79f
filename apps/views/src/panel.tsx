// The panel "Manage dependencies": the state and what helps first, then the packages, then how to choose.

import * as React from "react";
import {
  type Choices,
  ENGINES,
  type Failure,
  type Flaw,
  type PackageRow,
  type PanelModel,
  type Step,
  type Told,
  TYPES,
} from "./model.ts";

export function Panel({ model }: { readonly model: PanelModel }): React.ReactElement {
  const { title, state, action, instead, packages, work, failure, outcome, undo, told } = model;
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
      {instead !== undefined && !isBusy && (
        <button type="button" onClick={() => instead.run()}>
          {instead.label}
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
      <Packages
        rows={packages}
        isBusy={isBusy}
        remove={(name) => model.remove(name)}
        why={(name) => model.why(name)}
      />
      {model.remark !== undefined && <p className="thoth-remark">{model.remark}</p>}
      {told !== undefined && <Telling told={told} />}
      <Choosing choices={model.choices} isBusy={isBusy} choose={(choices) => model.choose(choices)} />
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
  why(name: string): void;
}

function Packages({ rows, isBusy, remove, why }: PackagesProps): React.ReactElement | null {
  if (rows.length === 0) return null;
  const own = rows.filter(({ asked }) => asked !== undefined);
  const others = rows.filter(({ asked }) => asked === undefined);
  const flawed = others.filter(({ flaws = [] }) => flaws.length > 0).length;
  return (
    <>
      <Table caption="Packages" rows={own} isBusy={isBusy} remove={remove} why={why} />
      {others.length > 0 && (
        <details>
          <summary>
            {`${others.length} more that they need`}
            {flawed > 0 && `, ${flawed} with known vulnerabilities`}
          </summary>
          <Table caption="What they need" rows={others} isBusy={isBusy} why={why} />
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
  why(name: string): void;
}

function Table({ caption, rows, isBusy, remove, why }: TableProps): React.ReactElement {
  return (
    <table className="thoth-packages">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Locked</th>
          <th scope="col">
            <span className="thoth-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, asked, locked, installed, flaws = [] }) => (
          <tr key={name}>
            <th scope="row">{asked ?? name}</th>
            <td>
              {standing(locked, installed)}
              <Flaws flaws={flaws} />
            </td>
            <td className="thoth-actions">
              {locked !== undefined && (
                <button type="button" disabled={isBusy} aria-label={`Why ${name}`} onClick={() => why(name)}>
                  ?
                </button>
              )}
              {remove !== undefined && (
                <button
                  type="button"
                  disabled={isBusy}
                  aria-label={`Remove ${name}`}
                  onClick={() => remove(name)}
                >
                  ×
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Links, and never more than a sentence of them. */
function Flaws({ flaws }: { readonly flaws: readonly Flaw[] }): React.ReactElement | null {
  if (flaws.length === 0) return null;
  return (
    <ul
      className="thoth-flaws"
      aria-label={flaws.length === 1 ? "1 known vulnerability" : `${flaws.length} known vulnerabilities`}
    >
      {flaws.map(({ id, severity, link }) => (
        <li key={id}>
          {/^https:/.test(link) ? (
            <a href={link} target="_blank" rel="noreferrer">
              {id}
            </a>
          ) : (
            id
          )}{" "}
          ({severity})
        </li>
      ))}
    </ul>
  );
}

function Telling({ told: { title, text, close } }: { readonly told: Told }): React.ReactElement {
  const section = React.useRef<HTMLElement>(null);
  // It was asked for somewhere in a long list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told of another package is another telling.
  React.useEffect(() => section.current?.focus(), [title]);
  return (
    <section ref={section} tabIndex={-1} className="thoth-told" aria-label={title}>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>{text}</pre>
      <button type="button" onClick={() => close()}>
        Close
      </button>
    </section>
  );
}

/** What is locked, and what is installed where that is another. */
function standing(locked: string | undefined, installed: string | undefined): string {
  if (locked === undefined) return installed === undefined ? "–" : `– (${installed} is installed)`;
  return installed === undefined || installed === locked ? locked : `${locked} (${installed} is installed)`;
}

interface ChoosingProps {
  readonly choices: Choices;
  readonly isBusy: boolean;
  choose(choices: Partial<Choices>): void;
}

function Choosing({ choices, isBusy, choose }: ChoosingProps): React.ReactElement {
  const { type, engine, python } = choices;
  return (
    <>
      <Choice
        label="Recommendation"
        value={type}
        among={TYPES}
        isBusy={isBusy}
        choose={(chosen) => choose({ type: chosen })}
      />
      <details>
        <summary>More options</summary>
        <Choice
          label="Engine"
          value={engine}
          among={ENGINES}
          isBusy={isBusy}
          choose={(chosen) => choose({ engine: chosen })}
        />
        <div className="thoth-choice">
          <label>
            Python
            <input
              type="text"
              value={python}
              placeholder="the one that the notebook says, else this machine's"
              disabled={isBusy}
              spellCheck={false}
              onChange={(event) => choose({ python: event.target.value })}
            />
          </label>
        </div>
      </details>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly among: readonly (readonly [name: string, means: string])[];
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
          {among.map(([name]) => (
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
