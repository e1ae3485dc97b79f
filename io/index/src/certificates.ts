// Whom to trust: a bundle that the user names, as pip, requests, curl and OpenSSL let him; otherwise what the
// system trusts, and what Node brings along.

import { readFileSync } from "node:fs";
import { quote, ThothError } from "@thoth/pep";

export interface TrustOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A file of certificates in PEM form. */
  readonly certificate: string | undefined;
  /** `host` or `host:port` whose certificate is not checked. */
  readonly trustedHosts: readonly string[];
}

/** Options of `tls.connect`; the certificates are read once for all connections. */
export async function connectOptions(options: TrustOptions): Promise<Record<string, unknown>> {
  const tls = await import("node:tls");
  const bundle = options.certificate ?? bundleOf(options.variables);
  const ca =
    bundle === undefined
      ? [...new Set([...tls.rootCertificates, ...systemCertificates(tls)])]
      : readBundle(bundle);
  return {
    secureContext: tls.createSecureContext({ ca }),
    timeout: 10_000,
    autoSelectFamily: true,
  };
}

function systemCertificates(tls: typeof import("node:tls")): readonly string[] {
  try {
    return [...tls.getCACertificates("system"), ...tls.getCACertificates("extra")];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

function bundleOf(variables: TrustOptions["variables"]): string | undefined {
  for (const name of ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]) {
    const value = variables[name];
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function readBundle(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ThothError("file-failed", `The certificates in ${quote(path)} cannot be read.`, {
      hint: "Look at `PIP_CERT`, `SSL_CERT_FILE` and `REQUESTS_CA_BUNDLE`.",
      cause,
    });
  }
}
