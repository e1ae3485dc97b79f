// Where a stranger may have us send something: servers of the internet, and what the operator lists. An address is judged
// where it is connected to, so that a name cannot lead elsewhere than it did when it was checked.
// https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html

import dns from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { type AllowedHost, reachOf } from "@thoth/index";
import { quote, ThothError } from "@thoth/pep";

export interface PlaceRules {
  /** Whether an address is a server's on the internet. */
  readonly isPublic: (address: string) => boolean;
  /** Those with a `+` may be at any address. */
  readonly hosts: readonly AllowedHost[];
  /** Whether `http:` is enough. */
  readonly plain: boolean;
}

/** Where another protocol is spoken, beyond the ports below 1024: https://fetch.spec.whatwg.org/#port-blocking */
const OTHER_PROTOCOLS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
]);
const LEAST_PORT = 1024;

/** A name was looked up, and has an address that is not public. */
export class InternalPlace extends Error {}

/** What can be told without a look at the network. Throws `invalid-request`. */
export function parsePlace(text: string, rules: PlaceRules): URL {
  const url = URL.parse(text);
  if (url === null) throw refused(text, "it is no URL");
  if (url.protocol !== "https:" && !(rules.plain && url.protocol === "http:"))
    throw refused(text, rules.plain ? "it is not of http or https" : "it is not of https");
  if (url.username !== "" || url.password !== "") throw refused("***", "it holds credentials");
  if (isListed(url, rules)) return url;
  const port = Number(url.port);
  if (url.port !== "" && (port < LEAST_PORT || OTHER_PROTOCOLS.has(port)))
    throw refused(text, "its port is not one of a web server");
  if (isInternalAddress(url, rules)) throw refused(text, "its address is not a public one");
  return url;
}

/** How a connection to the place has to look its name up; undefined: as it likes. Throws `invalid-request`. */
export function lookupOf(url: URL, rules: PlaceRules): LookupFunction | undefined {
  if (isListed(url, rules)) return undefined;
  // An address is connected to without being looked up.
  if (isInternalAddress(url, rules)) throw refused(url.href, "its address is not a public one");
  return lookupPublic(rules.isPublic);
}

function isListed(url: URL, { hosts }: PlaceRules): boolean {
  return reachOf(hosts, url) === "internal";
}

function isInternalAddress({ hostname }: URL, { isPublic }: PlaceRules): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) !== 0 && !isPublic(address);
}

/** One address that is internal condemns the name: nobody has a reason to give both kinds but to get inside. */
function lookupPublic(isPublic: PlaceRules["isPublic"]): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      if (!addresses.every(({ address }) => isPublic(address)))
        return callback(new InternalPlace("its address is not a public one"), []);
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      return callback(null, first?.address ?? "", first?.family);
    });
  };
}

function refused(text: string, why: string): ThothError {
  return new ThothError("invalid-request", `${quote(text)} cannot be called back: ${why}`, {
    hint: "Name a server on the internet, or one that the operator of the service has listed.",
    details: { status: 422 },
  });
}
