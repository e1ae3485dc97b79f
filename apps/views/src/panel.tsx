// The panel "Manage dependencies": the state and what helps first, then what came of it, the packages, and how to choose.

import * as React from "react";
import { Adding } from "./adding.tsx";
import { Changing } from "./changing.tsx";
import { Choosing } from "./choosing.tsx";
import type { Action, Failure, Offer, PanelModel, Step, Told } from "./model.ts";
import { Packages } from "./packages.tsx";
import { Result } from "./result.tsx";
import { Sharing } from "./sharing.tsx";
import type { Translator } from "./translate.ts";

export function Panel({ model }: { readonly model: PanelModel }): React.ReactElement {
  const { trans, title, state, action, instead, work, failure, outcome, undo, told, editing, log } = model;
  const isBusy = work !== undefined;
  return (
    <section className="thoth-panel" aria-label={trans.__("Dependencies of %1", title)} aria-busy={isBusy}>
      <h2>{title}</h2>
      <p className="thoth-state" role="status">
        {state}
      </p>
      {!isBusy && <Do action={action} isPrimary />}
      {!isBusy && <Do action={instead} />}
      {!isBusy && model.offers.map((offer) => <Offered key={offer.text} offer={offer} />)}
      {work !== undefined && <Work trans={trans} steps={work.steps} cancel={() => work.cancel()} />}
      {failure !== undefined && <Trouble failure={failure} />}
      <p className="thoth-outcome" role="status">
        {outcome}
      </p>
      <Result trans={trans} changes={model.changes} />
      {!isBusy && <Do action={undo} />}
      <Adding
        trans={trans}
        isBusy={isBusy}
        found={model.found}
        search={(text) => model.search(text)}
        add={(requirement) => model.add(requirement)}
      />
      {editing !== undefined && (
        <Changing key={editing.name} trans={trans} editing={editing} isBusy={isBusy} />
      )}
      <Packages
        trans={trans}
        rows={model.packages}
        isBusy={isBusy}
        edit={(name) => model.edit(name)}
        remove={(name) => model.remove(name)}
        why={(name) => model.why(name)}
      />
      {model.remark !== undefined && <p className="thoth-remark">{model.remark.text}</p>}
      {!isBusy && <Do action={model.remark?.action} />}
      {told !== undefined && <Telling trans={trans} told={told} />}
      <Choosing
        trans={trans}
        choices={model.choices}
        isBusy={isBusy}
        choose={(choices) => model.choose(choices)}
      />
      <Sharing trans={trans} sharing={model.sharing} isBusy={isBusy} />
      <Log trans={trans} lines={log} />
    </section>
  );
}

interface DoProps {
  readonly action: Action | undefined;
  readonly isPrimary?: boolean;
}

function Do({ action, isPrimary = false }: DoProps): React.ReactElement | null {
  if (action === undefined) return null;
  return (
    <button type="button" className={isPrimary ? "thoth-primary" : ""} onClick={() => action.run()}>
      {action.label}
    </button>
  );
}

function Offered({ offer: { text, action } }: { readonly offer: Offer }): React.ReactElement {
  return (
    <div className="thoth-offer" role="status">
      <p>{text}</p>
      <Do action={action} />
    </div>
  );
}

interface WorkProps {
  readonly trans: Translator;
  readonly steps: readonly Step[];
  cancel(): void;
}

function Work({ trans, steps, cancel }: WorkProps): React.ReactElement {
  return (
    <div className="thoth-work">
      <ol aria-label={trans.__("Progress")}>
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
        {trans.__("Cancel")}
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
      {ways.map((way) => (
        <Do key={way.label} action={way} />
      ))}
    </div>
  );
}

interface TellingProps {
  readonly trans: Translator;
  readonly told: Told;
}

function Telling({ trans, told: { title, text, close } }: TellingProps): React.ReactElement {
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
        {trans.__("Close")}
      </button>
    </section>
  );
}

interface LogProps {
  readonly trans: Translator;
  readonly lines: readonly string[];
}

function Log({ trans, lines }: LogProps): React.ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <details className="thoth-log">
      <summary>{trans.__("Log")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>{lines.join("\n")}</pre>
    </details>
  );
}
