// Where the reader is: one page per path, and what of the address each page reads.

import * as React from "react";

export type Place =
  | { readonly kind: "ask" }
  | { readonly kind: "advice"; readonly id: string }
  | { readonly kind: "compare"; readonly before?: string; readonly after?: string }
  | { readonly kind: "packages"; readonly like: string }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "status" }
  | { readonly kind: "report" }
  | { readonly kind: "nowhere" };

export function parsePlace(path: string, query: string): Place {
  const parts = path.split("/").filter((part) => part !== "");
  const words = new URLSearchParams(query);
  const [page, rest] = parts;
  const name = rest === undefined ? undefined : decoded(rest);
  if (parts.length === 0) return { kind: "ask" };
  if (parts.length === 2 && name !== undefined && page === "advice") return { kind: "advice", id: name };
  if (parts.length === 2 && name !== undefined && page === "packages") return { kind: "package", name };
  if (parts.length > 1) return { kind: "nowhere" };
  switch (page) {
    case "compare": {
      const [before, after] = [words.get("before"), words.get("after")];
      return { kind: "compare", ...(before ? { before } : {}), ...(after ? { after } : {}) };
    }
    case "packages":
      return { kind: "packages", like: words.get("like") ?? "" };
    case "status":
      return { kind: "status" };
    case "report":
      return { kind: "report" };
    default:
      return { kind: "nowhere" };
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export const addressOf = {
  ask: "/",
  compare: "/compare",
  packages: "/packages",
  status: "/status",
  report: "/report",
  advice: (id: string) => `/advice/${encodeURIComponent(id)}`,
  comparison: (before: string, after: string) => `/compare?${new URLSearchParams({ before, after })}`,
  search: (like: string) => (like === "" ? "/packages" : `/packages?${new URLSearchParams({ like })}`),
  package: (name: string) => `/packages/${encodeURIComponent(name)}`,
};

const listeners = new Set<() => void>();
/** Whether a page was left within the application: then the new one takes the focus. */
let hasMoved = false;

export function hasNavigated(): boolean {
  return hasMoved;
}

/** Goes to a page of ours. `replace`: the address before is not kept. */
export function navigate(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  hasMoved = true;
  if (!replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const back = () => {
    hasMoved = true;
    listener();
  };
  listeners.add(listener);
  addEventListener("popstate", back);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", back);
  };
}

export function usePlace(): Place {
  const address = React.useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return React.useMemo(() => {
    const [path = "/", query = ""] = address.split("?", 2);
    return parsePlace(path, query);
  }, [address]);
}
