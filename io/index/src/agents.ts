// The connections of a session: straight or through a proxy, with certificates checked or, for hosts that the
// user trusts by name, not.

import { subscribe } from "node:diagnostics_channel";
import type { ClientHttp2Stream, Http2Session } from "node:http2";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { basicTrust, type Trust, type TrustOptions, widenTrust } from "./certificates.ts";
import { allowedHosts } from "./forbidden.ts";
import type { Guard } from "./guard.ts";
import { type ProxySettings, proxySettings } from "./proxy-settings.ts";

/**
 * Bytes that a server may send before it hears from us, with HTTP/2: what arrives is taken at once, so that waiting
 * only costs (dask, nothing cached: 0.69 to 0.61 s, and 0.85 to 0.78 s of processor).
 */
const STREAM_WINDOW = 4 * 1024 * 1024;
const CONNECTION_WINDOW = 32 * 1024 * 1024;

/**
 * Bytes of a frame that a server may send, 16 KiB by default: as long as the pieces in which TLS delivers, which with the heads
 * of the frames makes two pieces of each (langchain, nothing cached: 7,900 to 5,000 pieces).
 */
const LONGEST_FRAME = 1024 * 1024;

let isTuned = false;

/** The library cannot be told of the length of frames: each of its connections is, with its first stream. */
function tuneConnections(): void {
  if (isTuned) return;
  isTuned = true;
  const known = new WeakSet<Http2Session>();
  subscribe("http2.client.stream.created", (message) => {
    const { session } = (message as { readonly stream: ClientHttp2Stream }).stream;
    if (session === undefined || known.has(session) || session.destroyed) return;
    known.add(session);
    session.settings({ maxFrameSize: LONGEST_FRAME });
  });
}

export interface AgentOptions extends TrustOptions {
  /** To one host that does not speak HTTP/2. */
  readonly connections: number;
}

export interface Agents {
  /** Throws `index-unreachable` for a URL that the guard forbids. */
  for(url: URL): Dispatcher;
  /** Grows whenever more certificates are trusted. */
  readonly generation: number;
  /** Called when a certificate was not trusted; afterwards `generation` tells whether to try again. */
  widen(): Promise<void>;
  destroy(): Promise<void>;
}

/** Loads the HTTP library. */
export async function loadAgents(options: AgentOptions): Promise<Agents> {
  tuneConnections();
  const proxies = proxySettings(options.variables);
  const [make, guard] = await Promise.all([
    loadMaker(options.connections, proxies),
    loadGuard(options.variables),
  ]);
  const trusted = new Set(options.trustedHosts.map((host) => host.toLowerCase()));
  let trust = await basicTrust(options);
  let generation = 0;
  let widening: Promise<void> | undefined;
  const made = new Map<string, Dispatcher>();
  return {
    get generation() {
      return generation;
    },
    widen: async () => {
      if (!trust.widens) return await widening;
      widening ??= widenTrust().then((wider) => {
        trust = wider;
        generation++;
      });
      await widening;
    },
    for: (url) => {
      const { protocol, host, hostname } = url;
      const lookup = guard?.admit(url);
      const checked = !trusted.has(host) && !trusted.has(hostname);
      // The library would send https through the proxy for http where it knows no other.
      const proxied = (protocol === "https:" ? proxies?.httpsProxy : proxies?.httpProxy) !== undefined;
      const key = `${checked} ${proxied} ${generation} ${lookup === undefined}`;
      let agent = made.get(key);
      if (agent === undefined) {
        const tls = checked ? trust.connect : { ...trust.connect, rejectUnauthorized: false };
        agent = make({ tls, proxied, lookup });
        made.set(key, agent);
      }
      return agent;
    },
    destroy: async () => {
      await Promise.all([...made.values()].map((agent) => agent.destroy()));
    },
  };
}

async function loadGuard(variables: AgentOptions["variables"]): Promise<Guard | undefined> {
  const allowed = allowedHosts(variables);
  return allowed === undefined ? undefined : (await import("./guard.ts")).makeGuard(allowed);
}

interface Manner {
  readonly tls: Trust["connect"];
  readonly proxied: boolean;
  /** For names of servers, and not of proxies, which the user names. */
  readonly lookup: LookupFunction | undefined;
}

async function loadMaker(connections: number, proxies: ProxySettings | undefined) {
  const [{ Agent }, proxyLibrary] = await Promise.all([
    import("./http-library.ts"),
    proxies === undefined ? undefined : import("./http-proxy-library.ts"),
  ]);
  return ({ tls, proxied, lookup }: Manner): Dispatcher => {
    const common = {
      allowH2: true,
      // Within `h2Options`, where it belongs, undici 8.13 checks the first of these and then forgets it.
      initialWindowSize: STREAM_WINDOW,
      connectionWindowSize: CONNECTION_WINDOW,
      connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 65_536,
      connect: lookup === undefined ? tls : { ...tls, lookup },
    };
    if (!proxied || proxyLibrary === undefined) return new Agent(common);
    return new proxyLibrary.EnvHttpProxyAgent({ ...common, ...proxies, requestTls: tls, proxyTls: tls });
  };
}
