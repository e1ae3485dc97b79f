// The table of changes: what moved, what is not simply the newest, and why.

import { isChanged } from "@thoth/views/figures";
import * as React from "react";
import { Link, Outside } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { flaws, order, plural, Sentence } from "../frame/sentence.tsx";
import { Row, Table } from "../frame/table.tsx";
import type { AdvisedPackage, AdvisedStack } from "./model.ts";

/** So many rows without a reason are no wall. */
const FEW_PLAIN = 8;

export function Changes({ stack: { packages } }: { readonly stack: AdvisedStack }): React.ReactElement {
  const shown = packages.filter((item) => isChanged(item) || item.justification.length > 0);
  if (shown.length === 0) return <p>Nothing changes, and every package is the newest that can be had.</p>;
  const weight = (item: AdvisedPackage) =>
    isChanged(item) ? 0 : item.justification.some(({ type }) => type !== "INFO") ? 1 : 2;
  const sorted = shown.toSorted((a, b) => weight(a) - weight(b) || order(a.name, b.name));
  const [telling, plain] = [sorted.filter(hasReason), sorted.filter((item) => !hasReason(item))];
  if (telling.length === 0 || plain.length <= FEW_PLAIN)
    return <ChangeTable caption="Packages that changed, or are not simply the newest" items={sorted} />;
  return (
    <>
      <ChangeTable caption="Packages of which there is something to tell" items={telling} />
      <details>
        <summary>{plural(plain.length, "package")} more moved, with nothing else to tell</summary>
        <ChangeTable caption="Packages that moved" items={plain} />
      </details>
    </>
  );
}

function hasReason({ justification, vulnerabilities }: AdvisedPackage): boolean {
  return justification.length + vulnerabilities.length > 0;
}

interface ChangeTableProps {
  readonly caption: string;
  readonly items: readonly AdvisedPackage[];
}

function ChangeTable({ caption, items }: ChangeTableProps): React.ReactElement {
  const hasBefore = items.some(({ before }) => before !== undefined);
  const headings = ["package", ...(hasBefore ? ["you have"] : []), "advised", "why"];
  return (
    <Table caption={caption} headings={headings} isCards>
      <tbody>
        {items.map((item) => (
          <Row
            key={item.name}
            header={<Link to={addressOf.package(item.name)}>{item.name}</Link>}
            cells={[
              ...(hasBefore ? [item.before ?? ""] : []),
              <Advised key="advised" item={item} />,
              <Reasons key="why" item={item} />,
            ]}
          />
        ))}
      </tbody>
    </Table>
  );
}

function Advised({ item }: { readonly item: AdvisedPackage }): React.ReactElement {
  const { version, vulnerabilities } = item;
  return (
    <>
      {version} {isChanged(item) && <span className="mark changed">changed</span>}
      {vulnerabilities.length > 0 && (
        <>
          {" "}
          <a href="#vulnerabilities" className="mark flaw">
            {flaws(vulnerabilities.length)}
          </a>
        </>
      )}
    </>
  );
}

export function Reasons({ item: { justification } }: { readonly item: AdvisedPackage }) {
  if (justification.length === 0) return null;
  return (
    <ul className="reasons">
      {justification.map(({ type, message, link }) => (
        <li key={`${type} ${message}`}>
          {type !== "INFO" && <strong>{type.toLowerCase()}: </strong>}
          <Sentence text={message} />
          {link !== undefined && link !== "" && (
            <>
              {" "}
              <Outside to={link} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
