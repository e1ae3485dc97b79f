// Whom to trust: a bundle that the user names, as pip, requests, curl and OpenSSL let him; otherwise what the
// system trusts, and what Node brings along.

import { readFileSync } from "node:fs";
import type { SecureContext } from "node:tls";
import { quote, ThothError } from "@thoth/pep";

export interface TrustOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A file of certificates in PEM form. */
  readonly certificate: string | undefined;
  /** `host` or `host:port` whose certificate is not checked. */
  readonly trustedHosts: readonly string[];
}

/** Options of `tls.connect`, made once for all connections. */
export interface Trust {
  readonly connect: Readonly<Record<string, unknown>>;
  /** Whether there is more to trust, which takes long to read: see `widenTrust`. */
  readonly widens: boolean;
}

/** The user's bundle, else what Node brings along. Throws `file-failed`. */
export async function basicTrust(options: TrustOptions): Promise<Trust> {
  const bundle = options.certificate ?? bundleOf(options.variables);
  if (bundle !== undefined) return await trustIn(readBundle(bundle), false);
  return await trustIn(undefined, true);
}

/** What Node brings along, and what the system trusts: reading that costs 30 ms, which few servers need. */
export async function widenTrust(): Promise<Trust> {
  const tls = await import("node:tls");
  return await trustIn([...new Set([...ownCertificates(tls), ...systemCertificates(tls)])], false);
}

async function trustIn(ca: string | string[] | undefined, widens: boolean): Promise<Trust> {
  const tls = await import("node:tls");
  return {
    connect: { secureContext: contextFor(tls, ca), timeout: 10_000, autoSelectFamily: true },
    widens,
  };
}

type Tls = typeof import("node:tls");

/** Whether the defaults of this process are no longer what Node brings along. */
let hasOtherDefaults = false;

/**
 * A context keeps the defaults of the moment in which it was made. Certificates that become the defaults are read in half the
 * time of those given to a context (144 of them: 10 instead of 25 ms), which are made ready for clients as well.
 */
function contextFor(tls: Tls, ca: string | string[] | undefined): SecureContext {
  if (ca === undefined) return tls.createSecureContext(hasOtherDefaults ? { ca: ownCertificates(tls) } : {});
  try {
    hasOtherDefaults = true;
    tls.setDefaultCACertificates(typeof ca === "string" ? [ca] : ca);
  } catch {
    // One of them is damaged: a context takes those before it.
    return tls.createSecureContext({ ca });
  }
  return tls.createSecureContext();
}

/** What Node brings along, with what the user added to it for Node's programs. */
function ownCertificates(tls: Tls): string[] {
  return [...tls.getCACertificates("bundled"), ...tls.getCACertificates("extra")];
}

function systemCertificates(tls: Tls): readonly string[] {
  try {
    return tls.getCACertificates("system");
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
