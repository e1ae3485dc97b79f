// Known vulnerabilities: of what is advised, and those that the advice leaves behind.

import * as React from "react";
import { Outside } from "../frame/link.tsx";
import { flaws as counted, order } from "../frame/sentence.tsx";
import { Row, Table } from "../frame/table.tsx";
import { knowledgeText } from "./answer.tsx";
import { type AdvisedPackage, type AdvisedStack, countFlaws, type Flaw, type Report } from "./model.ts";

const SEVERITIES = ["critical", "high", "medium", "unknown", "low"];

function rank({ severity }: Pick<Flaw, "severity">): number {
  const at = SEVERITIES.indexOf(severity);
  return at < 0 ? SEVERITIES.indexOf("unknown") : at;
}

interface FlawedRelease {
  readonly item: AdvisedPackage;
  readonly version: string;
  readonly flaws: readonly Flaw[];
}

interface EvidenceProps {
  readonly knowledge: Report["knowledge"];
  readonly stack: AdvisedStack;
}

export function Evidence({ knowledge, stack: { packages } }: EvidenceProps): React.ReactElement {
  const kept = packages.map((item) => ({ item, version: item.version, flaws: item.vulnerabilities }));
  const cleared = packages.map((item) => {
    const left = new Set(item.vulnerabilities.map(({ id }) => id));
    const flaws = (item.vulnerabilitiesBefore ?? []).filter(({ id }) => !left.has(id));
    return { item, version: item.before ?? "", flaws };
  });
  return (
    <>
      <p>
        {knowledgeText(knowledge)}
        {knowledge.advisories > 0 && countFlaws(packages) === 0 && " None is known of the advised versions."}
      </p>
      <FlawTable caption="Of the advised versions" releases={kept} />
      <FlawTable
        caption="Cleared: of the versions that you have, and no longer of the advised ones"
        releases={cleared}
      />
    </>
  );
}

interface FlawTableProps {
  readonly caption: string;
  readonly releases: readonly FlawedRelease[];
}

function FlawTable({ caption, releases }: FlawTableProps): React.ReactElement | null {
  const worst = ({ flaws }: FlawedRelease) => Math.min(...flaws.map(rank));
  const shown = releases
    .filter(({ flaws }) => flaws.length > 0)
    .toSorted(
      (a, b) => worst(a) - worst(b) || b.flaws.length - a.flaws.length || order(a.item.name, b.item.name),
    );
  if (shown.length === 0) return null;
  const headings = ["known vulnerability", "severity", "ended by", "also called"];
  return (
    <Table caption={caption} headings={headings} isCards>
      {shown.map(({ item: { name }, version, flaws }) => (
        <tbody key={name}>
          <tr>
            <th scope="rowgroup" colSpan={4}>
              {name} {version}: {counted(flaws.length)}
            </th>
          </tr>
          {flaws
            .toSorted((a, b) => rank(a) - rank(b) || order(a.id, b.id))
            .map((flaw) => (
              <FlawRow key={flaw.id} flaw={flaw} />
            ))}
        </tbody>
      ))}
    </Table>
  );
}

function FlawRow({ flaw: { id, link, severity, fixedIn, aliases } }: { readonly flaw: Flaw }) {
  return (
    <Row
      header={<Outside to={link}>{id}</Outside>}
      cells={[
        <span key="severity" className={`severity ${severity}`}>
          {severity}
        </span>,
        fixedIn.length === 0 ? "no release is known to end it" : fixedIn.join(", "),
        <span key="aliases" className="quiet">
          {aliases.filter((alias) => alias !== id).join(", ")}
        </span>,
      ]}
    />
  );
}
