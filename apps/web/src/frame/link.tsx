// Links: to pages of ours without loading anew, and to other hosts only where a browser may go without harm.

import * as React from "react";
import { navigate } from "./place.ts";

interface LinkProps {
  readonly to: string;
  readonly children: React.ReactNode;
  readonly isHere?: boolean;
  readonly className?: string;
}

export function Link({ to, children, isHere = false, className }: LinkProps): React.ReactElement {
  const follow = (event: React.MouseEvent) => {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!isPlain || event.defaultPrevented) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} className={className} aria-current={isHere ? "page" : undefined}>
      {children}
    </a>
  );
}

const LONGEST = 2000;
const LONGEST_LABEL = 56;

/** The address as a browser may follow it: of the web, and without credentials. */
export function webAddress(address: string): URL | undefined {
  if (address.length > LONGEST || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.username === "" && url.password === "" ? url : undefined;
}

interface OutsideProps {
  readonly to: string;
  /** Its host and path where it is left out. */
  readonly children?: React.ReactNode;
}

/** What comes from an index, an advisory or a rule: the label alone where the address is none of the web. */
export function Outside({ to, children }: OutsideProps): React.ReactElement | null {
  const url = webAddress(to);
  if (url === undefined) return children === undefined ? null : <span>{children}</span>;
  const label = children ?? cut(`${url.host}${url.pathname}`);
  return (
    <a href={url.href} rel="noopener noreferrer" target="_blank">
      {label}
    </a>
  );
}

function cut(text: string): string {
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`;
}
