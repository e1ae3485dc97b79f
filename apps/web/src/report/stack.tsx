// The whole stack: every package, who asks for it and what it costs; filtered as the reader likes.

import { isChanged } from "@thoth/views/figures";
import * as React from "react";
import { Link } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { plural } from "../frame/sentence.tsx";
import { Row, Table } from "../frame/table.tsx";
import type { AdvisedPackage } from "./model.ts";

const FILTERS = [
  ["all", "all"],
  ["direct", "that you ask for"],
  ["changed", "that changed"],
  ["flawed", "with known vulnerabilities"],
] as const;
type Filter = (typeof FILTERS)[number][0];

export function Stack({ packages }: { readonly packages: readonly AdvisedPackage[] }): React.ReactElement {
  const [text, setText] = React.useState("");
  const [filter, setFilter] = React.useState<Filter>("all");
  const shown = packages.filter(
    (item) => isShown(item, filter) && item.name.includes(text.trim().toLowerCase()),
  );
  return (
    <>
      <Filters text={text} filter={filter} setText={setText} setFilter={setFilter} />
      <p role="status" className="quiet">
        {shown.length === packages.length
          ? plural(packages.length, "package")
          : `${shown.length} of ${plural(packages.length, "package")}`}
      </p>
      {shown.length > 0 && (
        <Table
          caption="Packages, and who asks for each"
          headings={["package", "version", "asked for by", "pays"]}
          isCards
        >
          <tbody>
            {shown.map((item) => (
              <Row
                key={item.name}
                header={<Link to={addressOf.package(item.name)}>{item.name}</Link>}
                cells={[item.version, askedBy(item), paidBy(item)]}
              />
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

interface FiltersProps {
  readonly text: string;
  readonly filter: Filter;
  readonly setText: (text: string) => void;
  readonly setFilter: (filter: Filter) => void;
}

function Filters({ text, filter, setText, setFilter }: FiltersProps): React.ReactElement {
  return (
    <div className="row">
      <label className="field">
        Name has
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
        />
      </label>
      <label className="field">
        Packages
        <select value={filter} onChange={(event) => setFilter(event.target.value as Filter)}>
          {FILTERS.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function isShown(item: AdvisedPackage, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "direct":
      return item.requiredBy.some(({ name }) => name === null);
    case "changed":
      return isChanged(item);
    case "flawed":
      return item.vulnerabilities.length > 0;
    default:
      return filter satisfies never;
  }
}

function askedBy({ requiredBy }: AdvisedPackage): string {
  return requiredBy.map(({ name, specifiers }) => `${name ?? "you"} ${specifiers}`.trim()).join("; ");
}

function paidBy({ pays }: AdvisedPackage): string {
  return pays
    .filter(({ cost }) => cost > 0)
    .map(({ level, cost }) => `${level} ${cost}`)
    .join(", ");
}
