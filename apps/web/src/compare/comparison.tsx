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
        Between <Named name={before} /> and <Named name={after} />,{" "}
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

/** An advice of the service, or a file. */
function Named({ name }: { readonly name: string }): React.ReactElement {
  const isAdvice = /^adviser-\d{12}-[0-9a-f]{16}$/.test(name);
  return isAdvice ? <Link to={addressOf.advice(name)}>{name}</Link> : <strong>{name}</strong>;
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
  const shown = levels.filter(({ before, after }) => (before ?? 0) !== 0 || (after ?? 0) !== 0);
  if (shown.length === 0) return <p>Neither pays anything.</p>;
  return (
    <Table
      caption="The first level on which they differ decides; levels on which neither pays anything are left out"
      headings={["level", "before", "after", "change"]}
    >
      <tbody>
        {shown.map(({ level, before, after }) => (
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
