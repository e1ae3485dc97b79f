import * as React from "react";
import { hasNavigated } from "./place.ts";

interface TitleProps {
  /** What the window is called; the heading's own text where it is left out. */
  readonly name?: string;
  readonly children: string;
}

/** The heading of a page. Whoever came from another page goes on reading here. */
export function Title({ name, children }: TitleProps): React.ReactElement {
  const heading = React.useRef<HTMLHeadingElement>(null);
  React.useEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  React.useEffect(() => {
    document.title = `${name ?? children} · Thoth`;
  }, [name, children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
