// Where the files of a lock come from.

import * as React from "react";
import { plural, Sentence } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import type { Provenance } from "../report/model.ts";
import { Unknown } from "../report/unknown.tsx";

export function ProvenanceView({ provenance }: { readonly provenance: Provenance }): React.ReactElement {
  const { packages, findings, attestations, unknown } = provenance;
  const attested = attestations.filter(({ attested: count }) => (count ?? 0) > 0).length;
  return (
    <>
      <p className="answer">
        Of {plural(packages, "package")}, {plural(findings.length, "thing")}{" "}
        {findings.length === 1 ? "does" : "do"} not fit what the indexes have; {plural(attested, "package")}{" "}
        {attested === 1 ? "has" : "have"} files with an attestation.
      </p>
      {findings.length > 0 && (
        <Section id="findings" title="What does not fit">
          <Table caption="By package" headings={["package", "kind", "why"]} isCards>
            <tbody>
              {findings.map(({ type, id, package_name, package_version, justification }) => (
                <Row
                  key={`${id} ${package_name} ${justification}`}
                  header={`${package_name ?? "the lock"} ${package_version ?? ""}`}
                  cells={[`${type.toLowerCase()}: ${id}`, <Sentence key="why" text={justification} />]}
                />
              ))}
            </tbody>
          </Table>
        </Section>
      )}
      <Unknown unknown={unknown} />
    </>
  );
}
