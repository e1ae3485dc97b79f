// Which credentials a request carries: those of the index whose origin it goes to, else those that .netrc has
// for the host. Nothing given for one origin is ever sent to another.

import type { IndexLocation } from "./index-location.ts";
import type { Netrc } from "./netrc.ts";
import type { Secret } from "./secret.ts";

interface Realm {
  readonly origin: string;
  readonly path: string;
  readonly authorization: Secret;
}

export class Credentials {
  readonly #realms: readonly Realm[];
  readonly #origins: ReadonlySet<string>;
  readonly #readNetrc: () => Netrc;
  #netrc: Netrc | undefined;

  constructor(locations: readonly IndexLocation[], netrc: () => Netrc) {
    const remote = locations.filter(({ path }) => path === undefined);
    this.#readNetrc = netrc;
    this.#origins = new Set(remote.map(({ url }) => new URL(url).origin));
    this.#realms = remote.flatMap(({ url, authorization }) => {
      const { origin, pathname } = new URL(url);
      return authorization === undefined ? [] : [{ origin, path: pathname, authorization }];
    });
  }

  /** Undefined: the request goes without. */
  for(url: URL): Secret | undefined {
    let best: Realm | undefined;
    for (const realm of this.#realms) {
      if (realm.origin !== url.origin) continue;
      const within = url.pathname.startsWith(realm.path);
      if (best === undefined || (within && realm.path.length > best.path.length)) best = realm;
    }
    if (best !== undefined) return best.authorization;
    this.#netrc ??= this.#readNetrc();
    const own = this.#netrc.machines.get(url.hostname.toLowerCase());
    // What .netrc has for "any host" is meant for hosts that the user names, not for those a page leads to.
    return own ?? (this.#origins.has(url.origin) ? this.#netrc.fallback : undefined);
  }
}
