// Bearer tokens of somebody else's issuer. https://openid.net/specs/openid-connect-discovery-1_0.html,
// https://www.rfc-editor.org/rfc/rfc9068, and what to mind of them: https://www.rfc-editor.org/rfc/rfc8725

import { SCOPES, type Scope } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";

export interface OidcSettings {
  /** As it stands in the tokens; its keys are found at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly audience: string;
  /** The claim with the name of a tenant. */
  readonly tenantClaim: string;
  /** The claim with scopes: a list, or text divided by blanks. */
  readonly scopeClaim: string;
  /** What stands before a scope of ours in that claim: others have an `admin` too that means something else. */
  readonly scopePrefix: string;
}

export interface Stranger {
  readonly subject: string;
  readonly tenantName: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** A public key alone must never be enough to make a token: none of them is symmetric. */
const ALGORITHMS = [..."RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ")];
/** Seconds by which clocks may differ. */
const TOLERANCE = 30;
/** Milliseconds. */
const KEYS_LIVE = 600_000;
const COOLDOWN = 30_000;
const PATIENCE = 5_000;
/** Characters; https://openid.net/specs/openid-connect-core-1_0.html#IDToken has 255 for the subject. */
const LONGEST_TOKEN = 8_192;
const LONGEST_SUBJECT = 255;
const LARGEST_DOCUMENT = 256 * 1024;

export class OidcIssuer {
  readonly #settings: OidcSettings;
  #keys: Promise<RemoteJWKSet> | undefined;
  #askAgainAt = 0;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
    checkUrl(settings.issuer, settings.issuer);
  }

  /** Undefined where the token proves nothing. Throws `service-unreachable` where the issuer's keys cannot be had. */
  async verify(token: string): Promise<Stranger | undefined> {
    if (token.length > LONGEST_TOKEN) return undefined;
    const { issuer, audience } = this.#settings;
    const keys = await this.#freshKeys();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE,
        requiredClaims: ["sub", "exp", "iat"],
      });
      return this.#strangerOf(payload);
    } catch (error) {
      // The latter two: a key that its own algorithm refuses, or newer keys than those at hand that cannot be had.
      const isRefused = error instanceof errors.JOSEError || error instanceof TypeError;
      if (isRefused || error instanceof DOMException) return undefined;
      throw error;
    }
  }

  #strangerOf(payload: JWTPayload): Stranger | undefined {
    const { tenantClaim, scopeClaim, scopePrefix } = this.#settings;
    const [subject, tenantName] = [payload.sub, payload[tenantClaim]];
    if (typeof subject !== "string" || subject === "" || subject.length > LONGEST_SUBJECT) return undefined;
    if (typeof tenantName !== "string") return undefined;
    const given = payload[scopeClaim];
    const words = typeof given === "string" ? given.split(" ") : Array.isArray(given) ? given : [];
    const scopes = SCOPES.filter((scope) => words.includes(scopePrefix + scope));
    return { subject, tenantName, scopes: new Set(scopes) };
  }

  async #freshKeys(): Promise<RemoteJWKSet> {
    if (performance.now() < this.#askAgainAt) throw unreachable(undefined);
    try {
      this.#keys ??= discover(this.#settings.issuer);
      const keys = await this.#keys;
      if (!keys.fresh) await keys.reload();
      return keys;
    } catch (error) {
      // Not once per request of whoever sends whatever token. What was discovered may be what is wrong.
      this.#keys = undefined;
      this.#askAgainAt = performance.now() + PATIENCE;
      throw unreachable(error);
    }
  }
}

async function discover(issuer: string): Promise<RemoteJWKSet> {
  const place = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(place, { redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok || answer.body === null)
    throw new Error(`its configuration was answered with ${answer.status}`);
  const { issuer: told, jwks_uri: keys } = JSON.parse(await textOf(answer.body)) as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  };
  if (told !== issuer) throw new Error("its configuration is of another issuer");
  if (typeof keys !== "string") throw new Error("its configuration names no keys");
  return createRemoteJWKSet(checkUrl(keys, issuer), {
    cacheMaxAge: KEYS_LIVE,
    cooldownDuration: COOLDOWN,
    timeoutDuration: PATIENCE,
  });
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LARGEST_DOCUMENT) throw new Error("its configuration is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Keys that come unprotected could be anybody's; on this machine alone there is nobody between. Throws `usage`. */
function checkUrl(text: string, issuer: string): URL {
  const url = URL.parse(text);
  const isNear = (place: URL | null) =>
    place?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(place.hostname);
  if (url?.protocol === "https:" || (url !== null && isNear(url) && isNear(URL.parse(issuer)))) return url;
  throw new ThothError("usage", "the issuer of OpenID Connect and its keys must be at an `https:` address");
}

function unreachable(cause: unknown): ThothError {
  return new ThothError("service-unreachable", "the issuer of tokens cannot be asked at the moment", {
    details: { status: 503 },
    cause,
  });
}
