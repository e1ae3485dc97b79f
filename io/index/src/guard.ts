// For a process that is told by strangers where to look: it connects to the hosts that its operator allows, and of those only
// to public addresses, unless he says that an internal one is meant. Every request passes here, whether it is the first, a
// redirect's or of a URL that a page named. Why that much:
// https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html.
//
// The addresses that are judged are those that are connected to: a name that is looked up again has to pass again. Where a
// proxy is configured the proxy looks names up and connects, so that names are judged by the list alone: its own rules have to
// keep it out of internal networks. Programs that others start (git, pip, uv, builds) do not pass here at all.

import dns from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { parseAllowedHosts, reachOf } from "./allowed-hosts.ts";
import { forbiddenAddress, forbiddenHost, forbiddenPlace, InternalAddress } from "./forbidden.ts";
import { isPublicAddress } from "./public-address.ts";

export interface Guard {
  /**
   * How a connection to the host of the URL has to look its name up; undefined: as it likes. Throws `index-unreachable` where
   * there may be none, with the `failure` `forbidden` among its details.
   */
  admit(url: URL): LookupFunction | undefined;
}

/** `allowed`: see allowed-hosts.ts. Throws `usage`. */
export function makeGuard(allowed: string): Guard {
  const hosts = parseAllowedHosts(allowed);
  return {
    admit: (url) => {
      if (url.protocol !== "http:" && url.protocol !== "https:") throw forbiddenPlace();
      const reach = reachOf(hosts, url);
      if (reach === undefined) throw forbiddenHost(url);
      if (reach === "internal") return undefined;
      // An address is connected to without being looked up.
      if (isInternalAddress(url.hostname)) throw forbiddenAddress(url);
      return lookupPublic;
    },
  };
}

function isInternalAddress(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) !== 0 && !isPublicAddress(address);
}

/**
 * `dns.lookup` for connections that may not lead inside. One address that is internal condemns the name: nobody has a reason to
 * give both kinds but to get inside.
 */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    if (!addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new InternalAddress("the address is not a public one"), []);
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? "", first?.family);
  });
};
