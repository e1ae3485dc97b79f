// The part of the HTTP library that speaks to proxies, loaded where a proxy is set.

import type { EnvHttpProxyAgent as AgentClass } from "undici";
// @ts-expect-error: parts of the library have no types of their own.
import AgentPart from "undici/lib/dispatcher/env-http-proxy-agent.js";

export const EnvHttpProxyAgent = AgentPart as typeof AgentClass;
