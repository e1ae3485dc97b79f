// The hosts that an operator allows: `host`, `host:port`, `*.example.org` (any name below it), and each with a `+` before
// it where an internal address is meant. A host without a port has that of the scheme, and no other.

import { isIP } from "node:net";
import { quote, ThothError } from "@thoth/pep";

export interface AllowedHost {
  /** As a URL's `hostname` has it, without the root's dot: in lower case, in punycode, addresses in their one spelling. */
  readonly name: string;
  /** Whether the names below it are meant, and not itself. */
  readonly below: boolean;
  /** Undefined: the port of the scheme. */
  readonly port: number | undefined;
  /** Whether its address may be any. */
  readonly internal: boolean;
}

/** `internal`: at whatever address. */
export type Reach = "public" | "internal";

const ENTRY = /^(\+?)(\*\.)?(\[[\da-f:.]+\]|[^\s:/?#@\\%*+[\]]+)(?::(\d{1,5}))?$/i;

/** Entries are divided by commas; of none, nothing is allowed. Throws `usage`. */
export function parseAllowedHosts(text: string): readonly AllowedHost[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "").map(parseEntry);
}

function parseEntry(entry: string): AllowedHost {
  const [, plus, star, host = "", digits] = ENTRY.exec(entry) ?? [];
  const url = host === "" ? null : URL.parse(`http://${host}/`);
  const port = digits === undefined ? undefined : Number(digits);
  const below = star !== undefined;
  if (url === null || (below && isAddress(url.hostname)) || port === 0 || (port ?? 0) > 65_535) {
    throw new ThothError("usage", `${quote(entry)} in \`THOTH_ALLOWED_HOSTS\` is not a host.`, {
      hint: "Write `HOST`, `HOST:PORT` or `*.DOMAIN`, with a `+` before it where its address is internal.",
    });
  }
  return { name: nameOf(url), below, port, internal: plus === "+" };
}

/** Undefined: the host is not allowed. Where several entries speak of it, one with a `+` is enough. */
export function reachOf(allowed: readonly AllowedHost[], url: URL): Reach | undefined {
  const name = nameOf(url);
  const found = allowed.filter((entry) => isNamed(entry, name) && isPort(entry, url));
  if (found.length === 0) return undefined;
  return found.some(({ internal }) => internal) ? "internal" : "public";
}

function isNamed(entry: AllowedHost, name: string): boolean {
  if (!entry.below) return name === entry.name;
  const end = `.${entry.name}`;
  return name.length > end.length && name.endsWith(end);
}

function isPort({ port }: AllowedHost, url: URL): boolean {
  if (port === undefined) return url.port === "";
  return port === (url.port === "" ? PORTS[url.protocol] : Number(url.port));
}

const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** A dot at the end means the same host: https://www.rfc-editor.org/rfc/rfc1034#section-3.1 */
function nameOf({ hostname }: URL): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || isIP(hostname) !== 0;
}
