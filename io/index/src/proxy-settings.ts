// The proxy variables that curl, pip and uv share. `http_proxy` in lower case only, because a server that runs
// as a CGI program finds the header `Proxy:` of its visitor in HTTP_PROXY: https://httpoxy.org.

import { quote, ThothError } from "@thoth/pep";

type Variables = Readonly<Record<string, string | undefined>>;

export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy: string;
}

/** Undefined when no proxy is set. */
export function proxySettings(variables: Variables): ProxySettings | undefined {
  const all = given(variables, "all_proxy", "ALL_PROXY");
  const upper = variables["REQUEST_METHOD"] === undefined ? ["HTTP_PROXY"] : [];
  const http = given(variables, "http_proxy", ...upper) ?? all;
  const https = given(variables, "https_proxy", "HTTPS_PROXY") ?? all;
  if (http === undefined && https === undefined) return undefined;
  return {
    ...(http === undefined ? {} : { httpProxy: proxyUrl(http) }),
    ...(https === undefined ? {} : { httpsProxy: proxyUrl(https) }),
    noProxy: given(variables, "no_proxy", "NO_PROXY") ?? "",
  };
}

function given(variables: Variables, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = variables[name]?.trim();
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function proxyUrl(text: string): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  const known = ["http:", "https:", "socks5:", "socks:", "socks5h:"];
  if (url === null || url.hostname === "" || !known.includes(url.protocol)) {
    throw new ThothError("usage", `The proxy ${quote(text.replace(/^.*@/s, "***@"))} is not a proxy's URL.`, {
      hint: "Write it as `http://HOST:PORT`.",
    });
  }
  return url.protocol === "socks5h:" ? url.href.replace(/^socks5h:/, "socks5:") : url.href;
}
