// The connections of a session: straight or through a proxy, with certificates checked or, for hosts that the
// user trusts by name, not.

import type { Dispatcher } from "undici";
import { connectOptions, type TrustOptions } from "./certificates.ts";
import { proxySettings } from "./proxy-settings.ts";

export interface AgentOptions extends TrustOptions {
  /** To one host that does not speak HTTP/2. */
  readonly connections: number;
}

export interface Agents {
  for(url: URL): Dispatcher;
  destroy(): Promise<void>;
}

/** Loads the HTTP library. */
export async function loadAgents(options: AgentOptions): Promise<Agents> {
  const proxies = proxySettings(options.variables);
  const [{ Agent }, proxyLibrary] = await Promise.all([
    import("./http-library.ts"),
    proxies === undefined ? undefined : import("./http-proxy-library.ts"),
  ]);
  const trusted = new Set(options.trustedHosts.map((host) => host.toLowerCase()));
  const connect = await connectOptions(options);
  const made = new Map<string, Dispatcher>();
  const make = (checked: boolean, proxied: boolean): Dispatcher => {
    const tls = checked ? connect : { ...connect, rejectUnauthorized: false };
    const common = {
      allowH2: true,
      connections: options.connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 65_536,
    };
    if (!proxied || proxyLibrary === undefined) return new Agent({ ...common, connect: tls });
    return new proxyLibrary.EnvHttpProxyAgent({
      ...common,
      ...proxies,
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
    });
  };
  return {
    for: ({ protocol, host, hostname }) => {
      const checked = !trusted.has(host) && !trusted.has(hostname);
      // The library would send https through the proxy for http where it knows no other.
      const proxied = (protocol === "https:" ? proxies?.httpsProxy : proxies?.httpProxy) !== undefined;
      const key = `${checked} ${proxied}`;
      let agent = made.get(key);
      if (agent === undefined) {
        agent = make(checked, proxied);
        made.set(key, agent);
      }
      return agent;
    },
    destroy: async () => {
      await Promise.all([...made.values()].map((agent) => agent.destroy()));
    },
  };
}
