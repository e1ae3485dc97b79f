// The packages: what is asked for, what is locked and installed, and what is to be said of each.

import * as React from "react";
import { Link } from "./link.tsx";
import type { Badge, Flaw, PackageRow, PanelModel } from "./model.ts";
import type { Translator } from "./translate.ts";

interface Shared extends Pick<PanelModel, "trans" | "edit" | "remove" | "why"> {
  readonly isBusy: boolean;
}

export function Packages({
  rows,
  ...shared
}: Shared & { readonly rows: readonly PackageRow[] }): React.ReactElement | null {
  if (rows.length === 0) return null;
  const { trans } = shared;
  const own = rows.filter(({ asked }) => asked !== undefined);
  const others = rows.filter(({ asked }) => asked === undefined);
  const flawed = others.filter(({ flaws = [] }) => flaws.length > 0).length;
  const more = trans._n("%1 more that they need", "%1 more that they need", others.length);
  const known = flawed === 0 ? "" : trans.__(", %1 with known vulnerabilities", flawed);
  return (
    <>
      <Table caption={trans.__("Packages")} rows={own} isOwn {...shared} />
      {others.length > 0 && (
        <details>
          <summary>{more + known}</summary>
          <Table caption={trans.__("What they need")} rows={others} isOwn={false} {...shared} />
        </details>
      )}
    </>
  );
}

interface TableProps extends Shared {
  readonly caption: string;
  readonly rows: readonly PackageRow[];
  /** They are the user's to change. */
  readonly isOwn: boolean;
}

function Table({ caption, rows, isOwn, ...shared }: TableProps): React.ReactElement {
  const { trans } = shared;
  return (
    <table className="thoth-packages">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{trans.__("Package")}</th>
          <th scope="col">{trans.__("Locked")}</th>
          <th scope="col">
            <span className="thoth-hidden">{trans.__("Actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.name} row={row} isOwn={isOwn} {...shared} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Shared {
  readonly row: PackageRow;
  readonly isOwn: boolean;
}

function Row({ row, isOwn, trans, isBusy, edit, remove, why }: RowProps): React.ReactElement {
  const { name, asked, locked, installed, flaws = [], badges = [] } = row;
  const actions: [sign: string, label: string, run: (name: string) => void][] = [];
  if (locked !== undefined) actions.push(["?", trans.__("Why %1", name), why]);
  if (isOwn && asked?.includes("@") === false)
    actions.push(["✎", trans.__("Change the versions of %1", name), edit]);
  if (isOwn) actions.push(["×", trans.__("Remove %1", name), remove]);
  const hasNotes = badges.length + flaws.length > 0;
  const label = React.useId();
  return (
    <>
      <tr className={hasNotes ? "thoth-noted" : ""}>
        <th scope="row" id={label}>
          <Breakable text={asked ?? name} />
        </th>
        <td>{standing(trans, locked, installed)}</td>
        <td className="thoth-actions">
          {actions.map(([sign, label, run]) => (
            <button key={sign} type="button" disabled={isBusy} aria-label={label} onClick={() => run(name)}>
              {sign}
            </button>
          ))}
        </td>
      </tr>
      {hasNotes && (
        <tr>
          <td colSpan={3} headers={label}>
            <Badges badges={badges} />
            <Flaws trans={trans} flaws={flaws} />
          </td>
        </tr>
      )}
    </>
  );
}

/** A requirement that breaks between its specifiers before it breaks within one. */
function Breakable({ text }: { readonly text: string }): React.ReactElement {
  const parts = text.split(/(?<=,)|(?<![<>=!~,])(?=[<>=!~])/);
  return (
    <>
      {parts.map((part, index) => (
        <React.Fragment key={parts.slice(0, index).join("")}>
          {index > 0 && <wbr />}
          {part}
        </React.Fragment>
      ))}
    </>
  );
}

/** What is locked, and what is installed where that is another. */
function standing(trans: Translator, locked: string | undefined, installed: string | undefined): string {
  const isAlike = installed === undefined || installed === locked;
  const also = isAlike ? "" : ` ${trans.__("(%1 is installed)", installed)}`;
  return (locked ?? "–") + also;
}

function Badges({ badges }: { readonly badges: readonly Badge[] }): React.ReactElement | null {
  if (badges.length === 0) return null;
  return (
    <ul className="thoth-badges">
      {badges.map(({ kind, text }) => (
        <li key={kind} className={`thoth-badge thoth-${kind.replace(" ", "-")}`}>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Links, and never more than a sentence of them. */
function Flaws({
  trans,
  flaws,
}: {
  readonly trans: Translator;
  readonly flaws: readonly Flaw[];
}): React.ReactElement | null {
  if (flaws.length === 0) return null;
  const label = trans._n("%1 known vulnerability", "%1 known vulnerabilities", flaws.length);
  return (
    <ul className="thoth-flaws" aria-label={label}>
      {flaws.map(({ id, severity, link }) => (
        <li key={id}>
          <Link to={link}>{id}</Link> ({severity})
        </li>
      ))}
    </ul>
  );
}
