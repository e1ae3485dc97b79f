// What is known of a package: releases, vulnerabilities, measurements, rules, and the modules that it brings.

import type { PackageDocument } from "@thoth/contract/service";
import * as React from "react";
import { api } from "../api/client.ts";
import { Refused, useAnswer, Waiting } from "../api/use-answer.tsx";
import { Link, Outside } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { dayOf, flaws, plural, Sentence } from "../frame/sentence.tsx";
import { Row, Section, Table } from "../frame/table.tsx";
import { Title } from "../frame/title.tsx";
import { Measurements } from "./measurements.tsx";

export function PackagePage({ name }: { readonly name: string }): React.ReactElement {
  const [answer, again] = useAnswer(name, (signal) => api.readPackage({ places: { name }, signal }));
  return (
    <>
      <Title>{name}</Title>
      {answer.kind === "waiting" && <Waiting what="Looking" />}
      {answer.kind === "refused" &&
        (answer.status === 404 ? <Unheard name={name} /> : <Refused refusal={answer} again={again} />)}
      {answer.kind === "answered" && <Known document={answer.value} />}
    </>
  );
}

function Unheard({ name }: { readonly name: string }): React.ReactElement {
  return (
    <div className="failure" role="alert">
      <p className="first">
        Nothing is known here of a package <code>{name}</code>.
      </p>
      <p>
        That does not say that there is none. <Link to={addressOf.packages}>Search packages</Link>
      </p>
    </div>
  );
}

function Known({ document }: { readonly document: PackageDocument }): React.ReactElement {
  const { name, summary, releases, advisories, measurements, rules, imports } = document;
  return (
    <>
      {summary !== null && <p className="lead">{summary}</p>}
      <p className="answer">
        {plural(releases.length, "release")}, {flaws(advisories.length)},{" "}
        {plural(measurements.length, "measurement")}, {plural(rules.length, "rule")}.
      </p>
      {imports.length > 0 && (
        <p>
          Imported as{" "}
          {imports.map((module, at) => (
            <React.Fragment key={module}>
              {at > 0 && ", "}
              <code>{module}</code>
            </React.Fragment>
          ))}
          .
        </p>
      )}
      <Section id="vulnerabilities" title="Known vulnerabilities">
        <Advisories advisories={advisories} />
      </Section>
      <Section id="releases" title="Releases">
        <Releases key={name} releases={releases} />
      </Section>
      <Section id="measurements" title="Measurements">
        <Measurements measurements={measurements} />
      </Section>
      <Section id="rules" title="Rules that mention it">
        <Rules rules={rules} />
      </Section>
    </>
  );
}

function Advisories({ advisories }: Pick<PackageDocument, "advisories">): React.ReactElement {
  if (advisories.length === 0) return <p>None is known of any release.</p>;
  const isTold = advisories.some(({ summary }) => summary !== "");
  return (
    <Table
      caption="Of all releases"
      headings={["known vulnerability", "severity", "ended by", ...(isTold ? ["what"] : [])]}
      isCards
    >
      <tbody>
        {advisories.map(({ id, aliases, severity, summary, link, fixedIn }) => (
          <Row
            key={id}
            header={
              <>
                <Outside to={link}>{id}</Outside>
                <span className="quiet block">{aliases.filter((alias) => alias !== id).join(", ")}</span>
              </>
            }
            cells={[
              <span key="severity" className={`severity ${severity}`}>
                {severity}
              </span>,
              fixedIn.length === 0 ? "no release is known to end it" : fixedIn.join(", "),
              ...(isTold ? [summary] : []),
            ]}
          />
        ))}
      </tbody>
    </Table>
  );
}

const FEW = 15;

function Releases({ releases }: Pick<PackageDocument, "releases">): React.ReactElement {
  const [isAll, setAll] = React.useState(false);
  if (releases.length === 0) return <p>No release is known.</p>;
  const shown = isAll ? releases : releases.slice(0, FEW);
  return (
    <>
      <Table
        caption={
          shown.length < releases.length
            ? `The newest ${shown.length} of ${releases.length}`
            : "The newest first"
        }
        headings={["version", "uploaded", "files", "known vulnerabilities"]}
        isCards
      >
        <tbody>
          {shown.map(({ version, uploaded, yanked, files, advisories }) => (
            <Row
              key={version}
              header={
                <>
                  {version} {yanked && <span className="mark flaw">yanked</span>}
                </>
              }
              cells={[
                uploaded === null ? "not known" : dayOf(uploaded),
                plural(files, "file"),
                advisories.length === 0 ? "none" : advisories.join(", "),
              ]}
            />
          ))}
        </tbody>
      </Table>
      {shown.length < releases.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {releases.length}
        </button>
      )}
    </>
  );
}

function Rules({ rules }: Pick<PackageDocument, "rules">): React.ReactElement {
  if (rules.length === 0) return <p>No rule mentions it.</p>;
  return (
    <ul className="points">
      {rules.map(({ unit, type, message, link }) => (
        <li key={unit}>
          <Sentence text={message} /> <Outside to={link} />{" "}
          <span className="quiet block">
            {type} · {unit}
          </span>
        </li>
      ))}
    </ul>
  );
}
