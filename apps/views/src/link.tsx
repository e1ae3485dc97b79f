import * as React from "react";

/** What comes from an index or a rule leads only where a browser may go without harm. */
export function Link({
  to,
  children,
}: {
  readonly to: string | undefined;
  readonly children: React.ReactNode;
}): React.ReactElement {
  if (to === undefined || !/^https:/.test(to)) return <>{children}</>;
  return (
    <a href={to} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
