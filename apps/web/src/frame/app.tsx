// The frame of all pages: where one is, where one can go, and the page itself.

import * as React from "react";
import { AdvicePage } from "../advice/advice-page.tsx";
import { AskPage } from "../ask/ask-page.tsx";
import { ComparePage } from "../compare/compare-page.tsx";
import { OwnReportPage } from "../own-report/own-report-page.tsx";
import { PackagePage } from "../packages/package-page.tsx";
import { SearchPage } from "../packages/search-page.tsx";
import { StatusPage } from "../status/status-page.tsx";
import { Link } from "./link.tsx";
import { addressOf, type Place, usePlace } from "./place.ts";
import { Title } from "./title.tsx";

const PAGES: readonly (readonly [address: string, words: string, kinds: readonly Place["kind"][]])[] = [
  [addressOf.ask, "Ask", ["ask"]],
  [addressOf.compare, "Compare", ["compare"]],
  [addressOf.report, "Report", ["report"]],
  [addressOf.packages, "Packages", ["packages", "package"]],
  [addressOf.status, "Status", ["status"]],
];

export function App(): React.ReactElement {
  const place = usePlace();
  return (
    <>
      <a className="skip" href="#page">
        To the page
      </a>
      <header className="top">
        <Link to={addressOf.ask} className="name">
          Thoth
        </Link>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map(([address, words, kinds]) => (
              <li key={address}>
                <Link to={address} isHere={kinds.includes(place.kind)}>
                  {words}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="page" tabIndex={-1}>
        <Trap key={keyOf(place)}>
          <Page place={place} />
        </Trap>
      </main>
      <footer className="bottom">
        <p>
          Advice for Python stacks. Programs ask the same through the interface that{" "}
          <a href="/openapi.json">/openapi.json</a> describes.
        </p>
      </footer>
    </>
  );
}

/** Another one is another page: its heading takes the focus. */
function keyOf(place: Place): string {
  switch (place.kind) {
    case "advice":
      return `advice ${place.id}`;
    case "package":
      return `package ${place.name}`;
    default:
      return place.kind;
  }
}

function Page({ place }: { readonly place: Place }): React.ReactElement {
  switch (place.kind) {
    case "ask":
      return <AskPage />;
    case "advice":
      return <AdvicePage id={place.id} />;
    case "compare":
      return <ComparePage before={place.before} after={place.after} />;
    case "packages":
      return <SearchPage like={place.like} />;
    case "package":
      return <PackagePage name={place.name} />;
    case "status":
      return <StatusPage />;
    case "report":
      return <OwnReportPage />;
    case "nowhere":
      return <Nowhere />;
    default:
      return place satisfies never;
  }
}

function Nowhere(): React.ReactElement {
  return (
    <>
      <Title>There is no such page</Title>
      <p>
        The address may not have been copied as a whole. <Link to={addressOf.ask}>Ask for advice</Link>
      </p>
    </>
  );
}

interface TrapState {
  readonly error: unknown;
}

/** A bug of one page leaves the others. */
class Trap extends React.Component<{ readonly children: React.ReactNode }, TrapState> {
  override state: TrapState = { error: undefined };

  static getDerivedStateFromError(error: unknown): TrapState {
    return { error };
  }

  override render(): React.ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="failure" role="alert">
        <p className="first">This page has a bug and cannot be shown.</p>
        <p>Load it anew; if that does not help, tell the people who run this service what you did.</p>
      </div>
    );
  }
}
