// Tables as all pages have them: a caption, headings, and rows that begin with what they are about.

import * as React from "react";
import { Scrolled } from "./scrolled.tsx";

/** Of the columns, for the cells: on a small screen each says what it is. */
const Headings = React.createContext<readonly string[]>([]);

interface TableProps {
  readonly caption: string;
  readonly headings: readonly string[];
  readonly children: React.ReactNode;
  /** Rows become cards where the screen is small. */
  readonly isCards?: boolean;
}

export function Table({ caption, headings, children, isCards = false }: TableProps): React.ReactElement {
  return (
    <Scrolled label={caption} className={isCards ? "cards" : ""}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <Headings.Provider value={headings}>{children}</Headings.Provider>
      </table>
    </Scrolled>
  );
}

interface RowProps {
  readonly header: React.ReactNode;
  readonly cells: readonly React.ReactNode[];
}

export function Row({ header, cells }: RowProps): React.ReactElement {
  const headings = React.useContext(Headings);
  return (
    <tr>
      <th scope="row">{header}</th>
      {cells.map((cell, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells are told apart by their columns.
        <td key={at} data-label={headings[at + 1]}>
          {cell}
        </td>
      ))}
    </tr>
  );
}

interface SectionProps {
  /** Ours, never from outside. */
  readonly id: string;
  readonly title: string;
  readonly children: React.ReactNode;
}

export function Section({ id, title, children }: SectionProps): React.ReactElement {
  return (
    <section aria-labelledby={id} className="part">
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
