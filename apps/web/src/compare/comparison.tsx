// What two stacks have different.

import type { ComparisonDocument } from "@thoth/contract/service";
import * as React from "react";
import { Link, Outside } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { plural, Sentence } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import { difference } from "../report/yours.tsx";

export function Comparison({ comparison }: { readonly comparison: ComparisonDocument }): React.ReactElement {
  const { before, after, same, changed, levels } = comparison;
  return (
    <div role="status">
      <p className="answer">
        Between <strong>{before}</strong> and <strong>{after}</strong>,{" "}
        {changed.length === 0 ? (
          <>no package differs: {plural(same, "package")} in both.</>
        ) : (
          <>
            <strong>{plural(changed.length, "package")}</strong> {changed.length === 1 ? "differs" : "differ"}{" "}
            and {same} {same === 1 ? "is" : "are"} the same.
          </>
        )}
      </p>
      {changed.length > 0 && (
        <Section id="moved" title="Packages that differ">
          <Moved changed={changed} />
        </Section>
      )}
      {levels.length > 0 && (
        <Section id="levels" title="What each pays">
          <Levels levels={levels} />
        </Section>
      )}
    </div>
  );
}

function Moved({ changed }: Pick<ComparisonDocument, "changed">): React.ReactElement {
  return (
    <Table caption="By name" headings={["package", "before", "after", "why"]} isCards>
      <tbody>
        {changed.map(({ name, from, to, reasons }) => (
          <Row
            key={name}
            header={<Link to={addressOf.package(name)}>{name}</Link>}
            cells={[
              from ?? "not there",
              to ?? "gone",
              <ul key="why" className="reasons">
                {reasons.map(({ message, link }) => (
                  <li key={message}>
                    <Sentence text={message} /> {link !== undefined && <Outside to={link} />}
                  </li>
                ))}
              </ul>,
            ]}
          />
        ))}
      </tbody>
    </Table>
  );
}

function Levels({ levels }: Pick<ComparisonDocument, "levels">): React.ReactElement {
  const first = levels.find(({ before, after }) => before !== after);
  return (
    <Table
      caption="The first level on which they differ decides"
      headings={["level", "before", "after", "change"]}
    >
      <tbody>
        {levels.map(({ level, before, after }) => (
          <Row
            key={level}
            header={
              <>
                {level} {level === first?.level && <span className="mark changed">decides</span>}
              </>
            }
            cells={[
              before ?? "not minded",
              after ?? "not minded",
              before === null || after === null ? "" : difference(after - before),
            ]}
          />
        ))}
      </tbody>
    </Table>
  );
}
