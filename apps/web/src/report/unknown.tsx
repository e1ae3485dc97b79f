import * as React from "react";
import { listed, Sentence } from "../frame/sentence.tsx";
import { Section } from "../frame/table.tsx";
import { type AdvisedStack, flawsBefore, type Report } from "./model.ts";

/** What nobody looked at, or what could not be learned. */
export function Unknown({ unknown }: { readonly unknown: readonly string[] }): React.ReactElement {
  return (
    <Section id="unknown" title="What is not known">
      {unknown.length === 0 ? (
        <p>The adviser names nothing.</p>
      ) : (
        <>
          <p>An unknown is not a zero.</p>
          <ul className="points">
            {unknown.map((text) => (
              <li key={text}>
                <Sentence text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

export function unknownOf({ unknown }: Report, { packages, lock }: AdvisedStack): readonly string[] {
  const untold = packages.filter((item) => item.before !== undefined && flawsBefore(item) === undefined);
  return [
    ...unknown,
    ...(lock.warnings ?? []),
    ...(untold.length === 0
      ? []
      : [`known vulnerabilities of what you have: not told for ${listed(untold.map(({ name }) => name))}`]),
  ];
}
